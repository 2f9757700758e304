import type { Frame } from '../stream-writer';
import type { StreamKind } from '../types';
import type { WriteObject } from './objects';
import type { StreamDialect } from './types';

const RESOURCES = { session: 'checkoutSession', transaction: 'transaction' } as const;
const MESSAGE = 'data: {"type":"connected"}\n\n';

/** What one dialect says on its streams. */
export class Frames {
	constructor(
		private readonly dialect: StreamDialect,
		private readonly write: WriteObject | undefined,
	) {}

	/** An update about a session or transaction, the `number`-th one. */
	update(
		kind: StreamKind,
		id: string,
		resource: object,
		number: number,
	): Frame & { event: string } {
		const event = this.dialect.event[kind];
		const data = this.write ? (this.write(resource, RESOURCES[kind]) as object) : resource;
		return {
			...(this.dialect.ids ? { id: number } : {}),
			event,
			data: this.payload(event, `${id}:${number}`, data),
		};
	}

	/** What a stream begins with, as it goes over the line. */
	get greeting(): string {
		const { greeting } = this.dialect;
		if (greeting === 'none') return '';
		return greeting === 'message' ? MESSAGE : 'event: connected\ndata: {}\n\n';
	}

	/** What keeps a stream alive, as it goes over the line. */
	get heartbeat(): string {
		const { heartbeat, heartbeatEvent } = this.dialect;
		const now = new Date().toISOString();
		if (heartbeat === 'none') return '';
		if (heartbeat === 'comment') return `: heartbeat ${now}\n\n`;
		const name = heartbeatEvent === '' ? '' : `event: ${heartbeatEvent}\n`;
		const data = heartbeat === 'event' ? '' : JSON.stringify({ type: 'heartbeat', timestamp: now });
		return `${name}data: ${data}\n\n`;
	}

	private payload(event: string, eventId: string, data: object): string {
		switch (this.dialect.payload) {
			case 'flat':
				return JSON.stringify(data);
			case 'hint':
				return JSON.stringify({ type: 'updated' });
			default: {
				const timestamp = new Date().toISOString();
				return JSON.stringify({ success: true, data, event, eventId, timestamp });
			}
		}
	}
}

import type { ServerResponse } from 'node:http';
import { constants, createGzip, type Gzip } from 'node:zlib';

import type { FaultRule, Strike } from './faults';
import type { Random } from './random';

/** An event to write. */
export interface Frame {
	/** None where events are not numbered. */
	id?: number;
	/** '' where they have no name. */
	event: string;
	data: string;
}

/** Enough to notice that a client has stopped reading. */
const MOST_UNREAD = 64 * 1024 * 1024;
const HUGE_LINE = 50 * 1024 * 1024;

/** Writes one stream, as well or as badly as the faults that strike it demand. */
export class StreamWriter {
	private readonly faults = new Map<string, FaultRule>();
	private readonly pieces: Buffer[] = [];
	private pump: NodeJS.Timeout | NodeJS.Immediate | undefined;
	private gzip: Gzip | undefined;
	private stopped = false;
	private cutting = false;
	/** What waits until an endless line has ended. */
	private held: string[] | undefined;

	constructor(
		private readonly response: ServerResponse,
		strikes: readonly Strike[],
		private readonly random: Random,
		/** What a flood consists of. */
		private readonly noise: () => Frame,
		/** What keeps the connection alive, as it is now. */
		private readonly beat: () => string,
	) {
		for (const { rule } of strikes) this.faults.set(rule.kind, rule);
	}

	/** Sends the head. False when there will be no stream. */
	begin(): boolean {
		const { response } = this;
		if (this.faults.has('http204')) {
			response.writeHead(204).end();
			return false;
		}
		if (this.faults.has('wrongType')) {
			response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
			response.end(JSON.stringify({ success: true, data: {} }));
			return false;
		}
		const gzip = this.faults.has('gzip');
		response.writeHead(200, {
			'content-type': 'text/event-stream; charset=utf-8',
			'cache-control': 'no-cache, no-transform',
			'x-accel-buffering': 'no',
			...(gzip ? { 'content-encoding': 'gzip' } : {}),
		});
		response.flushHeaders();
		if (gzip) {
			this.gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
			this.gzip.on('data', (chunk: Buffer) => response.write(chunk));
			this.gzip.on('end', () => response.end());
		}
		if (this.faults.has('hugeLine')) this.writeHugeLine();
		if (this.faults.has('flood')) this.flood();
		return true;
	}

	/** Writes an event. */
	event(frame: Frame): void {
		this.write(asText(frame));
	}

	/** Writes what keeps the connection alive. */
	heartbeat(): void {
		this.write(this.beat());
	}

	/** Writes text to the stream. */
	write(text: string): void {
		if (this.stopped || this.cutting || this.faults.has('silent')) return;
		if (this.held) {
			this.held.push(text);
			return;
		}
		const bytes = Buffer.from(this.faults.has('crlf') ? text.replaceAll('\n', '\r\n') : text);
		if (this.faults.has('splitFrames') || this.faults.has('trickle')) {
			this.pieces.push(bytes);
			this.pump ??= setImmediate(() => this.writePiece());
			return;
		}
		this.send(bytes);
	}

	/** Writes the first half of an event and cuts the connection there. */
	cutWithin(frame: Frame): void {
		const text = asText(frame);
		this.write(text.slice(0, Math.ceil(text.length / 2)));
		// Nothing may follow the half, or the two would read like one event.
		this.cutting = true;
		// Once the half has left: a reset throws away what has not.
		setImmediate(() => this.cut());
	}

	/** Cuts the connection. */
	cut(): void {
		this.response.socket?.resetAndDestroy();
	}

	/** Ends the stream in good order. */
	end(): void {
		if (this.pieces.length > 0 && !this.stopped) {
			setImmediate(() => this.end());
			return;
		}
		if (this.gzip) this.gzip.end();
		else this.response.end();
	}

	/** Forgets everything that was still to be written. */
	stop(): void {
		this.stopped = true;
		this.pieces.length = 0;
		clearTimeout(this.pump as NodeJS.Timeout);
		clearImmediate(this.pump as NodeJS.Immediate);
		this.gzip?.destroy();
	}

	private send(bytes: Buffer): void {
		if (this.gzip) this.gzip.write(bytes);
		else this.response.write(bytes);
		if (this.response.writableLength > MOST_UNREAD) this.cut();
	}

	private writePiece(): void {
		this.pump = undefined;
		const next = this.pieces[0];
		if (next === undefined || this.stopped) return;
		const trickle = this.faults.get('trickle');
		const longest = this.faults.get('splitFrames')?.bytes ?? 16;
		const length = trickle ? 1 : 1 + Math.floor(this.random() * longest);
		this.send(next.subarray(0, length));
		if (length >= next.length) this.pieces.shift();
		else this.pieces[0] = next.subarray(length);
		if (trickle) this.pump = setTimeout(() => this.writePiece(), trickle.ms ?? 1000);
		else this.pump = setImmediate(() => this.writePiece());
	}

	private writeHugeLine(): void {
		let left = this.faults.get('hugeLine')?.bytes ?? HUGE_LINE;
		this.held = [];
		this.send(Buffer.from('data: '));
		const chunk = Buffer.alloc(64 * 1024, 'x');
		this.writeWhileRead(() => {
			if (left <= 0) {
				const held = this.held?.join('') ?? '';
				this.held = undefined;
				this.write(`\n\n${held}`);
				return undefined;
			}
			left -= chunk.length;
			return chunk;
		});
	}

	private flood(): void {
		const text = asText(this.noise());
		const chunk = Buffer.from(text.repeat(Math.ceil((64 * 1024) / text.length)));
		this.writeWhileRead(() => chunk);
	}

	/** Writes as fast as the client reads, but lets others have their turn. */
	private writeWhileRead(next: () => Buffer | undefined): void {
		const turn = () => {
			if (this.stopped) return;
			const chunk = next();
			if (chunk === undefined) return;
			this.send(chunk);
			if (this.response.writableNeedDrain) this.response.once('drain', turn);
			else setImmediate(turn);
		};
		turn();
	}
}

function asText({ id, event, data }: Frame): string {
	const number = id === undefined ? '' : `id: ${id}\n`;
	const name = event === '' ? '' : `event: ${event}\n`;
	return `${number}${name}data: ${data}\n\n`;
}

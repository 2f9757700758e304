import type { IDataObject } from 'n8n-workflow';
import type { ApiError } from '../api/errors';
import type { Client } from '../api/request';
import type { Delivery, TriggerState } from './delivery';
import { judge, type Emission, type Seen, type Update } from './ledger';
import type { Down } from './liveStream';
import { type Source } from '../payments/sources';
import { isFinal, statusOf } from '../payments/statuses';
import { Watcher } from './watcher';

export interface MonitorOptions {
	client: Client;
	source: Source;
	authToken?: string;
	/** ms */
	idleTimeout: number;
	anyUpdate: boolean;
	/** Statuses to tell; empty for all. */
	statuses: string[];
	/** Tell also what is already so at the first sight of an object. */
	emitCurrentState: boolean;
	onRefused: (id: string, refusal: ApiError) => void;
	onBadEvent: (id: string, error: Error) => void;
}

/** Watches objects and decides what of all that is told becomes an execution. */
export class Monitor {
	readonly #watchers = new Map<string, Watcher>();
	readonly #down: Down = new Map();
	/** IDs whose stream the server refused: another try would end the same. */
	readonly #refused = new Set<string>();
	readonly #seen: Record<string, Seen>;
	#closed = false;

	constructor(
		private readonly options: MonitorOptions,
		private readonly state: TriggerState,
		private readonly delivery: Delivery,
	) {
		this.#seen = state.seen ?? {};
	}

	get streams(): number {
		return this.#watchers.size;
	}

	isWatching(id: string): boolean {
		return this.#watchers.has(id);
	}

	isRefused(id: string): boolean {
		return this.#refused.has(id);
	}

	/** Whether the object has reached a status after which nothing changes. */
	isClosed(id: string): boolean {
		return isFinal(this.#seen[id]?.status ?? '');
	}

	/** Opens the stream of an object; rejects when the server refuses it for good. */
	async watch(id: string): Promise<void> {
		if (this.#closed || this.#watchers.has(id) || this.isClosed(id)) return;
		const { client, source, authToken, idleTimeout, onRefused, onBadEvent } = this.options;
		const watcher = new Watcher({
			client,
			source,
			id,
			authToken,
			idleTimeout,
			down: this.#down,
			seen: () => this.#seen[id],
			onUpdate: (update) => this.take(id, update),
			onRefused: (refusal) => {
				this.#watchers.delete(id);
				this.#refused.add(id);
				onRefused(id, refusal);
			},
			onBadEvent: (error) => onBadEvent(id, error),
		});
		this.#watchers.set(id, watcher);
		await watcher.start();
	}

	/** Takes what a stream, REST or a list tells of an object. `isNew`: it came into being just now. */
	take(id: string, update: Update, isNew = false): void {
		if (this.#closed) return;
		const { source, anyUpdate, statuses, emitCurrentState } = this.options;
		const seen = this.#seen[id];
		const status = statusOf(update.object);
		// What was so when the watching began is no event, but what a stream tells then is one.
		const wanted = seen !== undefined || emitCurrentState || isNew || update.from === 'stream';
		const { isNews, next } = judge(seen, update, anyUpdate);
		const tells = wanted && isNews && (statuses.length === 0 || statuses.includes(status));

		// Remembered before it is told, as n8n saves the static data at the beginning of an emit.
		let moment = update.object.updatedAt as string | undefined;
		if (tells && moment === undefined) {
			next.told = (next.told ?? 0) + 1;
			moment = `${next.told} ${next.print}`;
		}
		this.#seen[id] = next;
		this.state.seen = this.#seen;

		if (tells) this.delivery.deliver(emissionOf(source, id, update, seen), moment ?? '');
		if (this.isClosed(id)) this.#close(id);
	}

	/** Forgets objects that are of no more interest. */
	forget(isKept: (id: string, seen: Seen) => boolean): void {
		for (const [id, seen] of Object.entries(this.#seen))
			if (!isKept(id, seen)) {
				this.#close(id);
				delete this.#seen[id];
			}
	}

	/** IDs of what has not come to its end yet. */
	open(): string[] {
		return Object.keys(this.#seen).filter((id) => !this.isClosed(id));
	}

	seen(id: string): Seen | undefined {
		return this.#seen[id];
	}

	/** Nothing is watched or told after it. */
	close(): void {
		this.#closed = true;
		for (const id of [...this.#watchers.keys()]) this.#close(id);
	}

	#close(id: string): void {
		this.#watchers.get(id)?.close();
		this.#watchers.delete(id);
	}
}

let latest = { ms: 0, text: '' };

/** The time, ISO 8601 in UTC. What comes in the same millisecond shares the text, which is dear. */
function isoNow(): string {
	const ms = Date.now();
	if (ms !== latest.ms) latest = { ms, text: new Date(ms).toISOString() };
	return latest.text;
}

/** The item for an update. */
export function emissionOf(
	{ resource }: Source,
	id: string,
	{ event, object }: Update,
	seen?: Seen,
): Emission {
	const status = statusOf(object);
	return {
		event,
		resource,
		id,
		status,
		previousStatus: seen?.status ?? null,
		isFinal: isFinal(status),
		receivedAt: isoNow(),
		data: object as IDataObject,
	};
}

import { targetAt, type Source } from '../payments/sources';
import { isFinal } from '../payments/statuses';
import { REFUSED_FOR, type Access } from './access';
import type { LastingClient } from './client';
import type { Down } from './liveStream';
import type { Monitor } from './monitor';
import { Watcher } from './watcher';

export interface StreamsOptions {
	client: LastingClient;
	source: Source;
	monitor: Monitor;
	access: Access;
	/** ms */
	idleTimeout: number;
	maxStreams: number;
	onBadEvent: (id: string, error: Error) => void;
	/** Neither the stream nor REST tells of the object: perhaps the list is refused too. */
	onLost: (id: string, error: Error) => void;
}

/** The streams of the newest of what is open; the others are left to the looks at the list. */
export class Streams {
	readonly #watchers = new Map<string, Watcher>();
	readonly #down: Down = new Map();
	/** By ID, until when it is not tried again, in ticks. */
	readonly #refused = new Map<string, number>();

	constructor(private readonly options: StreamsOptions) {}

	has(id: string): boolean {
		return this.#watchers.has(id);
	}

	/** Opens as many as are allowed. */
	open(): void {
		const { access, client, maxStreams, monitor } = this.options;
		if (access.isRefused) return;
		const now = client.clock.ticks();
		const waiting = [...monitor.all].filter(
			([id, { status }]) =>
				!isFinal(status) && !this.has(id) && now >= (this.#refused.get(id) ?? -Infinity),
		);
		const room = Math.max(0, maxStreams - this.#watchers.size);
		waiting.sort(([, one], [, other]) => (other.created ?? 0) - (one.created ?? 0));
		for (const [id] of waiting.slice(0, room)) this.#watch(id);
		for (const id of this.#refused.keys()) if (!monitor.seen(id)) this.#refused.delete(id);
	}

	close(): void {
		for (const id of [...this.#watchers.keys()]) this.#end(id);
	}

	#watch(id: string): void {
		const { client, source, monitor, onBadEvent, onLost } = this.options;
		const watcher = new Watcher({
			...this.options,
			id,
			isListed: true,
			target: targetAt(source, 'stream', id),
			down: this.#down,
			seen: () => monitor.seen(id),
			onUpdate: (update) => {
				const isDoubtful = monitor.take(id, update);
				if (isFinal(monitor.seen(id)?.status ?? '')) this.#end(id);
				return isDoubtful;
			},
			onBadEvent: (error) => onBadEvent(id, error),
		});
		this.#watchers.set(id, watcher);
		const noteRefusal = () => {
			if (this.#watchers.get(id) !== watcher) return;
			this.#watchers.delete(id);
			this.#refused.set(id, client.clock.ticks() + REFUSED_FOR);
		};
		watcher.run().then(noteRefusal, (error: Error) => {
			noteRefusal();
			onLost(id, error);
		});
	}

	#end(id: string): void {
		this.#watchers.get(id)?.close();
		this.#watchers.delete(id);
	}
}

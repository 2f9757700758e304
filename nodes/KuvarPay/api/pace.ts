import pLimit from 'p-limit';
import { pause } from './timers';

/**
 * How many tasks may begin in the same turn of the event loop. Connections are made between turns, so
 * a hundred requests that begin at once reach the server, and come back, at once: then either the
 * server waits for us or we for it, and the time of each round trip is lost.
 */
const BURST = 10;

/**
 * How many requests are in flight, and since when nothing may be sent. All items of a run share one.
 *
 * It adapts like TCP: a 429 stops everybody for as long as the server says and halves the number in
 * flight; success raises it again, one step for each full round. So a fast server is used fully and
 * a limited one is not flooded.
 */
export class Pace {
	readonly #limit;
	#resumeAt = 0;
	#slowedAt = -1;
	#successes = 0;
	#begun = 0;
	/** When the latest task may begin. */
	#turn = Promise.resolve();

	constructor(
		/** Most requests in flight. */
		readonly max: number,
		readonly signal?: AbortSignal,
	) {
		this.#limit = pLimit(max);
	}

	/** Starts the task when there is room. */
	async run<T>(task: () => Promise<T>): Promise<T> {
		return await this.#limit(async () => {
			this.#begun += 1;
			if (this.#begun % BURST === 0) this.#turn = this.#turn.then(async () => await pause(0));
			await this.#turn;
			return await task();
		});
	}

	/** Whether there is nothing left to slow down. */
	get slowest(): boolean {
		return this.#limit.concurrency === 1;
	}

	/** Resolves, with the time, when requests may be sent. */
	async ready(): Promise<number> {
		for (;;) {
			const now = performance.now();
			if (now >= this.#resumeAt) return now;
			await pause(this.#resumeAt - now, this.signal);
		}
	}

	/**
	 * The server asked for less.
	 * @param ms how long nobody sends
	 * @param sentAt when the refused request left: the refusals of one burst halve only once
	 */
	slowDown(ms: number, sentAt: number): void {
		const now = performance.now();
		this.#resumeAt = Math.max(this.#resumeAt, now + ms);
		if (sentAt <= this.#slowedAt) return;
		this.#slowedAt = now;
		this.#successes = 0;
		// Room that nobody used says nothing about what the server takes.
		const used = Math.min(this.#limit.concurrency, this.#limit.activeCount || Infinity);
		this.#limit.concurrency = Math.max(1, Math.floor(used / 2));
	}

	speedUp(): void {
		if (this.#limit.concurrency >= this.max) return;
		this.#successes += 1;
		if (this.#successes < this.#limit.concurrency) return;
		this.#successes = 0;
		this.#limit.concurrency += 1;
	}
}

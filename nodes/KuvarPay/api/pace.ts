import pLimit from 'p-limit';
import { onAbort } from './timers';
import { Traffic, type Flight, type Lane, type Rank } from './traffic';
import { WIDEST } from './width';

/**
 * One user's part in the traffic to a server: a run's, a trigger's, or that of a list in the editor.
 * Every request asks it for permission. How many are in flight and how fast they follow is found out
 * by all together ({@link Traffic}).
 */
export class Pace {
	#begin?: ReturnType<typeof pLimit>;
	/** Ends the beginning of items. */
	#over?: AbortController;
	/** A permission that an item was begun with, for its first request. */
	#first?: Flight;
	readonly #lane: Lane;

	constructor(
		/** Most items and most requests at once. */
		readonly max = WIDEST,
		readonly signal?: AbortSignal,
		private readonly traffic = new Traffic(),
		private readonly rank: Rank = 'action',
		lane?: Lane,
	) {
		this.#lane = lane ?? {
			rank,
			max,
			inFlight: 0,
			refused: 0,
			waiting: { begun: new Set(), fresh: new Set() },
		};
	}

	/** The same traffic for something else, with an end of its own. */
	until(signal: AbortSignal, max: number): Pace {
		this.#release();
		return new Pace(max, signal, this.traffic, this.rank);
	}

	/** Resolves when a request may leave. Rejects when the signal aborts. */
	async enter(): Promise<Flight> {
		const first = this.#first;
		this.#first = undefined;
		return first ?? (await this.traffic.enter(this.#lane, false, this.signal));
	}

	/**
	 * Begins an item when there is room for its first request.
	 * @param task with the pace for its requests
	 * @returns undefined when it was not begun, as no more are to begin
	 */
	async run<T>(task: (pace: Pace) => Promise<T>): Promise<T | undefined> {
		this.#begin ??= pLimit(this.max);
		return await this.#begin(async () => {
			const over = this.#ending();
			const pace = new Pace(this.max, this.signal, this.traffic, this.rank, this.#lane);
			try {
				pace.#first = await this.traffic.enter(this.#lane, true, over);
			} catch {
				return undefined;
			}
			try {
				return await task(pace);
			} finally {
				pace.#release();
			}
		});
	}

	/** No item is begun any more; those that have been go on. */
	beginNoMore(): void {
		this.#ending();
		this.#over!.abort();
	}

	/** How many of this user's requests a limit has refused. */
	get refused(): number {
		return this.#lane.refused;
	}

	/** Whether there is any use in sending again what was refused by a limit. */
	get hopeful(): boolean {
		return !this.traffic.hopeless;
	}

	/** Whether a refusal by a limit is waited out, however often it comes. */
	get patient(): boolean {
		return this.rank === 'action';
	}

	#ending(): AbortSignal {
		if (!this.#over) {
			const over = (this.#over = new AbortController());
			if (this.signal?.aborted) over.abort();
			else if (this.signal) onAbort(this.signal, () => over.abort());
		}
		return this.#over.signal;
	}

	#release(): void {
		this.#first?.unused();
		this.#first = undefined;
	}
}

import type { Clock } from './clock';

/** How long the other end has said nothing. */
export class Silence {
	#heardAt: number;

	constructor(private readonly clock: Pick<Clock, 'ticks'>) {
		this.#heardAt = clock.ticks();
	}

	/** In ms. */
	get length(): number {
		return this.clock.ticks() - this.#heardAt;
	}

	/** The other end was heard. */
	end(): void {
		this.#heardAt = this.clock.ticks();
	}
}

/** Shortest pause between two looks, as a share of the longest silence: there may be thousands. */
const PAUSE = 1 / 1000;

interface Watched {
	/** ms */
	longest: number;
	tooLong: () => void;
}

/** Watches over many silences with one timer: one for each would take a tenth of a stream's heap. */
export class Silences {
	readonly #watched = new Map<Silence, Watched>();
	/** Ends the pause before the next look. */
	#resting = new AbortController();
	/** When that is, in ticks. */
	#next = Infinity;
	#isLooking = false;

	constructor(private readonly clock: Pick<Clock, 'pause' | 'ticks'>) {}

	/**
	 * The silence begins now.
	 * @param longest ms
	 * @param tooLong called once, when it has lasted so long
	 * @returns to be called when it does not matter any more
	 */
	watch(silence: Silence, longest: number, tooLong: () => void): () => void {
		silence.end();
		const watched = { longest, tooLong };
		this.#watched.set(silence, watched);
		if (!this.#isLooking) void this.#look();
		else if (this.clock.ticks() + longest < this.#next) this.#resting.abort();
		return () => {
			// A connection may be known to have ended only when the next one is watched.
			if (this.#watched.get(silence) !== watched) return;
			this.#watched.delete(silence);
			if (this.#watched.size === 0) this.#resting.abort();
		};
	}

	async #look(): Promise<void> {
		this.#isLooking = true;
		while (this.#watched.size > 0) {
			const { signal } = (this.#resting = new AbortController());
			let wait = Infinity;
			for (const [{ length }, { longest }] of this.#watched)
				wait = Math.min(wait, Math.max(longest - length, longest * PAUSE));
			this.#next = this.clock.ticks() + wait;
			try {
				await this.clock.pause(wait, signal);
				// Of timers that are due Node runs one after the other: what came while this process was
				// busy is heard only when they have run.
				await this.clock.pause(0, signal);
			} catch {
				continue;
			}
			for (const [silence, { longest, tooLong }] of this.#watched)
				if (silence.length >= longest) {
					this.#watched.delete(silence);
					tooLong();
				}
		}
		this.#isLooking = false;
	}
}

import type { Size } from './bucket';

/** What a server lets through: at most so many requests in any time as long as the window. */
export interface Known extends Size {
	/** It is a bucket that fills again, so that the window is no more than a measure of its rate. */
	fills?: boolean;
}

/**
 * After so many full windows without a refusal more is tried; each failure doubles it. Where the
 * server says how long to wait a failure costs that wait, so it is tried less often.
 */
const CALM = { least: 2, dear: 8, most: 1280 };

/** Windows that are shorter count as one, in ms: a bucket's has no least length. */
const SHORTEST = 100;

/** What part more is tried at first, and the least after failures. */
const PART = 0.02;
const LEAST_STEP = 1 / 8;

/** A bucket that fills so fast is none, in requests each ms. */
const FASTEST = 100;

/**
 * What part less is kept where what is known proves too much: at first, and at most. Refused again
 * before so many got through it was far too much, and twice that part is taken away.
 */
const LESS = { first: 0.01, most: 0.64, soon: 16 };

/** So many times what was known at the latest refusal shows that the server takes more than it did. */
const MORE = 1.05;

/** In requests each ms. */
const rateOf = ({ count, window }: Known) => count / window;

/** Finds out whether a server takes more than what is known, once that has held for long, or less. */
export class Raise {
	/** Windows that were used to the full without a refusal, and after how many more is tried. */
	#full = 0;
	#fullAt = 0;
	#windows = CALM.least;
	/** How many times the first part is tried: twice as many each time that it holds, half where not. */
	#step = 1;
	/** What held, while more than that is tried. */
	#held?: Known;
	#less = LESS.first;
	/** What held at the latest refusal, in requests each ms. */
	#rate = Infinity;
	/** How many got through since the last refusal. */
	#passed = 0;

	/** All that is let through is used. */
	noteFull(now: number, window: number): void {
		if (now - this.#fullAt < Math.max(window, SHORTEST)) return;
		this.#fullAt = now;
		this.#full += 1;
	}

	/** @returns what to keep from now on: more, if all has gone well for long */
	more(known: Known): Known {
		this.#passed += 1;
		if (this.#full <= this.#windows) return known;
		this.#full = 0;
		if (this.#held) {
			this.#step *= 2;
			if (rateOf(known) > MORE * this.#rate) this.#windows = CALM.least;
		}
		this.#held = known;
		const step = this.#step;
		const factor = Math.min(1 + PART * step, 2);
		return known.fills
			? { ...known, window: Math.max(known.window / factor, known.count / FASTEST) }
			: {
					...known,
					count: Math.max(known.count + Math.ceil(step), Math.floor(known.count * factor)),
				};
	}

	/**
	 * What is known, if anything is, was kept, and refused all the same.
	 * @param isDear the server says how long to wait
	 * @returns what held before more was tried
	 */
	refused(known: Known | undefined, isDear: boolean): Known | undefined {
		if (this.#passed >= LESS.soon) this.#less = LESS.first;
		this.#passed = 0;
		this.#full = 0;
		if (isDear) this.#windows = Math.max(this.#windows, CALM.dear);
		const held = this.#held;
		this.#held = undefined;
		this.#rate = known ? rateOf(held ?? known) : Infinity;
		if (!held) return undefined;
		this.#windows = Math.min(this.#windows * 4, CALM.most);
		this.#step = this.#step > 1 ? 1 : Math.max(this.#step / 2, LEAST_STEP);
		return held;
	}

	/** Somebody else has used it up, or it is learned anew: failures of before tell nothing of now. */
	again(): void {
		this.#windows = CALM.least;
		this.#step = 1;
	}

	/** @returns what to keep from now on where what is known has proved too much */
	less({ count, window, fills }: Known): Known {
		const factor = 1 + this.#less;
		this.#less = Math.min(this.#less * 2, LESS.most);
		return fills
			? { count, window: window * factor, fills }
			: { count: Math.max(1, Math.floor(count / factor)), window };
	}
}

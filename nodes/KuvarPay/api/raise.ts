import type { Size } from './bucket';

/** What a server lets through: at most so many requests in any time as long as the window. */
export interface Known extends Size {
	/** It is a bucket that fills again, so that the window is no more than a measure of its rate. */
	fills?: boolean;
}

/** After so many full windows without a refusal more is tried; each failure doubles it. */
const CALM = 2;
const LONGEST_CALM = 1280;

/** What part more is tried at first. */
const PART = 0.02;

/** Finds out whether a server takes more than what is known, once that has held for long. */
export class Raise {
	/** Windows that were used to the full without a refusal, and after how many more is tried. */
	#full = 0;
	#fullAt = 0;
	#windows = CALM;
	/** How many times the first part is tried: each time that it holds it is twice as many. */
	#step = 1;
	/** What held, while more than that is tried. */
	#held?: Known;

	/** All that is let through is used. */
	noteFull(now: number, window: number): void {
		if (now - this.#fullAt < window) return;
		this.#fullAt = now;
		this.#full += 1;
	}

	/** @returns what to keep from now on: more, if all has gone well for long */
	more(known: Known): Known {
		if (this.#full <= this.#windows) return known;
		this.#full = 0;
		if (this.#held) this.#step *= 2;
		this.#held = known;
		const step = this.#step;
		const factor = Math.min(1 + PART * step, 2);
		return known.fills
			? { ...known, window: known.window / factor }
			: { ...known, count: Math.max(known.count + step, Math.floor(known.count * factor)) };
	}

	/** What is known was kept, and refused all the same. @returns what held before more was tried */
	refused(): Known | undefined {
		this.#full = 0;
		const held = this.#held;
		this.#held = undefined;
		if (!held) return undefined;
		this.#windows = Math.min(this.#windows * 2, LONGEST_CALM);
		this.#step = 1;
		return held;
	}
}

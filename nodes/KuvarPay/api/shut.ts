/** Windows that servers use, in ms. */
export const WINDOWS = [
	100, 250, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 300_000, 3_600_000,
];

/**
 * When to look again where a server does not say when, in ms from the first refusal. Most windows are
 * a second, of which the half from 500 on would be a long time to wait.
 */
const LOOKS = [...WINDOWS, 750].sort((one, other) => one - other);

/** Longest time that nothing is sent, in ms. */
export const LONGEST = 60_000;

/** What is added to a wait that the server asks for, in ms: clocks are that far apart. */
export const SLACK = 5;

/** A time in which the server refuses: when to ask again, and what it shows of the limit. Times in ms. */
export class Shut {
	/** When the next may ask. */
	until: number;
	/** Whether one is on its way to ask. */
	asking = false;
	/** One was let through between others that were refused: what fills again, and no window. */
	fills = false;
	/** When the first and the latest that were refused had left. */
	readonly #firstAt: number;
	#refusedAt: number;
	/** When the first of those let through had left that left after one that was refused. */
	#letAt = Infinity;
	/** How many that asked were refused. */
	#step = 0;

	/**
	 * @param at when the first refusal came
	 * @param told what the server said at first, in ms; 0 is no word
	 */
	constructor(
		readonly at: number,
		sentAt: number,
		private readonly told: number,
	) {
		this.until = at;
		this.#firstAt = this.#refusedAt = sentAt;
	}

	/** When the latest that was refused had left. */
	get refusedAt(): number {
		return this.#refusedAt;
	}

	/** How long the server said, unless that has proved wrong. */
	get believed(): number {
		return this.#step === 0 ? this.told : 0;
	}

	/** Whether one that asked was refused. */
	get isAsked(): boolean {
		return this.#step > 0;
	}

	/** Whether a request that left at a time asks. */
	asks(sentAt: number): boolean {
		return sentAt >= this.at;
	}

	/**
	 * One that does not ask was let through.
	 * @param apart how much later one must have left that surely reached the server later
	 */
	passed(sentAt: number, apart: number): void {
		if (sentAt > this.#firstAt + apart) this.#letAt = Math.min(this.#letAt, sentAt);
	}

	/** The one that asked was refused: where the server was wrong, the next wait is longer in any case. */
	inVain(now: number): void {
		this.asking = false;
		this.#step += 1;
		while (LOOKS[this.#step] <= now - this.at) this.#step += 1;
	}

	/** One was refused. @param wait what the server said with it; 0 is no word */
	refused(now: number, sentAt: number, wait: number): void {
		this.fills ||= sentAt > this.#letAt;
		this.#refusedAt = Math.max(this.#refusedAt, sentAt);
		const stepEnds = this.at + LOOKS[Math.min(this.#step, LOOKS.length - 1)];
		// Told nothing, we look again soon; told something, only when that has proved wrong.
		const asked = wait ? Math.max(now + wait, this.isAsked ? stepEnds : 0) : stepEnds;
		this.until = Math.max(this.until, Math.min(Math.max(asked, now), now + LONGEST) + SLACK);
	}
}

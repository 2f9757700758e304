import type { Known } from './raise';

/**
 * Where an answer takes no longer than so many ms, few in flight are as fast as many: at least so many,
 * and so many times what is let through in the time of an answer. Where it has refused once, and it
 * takes but one more to show that it lets more through, fewer ask.
 */
const CAREFUL = { within: 5, least: 5, asking: 2, times: 2 };

/** What is used of a limit. */
export interface Use {
	/** How many got through in the window that is looked at. */
	used: number;
	/** How many are on their way. */
	pending: number;
	/** Shortest time that an answer took, in ms. */
	fastest: number;
}

/** Where one more may be refused, and answers are quick, lets few find out. */
export class Care {
	#sure = 0;
	#suspected?: Known;

	/** So many are surely taken in a window that is known. */
	trust(count: number): void {
		this.#sure = count;
	}

	/** It may have been this window that refused, though it is taken for a bucket. */
	suspect(window: Known): void {
		this.#suspected = window;
	}

	/** Whether only an answer can tell if the window that is known takes one more. */
	isRisky(known: Known, use: Use): boolean {
		return mayFail(known, this.#sure, CAREFUL.least, use);
	}

	/**
	 * Where no limit is known: what was thought to be a bucket is none, and may refuse where it refused before.
	 * @param useIn of the latest so many ms
	 */
	isSuspect(useIn: (window: number) => Use): boolean {
		const suspected = this.#suspected;
		if (!suspected) return false;
		const use = useIn(suspected.window);
		if (use.used > suspected.count) this.#suspected = undefined;
		return mayFail(suspected, suspected.count, CAREFUL.asking, use);
	}
}

/**
 * @param sure so many are taken for sure
 * @param least of what goes beyond, so many may be on their way
 */
function mayFail(
	{ count, window }: Known,
	sure: number,
	least: number,
	{ used, pending, fastest }: Use,
): boolean {
	if (fastest > CAREFUL.within || used + pending < sure) return false;
	const needed = (CAREFUL.times * fastest * count) / window;
	return pending >= least + Math.ceil(needed);
}

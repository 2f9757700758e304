/** How much a bucket holds, and in which time that flows in; in ms. */
export interface Size {
	count: number;
	window: number;
}

/**
 * What a server lets through that takes so many at once, and more as time goes on. No clock of its
 * own: every call says when it is made, in ms.
 */
export class Bucket {
	#level = 0;

	/** It is empty at that time. */
	constructor(private at: number) {}

	/** How many it holds. */
	level(now: number, { count, window }: Size): number {
		return Math.min(count, this.#level + (Math.max(0, now - this.at) * count) / window);
	}

	/** One was taken. */
	take(now: number, size: Size): void {
		this.#level = this.level(now, size) - 1;
		this.at = Math.max(this.at, now);
	}

	/** When it holds so many: Infinity where it never does. */
	holds(wanted: number, now: number, size: Size): number {
		if (wanted > size.count) return Infinity;
		const missing = wanted - this.level(now, size);
		return missing <= 0 ? now : now + (missing * size.window) / size.count;
	}
}

/** After so many refusals that came as often as ever, slowing down is in vain. */
const ENOUGH = 12;

/** A refusal that is so many times later than usual shows that slowing down has helped. */
const HELPED = 3;

/** So many refusals in a row, with nothing let through between them, are a limit after all. */
const WALL = 5;

/**
 * Whether refusals have anything to do with the pace. A limit that is kept refuses ever more seldom.
 * A server that refuses one in twenty, however slowly they come, would slow us down without end.
 */
export class Strays {
	/** How many got through before each refusal, as long as that was about the same. */
	#gaps: number[] = [];
	#passed = 0;
	#inRow = 0;
	#inVain = false;

	/** Whether slowing down does not help. */
	get inVain(): boolean {
		return this.#inVain;
	}

	passed(): void {
		this.#passed += 1;
		this.#inRow = 0;
	}

	/** @param isFirst whether it came after a time in which all went well */
	refused(isFirst: boolean): void {
		this.#inRow += 1;
		if (this.#inRow >= WALL) this.#begin();
		if (!isFirst) return;
		const usual = this.#gaps.reduce((sum, gap) => sum + gap, 0) / this.#gaps.length;
		if (this.#passed > usual * HELPED) this.#begin();
		this.#gaps.push(this.#passed);
		this.#passed = 0;
		if (this.#gaps.length < ENOUGH) return;
		this.#inVain = true;
		this.#gaps.shift();
	}

	#begin(): void {
		this.#gaps = [];
		this.#inVain = false;
	}
}

/** After so many refusals that came as often as ever, slowing down is in vain. */
const ENOUGH = 12;

/** A refusal that is so many times later than usual shows that slowing down has helped. */
const HELPED = 3;

/** Where more than one in so many is refused there is a limit, and it is asked too often. */
const RARE = 8;

/** So many refusals in a row, with nothing let through between them, are a limit after all. */
const WALL = 5;

/** What got through, and the refusals after that. */
interface Gap {
	passed: number;
	refused: number;
}

const sum = (gaps: Gap[], of: keyof Gap) => gaps.reduce((all, gap) => all + gap[of], 0);

/**
 * Whether refusals have anything to do with the pace. A limit that is kept refuses ever more seldom.
 * A server that refuses one in twenty, however slowly they come, would slow us down without end.
 */
export class Strays {
	/** What got through before refusals, as long as that was about the same. */
	#gaps: Gap[] = [];
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
		if (!isFirst) {
			const latest = this.#gaps.at(-1);
			if (latest) latest.refused += 1;
			return;
		}
		if (this.#passed > (sum(this.#gaps, 'passed') / this.#gaps.length) * HELPED) this.#begin();
		this.#gaps.push({ passed: this.#passed, refused: 1 });
		this.#passed = 0;
		if (this.#gaps.length < ENOUGH) return;
		this.#inVain = sum(this.#gaps, 'passed') >= RARE * sum(this.#gaps, 'refused');
		this.#gaps.shift();
	}

	#begin(): void {
		this.#gaps = [];
		this.#inVain = false;
	}
}

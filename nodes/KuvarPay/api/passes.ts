/** Most times that are remembered. */
const MOST = 20_000;

/** When requests got through: rising times in ms, of which the oldest are forgotten. */
export class Passes {
	#times: number[] = [];
	#first = 0;

	get count(): number {
		return this.#times.length - this.#first;
	}

	get latest(): number | undefined {
		return this.#times.at(-1);
	}

	add(at: number): void {
		this.#times.push(at);
		if (this.count > MOST) this.#first += 1;
	}

	/** How many got through since a moment. */
	since(from: number): number {
		let [low, high] = [this.#first, this.#times.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#times[middle] > from) high = middle;
			else low = middle + 1;
		}
		return this.#times.length - low;
	}

	/** When the first of the latest so many got through. */
	firstOf(count: number): number | undefined {
		return this.#times[this.#times.length - count];
	}

	forget(before: number): void {
		while (this.#first < this.#times.length && this.#times[this.#first] <= before) this.#first += 1;
		if (this.#first > 1000 && this.#first * 2 > this.#times.length) {
			this.#times = this.#times.slice(this.#first);
			this.#first = 0;
		}
	}
}

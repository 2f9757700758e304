import { pause } from '../api/timers';

/** How long the other end has said nothing. */
export class Silence {
	#heardAt = performance.now();

	/** In ms. */
	get length(): number {
		return performance.now() - this.#heardAt;
	}

	/** The other end was heard. */
	end(): void {
		this.#heardAt = performance.now();
	}

	/**
	 * Resolves when the silence has lasted so long.
	 * @param longest ms
	 * @throws the signal's reason
	 */
	async lasts(longest: number, signal: AbortSignal): Promise<void> {
		for (let left = longest; left > 0; left = longest - this.length) await pause(left, signal);
	}
}

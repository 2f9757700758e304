import type { Clock } from './clock';

/** How long the other end has said nothing. */
export class Silence {
	#heardAt: number;

	constructor(private readonly clock: Pick<Clock, 'pause' | 'ticks'>) {
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

	/**
	 * Resolves when the silence has lasted so long.
	 * @param longest ms
	 * @throws the signal's reason
	 */
	async lasts(longest: number, signal: AbortSignal): Promise<void> {
		for (let left = longest; left > 0; left = longest - this.length)
			await this.clock.pause(left, signal);
	}
}

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
	 * Resolves when the silence has lasted so long. Of timers that are due Node runs one after the
	 * other: what came while this process was busy is heard only when they have run.
	 * @param longest ms
	 * @throws the signal's reason
	 */
	async lasts(longest: number, signal: AbortSignal): Promise<void> {
		while (this.length < longest) {
			await this.clock.pause(longest - this.length, signal);
			await this.clock.pause(0, signal);
		}
	}
}

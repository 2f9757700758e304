import type { Clock } from './clock';
import type { Silence } from './silence';

/**
 * How long a resumed stream gets to repeat what was missed, in ms. Then the state by REST is told
 * instead, and the states in between stay untold.
 */
const PATIENCE = {
	/** With a stream that says nothing. */
	silence: 2_000,
	/** With one connection that sends, but not what was missed. */
	connection: 20_000,
	/** With a stream that is cut again and again before it has repeated all. */
	inAll: 60_000,
};

/** A server that was told where the last stream stopped may repeat what was missed: waits for that. */
export class Replay {
	/** When REST was found to be ahead of what the stream has told. */
	#behindSince?: number;

	constructor(private readonly clock: Pick<Clock, 'pause' | 'ticks'>) {}

	/** The stream has told all that REST knows. */
	caughtUp(): void {
		this.#behindSince = undefined;
	}

	/**
	 * Resolves when nothing is missing any more, or patience with this connection has an end.
	 * @throws the signal's reason
	 */
	async wait(missing: () => boolean, silence: Silence, signal: AbortSignal): Promise<void> {
		if (!missing()) return;
		this.#behindSince ??= this.clock.ticks();
		if (!this.#hasPatience) return;
		const end = this.clock.ticks() + PATIENCE.connection;
		let quiet = 0;
		do {
			await this.clock.pause(PATIENCE.silence - quiet, signal);
			quiet = silence.length;
		} while (quiet < PATIENCE.silence && this.clock.ticks() < end && missing());
	}

	/** Whether the stream was cut before it could repeat anything: its next connection may. */
	mayStillCome(isOpen: boolean): boolean {
		return !isOpen && this.#hasPatience;
	}

	get #hasPatience(): boolean {
		return this.clock.ticks() - (this.#behindSince ?? this.clock.ticks()) < PATIENCE.inAll;
	}
}

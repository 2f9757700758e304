import type { Memory } from '../api/learned';
import type { Clock } from './clock';
import type { Silence } from './silence';

/**
 * How long a resumed stream gets to repeat what was missed, in ms. Then the state by REST is told
 * instead, and the states in between stay untold.
 */
const PATIENCE = {
	/** With a stream that says nothing. */
	silence: 2_000,
	/** The same where the server is known to repeat what was missed: it may be busy. */
	silenceOfKnown: 10_000,
	/** With one connection that sends, but nothing of what was missed. */
	connection: 20_000,
	/** With a stream that is cut again and again before it has repeated all. */
	inAll: 60_000,
};

/** A server that was told where the last stream stopped may repeat what was missed: waits for that. */
export class Replay {
	/** When REST was found to be ahead of what the stream has told. */
	#behindSince?: number;

	/**
	 * @param repeats what is known of servers that repeat
	 * @param name what is watched
	 */
	constructor(
		private readonly clock: Pick<Clock, 'pause' | 'ticks'>,
		private readonly repeats: Memory<true>,
		private readonly name: string,
	) {}

	/** The stream has told all that REST knows. */
	caughtUp(): void {
		this.#behindSince = undefined;
	}

	/**
	 * Resolves when nothing is missing any more, or patience with this connection has an end.
	 * @param told what the stream has told so far: another value whenever it has told more
	 * @throws the signal's reason
	 */
	async wait(
		missing: () => boolean,
		told: () => unknown,
		silence: Silence,
		signal: AbortSignal,
	): Promise<void> {
		if (!missing()) return;
		this.#behindSince ??= this.clock.ticks();
		if (!this.#hasPatience) return;
		const { clock, name, repeats } = this;
		const longest = repeats.recall(name) ? PATIENCE.silenceOfKnown : PATIENCE.silence;
		let end = clock.ticks() + PATIENCE.connection;
		let last = told();
		let quiet = 0;
		do {
			await clock.pause(Math.min(PATIENCE.silence, longest - quiet), signal);
			// What came while this process was busy is heard first (see Silence).
			await clock.pause(0, signal);
			quiet = silence.length;
			if (told() !== last) end = clock.ticks() + PATIENCE.connection;
			last = told();
		} while (quiet < longest && clock.ticks() < end && this.#hasPatience && missing());
		if (!missing()) repeats.note(name, true);
	}

	/** Whether the stream was cut before it could repeat anything: its next connection may. */
	mayStillCome(isOpen: boolean): boolean {
		return !isOpen && this.#hasPatience;
	}

	get #hasPatience(): boolean {
		return this.clock.ticks() - (this.#behindSince ?? this.clock.ticks()) < PATIENCE.inAll;
	}
}

import type { ITriggerFunctions } from 'n8n-workflow';

/** What n8n settles when an execution has ended. */
export type Done = NonNullable<Parameters<ITriggerFunctions['emit']>[2]>;

/**
 * For how long an execution matters, in ms. A crash is followed by a start within minutes; later n8n
 * may have deleted the execution, and its key with it, so that a repeat would run the workflow twice.
 */
export const REMEMBERED = 5 * 60_000;

/** So many of the latest that have ended are remembered, and never more than twice as many. */
const LATEST = 50_000;

/**
 * Executions that have ended lately in this process: for as long as they matter, at least. n8n may
 * keep no row of them, and the static data may still hold them as pending, as it is saved only with an
 * emit: they must not start again when the trigger does.
 *
 * The older half is forgotten as a whole: to forget the oldest each time is slow, as a Set walks over
 * all that were deleted before.
 */
class Ended {
	#older = new Set<string>();
	#newer = new Set<string>();
	/** When the newer ones began. */
	#since = 0;

	has(key: string): boolean {
		return this.#newer.has(key) || this.#older.has(key);
	}

	/** @param now ms since 1970 */
	note(key: string, now: number): void {
		if (now - this.#since >= REMEMBERED || this.#newer.size >= LATEST) {
			this.#older = this.#newer;
			this.#newer = new Set();
			this.#since = now;
		}
		this.#newer.add(key);
	}

	get size(): number {
		return this.#older.size + this.#newer.size;
	}
}

export const ended = new Ended();

/**
 * An execution, from its emit until it has ended or could not start. No promise, since a busy trigger
 * has thousands of them in a second.
 */
export class Execution {
	#outcome?: { error?: Error };
	#listeners: Array<(error?: Error) => void> = [];

	get isOver(): boolean {
		return this.#outcome !== undefined;
	}

	/** Calls back when it has ended, or with what kept it from starting; at once where that is known. */
	whenOver(listener: (error?: Error) => void): void {
		if (this.#outcome) listener(this.#outcome.error);
		else this.#listeners.push(listener);
	}

	/** Told once. */
	settle(error?: Error): void {
		this.#outcome = { error };
		for (const listener of this.#listeners.splice(0)) listener(error);
	}
}

/**
 * Executions that have not ended, by key, of all triggers of this process. A trigger that is
 * activated again must not repeat these: n8n replaces an execution that still waits for its turn.
 */
class UnderWay {
	readonly #executions = new Map<string, Execution>();

	get(key: string): Execution | undefined {
		return this.#executions.get(key);
	}

	/** One that was stopped has ended: it had started. @param now ms since 1970 */
	run(key: string, now: number, emit: (done: Done) => void): Execution {
		const execution = new Execution();
		const over = (error?: Error) => {
			if (execution.isOver) return;
			this.#executions.delete(key);
			if (!error) ended.note(key, now);
			execution.settle(error);
		};
		const done = {
			promise: undefined as never,
			resolve: () => over(),
			reject: (error: Error) => over(isStopped(error) ? undefined : error),
		} as Done;
		try {
			emit(done);
		} catch (error) {
			over(error as Error);
		}
		// n8n may tell the end before it returns.
		if (!execution.isOver) this.#executions.set(key, execution);
		return execution;
	}
}

export const underWay = new UnderWay();

/** Stopped by a user, or because its time was over: so it had started, and nobody wants it again. */
const isStopped = (error: Error): boolean => /execution was cancell?ed/i.test(error.message);

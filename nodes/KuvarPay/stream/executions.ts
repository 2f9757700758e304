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
 * Executions that have ended lately in this process. n8n may keep no row of them, and the static data
 * may still hold them as pending, as it is saved only with an emit: they must not start again when
 * the trigger does.
 *
 * The older half is forgotten as a whole: to forget the oldest each time is slow, as a Map walks over
 * all that were deleted before.
 */
class Ended {
	#older = new Map<string, number>();
	#newer = new Map<string, number>();
	/** When the newer ones began. */
	#since = 0;

	/** @param now ms since 1970 */
	has(key: string, now: number): boolean {
		const at = this.#newer.get(key) ?? this.#older.get(key) ?? -Infinity;
		return at > now - REMEMBERED;
	}

	note(key: string, now: number): void {
		if (now - this.#since >= REMEMBERED || this.#newer.size >= LATEST) {
			this.#older = this.#newer;
			this.#newer = new Map();
			this.#since = now;
		}
		this.#newer.set(key, now);
	}

	get size(): number {
		return this.#older.size + this.#newer.size;
	}
}

export const ended = new Ended();

/**
 * Executions that have not ended, by key, of all triggers of this process. A trigger that is
 * activated again must not repeat these: n8n replaces an execution that still waits for its turn.
 */
class UnderWay {
	readonly #emissions = new Map<string, Promise<unknown>>();

	get(key: string): Promise<unknown> | undefined {
		return this.#emissions.get(key);
	}

	/** Rejects when n8n could not start it; one that was stopped has ended. */
	run(key: string, now: number, emit: (done: Done) => void): Promise<unknown> {
		let isOver = false;
		const emission = new Promise<void>((resolve, reject) => {
			const over = () => {
				isOver = true;
				this.#emissions.delete(key);
			};
			const end = () => {
				over();
				ended.note(key, now);
				resolve();
			};
			const fail = (error: Error) => {
				over();
				reject(error);
			};
			const done = {
				promise: undefined as never,
				resolve: end,
				reject: (error: Error) => (isStopped(error) ? end() : fail(error)),
			} as Done;
			try {
				emit(done);
			} catch (error) {
				fail(error as Error);
			}
		});
		// n8n may tell the end before it returns.
		if (!isOver) this.#emissions.set(key, emission);
		return emission;
	}
}

export const underWay = new UnderWay();

/** Stopped by a user, or because its time was over: so it had started, and nobody wants it again. */
const isStopped = (error: Error): boolean => /execution was cancell?ed/i.test(error.message);

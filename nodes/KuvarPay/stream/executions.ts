import type { ITriggerFunctions } from 'n8n-workflow';

/** What n8n settles when an execution has ended. */
export type Done = NonNullable<Parameters<ITriggerFunctions['emit']>[2]>;

/**
 * For how long an execution matters, in ms. A crash is followed by a start within minutes; later n8n
 * may have deleted the execution, and its key with it, so that a repeat would run the workflow twice.
 */
export const REMEMBERED = 5 * 60_000;

/** Keys of the executions that have ended in this process, and when; oldest first. */
const ended = new Map<string, number>();

/**
 * Those that have ended lately. n8n may keep no row of them, and the static data may still hold them
 * as pending, as it is saved only with an emit: they must not start again when the trigger does.
 * @param now ms since 1970
 */
export function endedOf(now: number): ReadonlyMap<string, number> {
	for (const [key, at] of ended) {
		if (at > now - REMEMBERED) break;
		ended.delete(key);
	}
	return ended;
}

/** How many ended executions are remembered at most. */
const MOST = 100_000;

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
	async run(key: string, now: number, emit: (done: Done) => void): Promise<unknown> {
		const emission = new Promise<unknown>((resolve, reject) => {
			emit({
				promise: undefined as never,
				resolve,
				reject: (error: Error) => (isStopped(error) ? resolve(undefined) : reject(error)),
			} as Done);
		});
		this.#emissions.set(key, emission);
		try {
			await emission;
			ended.delete(key);
			endedOf(now);
			ended.set(key, now);
			if (ended.size > MOST) ended.delete(ended.keys().next().value!);
		} finally {
			this.#emissions.delete(key);
		}
		return undefined;
	}
}

export const underWay = new UnderWay();

/** Stopped by a user, or because its time was over: so it had started, and nobody wants it again. */
const isStopped = (error: Error): boolean => /execution was cancell?ed/i.test(error.message);

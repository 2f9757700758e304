/** What became of something that may fail, where a failure is only a reason to try something else. */
export type Outcome<T> = { result: T } | { error: unknown };

export const outcomeOf = async <T>(promise: Promise<T>): Promise<Outcome<T>> =>
	await promise.then(
		(result) => ({ result }),
		(error: unknown) => ({ error }),
	);

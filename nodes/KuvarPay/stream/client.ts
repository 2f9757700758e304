import { Pace } from '../api/pace';
import type { Client } from '../api/request';

/** How many REST calls are in flight at most. */
const CONCURRENCY = 20;

/**
 * The client of something that runs until a signal aborts: then its requests, waits and retries end.
 * Its pace is its own, as that of an execution is held by the items that wait.
 */
export function clientUntil(signal: AbortSignal, client: Client): Client & { signal: AbortSignal } {
	return {
		...client,
		signal,
		pace: new Pace(CONCURRENCY, signal),
		http: async (type, options) => await client.http(type, { abortSignal: signal, ...options }),
	};
}

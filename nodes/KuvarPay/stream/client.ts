import type { Client } from '../api/request';
import { onAbort } from '../api/timers';

/** How many REST calls are in flight at most. */
const CONCURRENCY = 20;

/** The same client for calls that end with a signal of their own. */
export const withSignal = (signal: AbortSignal, client: Client): Client => ({
	...client,
	signal,
	http: async (type, options) => await client.http(type, { ...options, abortSignal: signal }),
});

/**
 * The client of something that runs until a signal aborts: then its requests, waits and retries end.
 * It shares the traffic to the server with all others, but not the place of the item that waits.
 */
export function clientUntil(signal: AbortSignal, client: Client): Client & { signal: AbortSignal } {
	return {
		...client,
		signal,
		pace: client.pace.until(signal, CONCURRENCY),
		http: async (type, options) => {
			// A stream has a signal of its own.
			if (options.abortSignal) return await client.http(type, options);
			const ending = new AbortController();
			const forget = onAbort(signal, () => ending.abort());
			try {
				return await client.http(type, { ...options, abortSignal: ending.signal });
			} finally {
				forget();
			}
		},
	};
}

import type { Client } from '../api/request';
import { onAbort } from '../api/timers';
import { realClock, type Clock } from './clock';
import { Silences } from './silence';

/** How many REST calls are in flight at most. */
const CONCURRENCY = 20;

/** The way out of something that runs until its signal aborts. */
export interface LastingClient extends Client {
	signal: AbortSignal;
	clock: Clock;
	/** Of all streams of this client. */
	silences: Silences;
	/** From now on this is taken out of all that is told. */
	hide(secret: string): void;
}

/** The same client for calls that end with a signal of their own. */
export const withSignal = (signal: AbortSignal, client: LastingClient): LastingClient => ({
	...client,
	signal,
	http: async (type, options) => await client.http(type, { ...options, abortSignal: signal }),
});

/**
 * The client of something that runs until a signal aborts: then its requests, waits and retries end.
 * It shares the traffic to the server with all others, but not the place of the item that waits.
 */
export function clientUntil(signal: AbortSignal, client: Client, clock = realClock): LastingClient {
	const secrets = new Set<string>();
	const redact = (text: string) =>
		[...secrets].reduce(
			(clean, secret) => clean.replaceAll(secret, '***'),
			client.connection.redact(text),
		);
	return {
		...client,
		connection: { ...client.connection, redact },
		log: (message) => client.log(redact(message)),
		hide: (secret) => secrets.add(secret),
		signal,
		clock,
		silences: new Silences(clock),
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

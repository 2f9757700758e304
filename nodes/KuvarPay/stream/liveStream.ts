import { EventSource, type FetchLikeResponse } from 'eventsource';
import { urlFor, type Query } from '../api/connection';
import { ApiError } from '../api/errors';
import type { Target } from '../api/routes';
import type { LastingClient } from './client';
import { Ending } from './ending';
import { fetchStream } from './fetch';
import { Silence } from './silence';

export interface StreamEvent {
	/** The SSE event name. */
	name: string;
	data: string;
	/** The last event id at this event, '' without one. */
	id: string;
}

/**
 * The streams that are not connected now: since when, or when this was told last (ticks of the clock).
 * The return of many is spread wider.
 */
export type Down = Map<LiveStream, number>;

export interface StreamOptions {
	target: Target;
	query?: Query;
	/** Sent in the place of the key. */
	authToken?: string;
	/** Where an earlier stream stopped. */
	lastEventId?: string;
	/** Longest silence, in ms. */
	idleTimeout: number;
	down: Down;
	/** After each (re)connect; `resumed` when the server was told where the last stream stopped. */
	onOpen: (resumed: boolean) => void;
	onEvent: (event: StreamEvent) => void;
	/** The server refuses for good: the stream is closed. Told once. */
	onRefused: (refusal: ApiError) => void;
	/** No stream for `idleTimeout`, in spite of all attempts. Told again after each such time. */
	onDown: () => void;
}

/** Waits between reconnects, in ms, on top of the 3 s (or the server's `retry`) of the standard. */
const BACKOFF = { first: 1_000, cap: 30_000, perStream: 16 };

/** Longest event that is taken, in bytes: a transaction has about 2 kB. */
const LONGEST_EVENT = 1024 * 1024;

/**
 * One event stream that stays open: the protocol is EventSource's (HTML standard, section 9.2), the
 * transport n8n's, and the patience ours: back-off with full jitter, an idle watchdog, and the
 * difference between trouble that passes and a refusal.
 */
export class LiveStream {
	/** Resolves after the first attempt, whatever came of it. */
	readonly started: Promise<void>;

	readonly silence: Silence;
	readonly #source: EventSource;
	readonly #closing = new Ending();
	#attempts = 0;
	/** Attempts since the last byte arrived. */
	#failures = 0;
	/** What the server asked to wait, in ms. */
	#retryAfter = 0;
	#refusal?: ApiError;
	#resumedFrom?: string;

	constructor(
		private readonly client: LastingClient,
		private readonly options: StreamOptions,
	) {
		this.silence = new Silence(client.clock);
		options.down.set(this, client.clock.ticks());
		let resolve!: () => void;
		this.started = new Promise((settle) => (resolve = settle));

		const [{ host, path }] = options.target.routes;
		this.#source = new AnyEventSource(
			urlFor(client.connection.hosts[host], path),
			async (signal, lastEventId) => await this.#connect(signal, lastEventId),
			{
				onOpen: this.#guarded(() => {
					this.silence.end();
					options.down.delete(this);
					options.onOpen(this.#resumedFrom !== undefined);
					resolve();
				}),
				onError: this.#guarded(({ message }) => {
					this.#noteDown();
					if (this.#source.readyState !== EventSource.CLOSED) return resolve();
					const refusal = this.#refusal ?? brokenStream(message);
					this.close();
					options.onRefused(refusal);
					resolve();
				}),
				onEvent: this.#guarded(options.onEvent),
			},
		);
	}

	get isOpen(): boolean {
		return this.#source.readyState === EventSource.OPEN;
	}

	/** Ends the stream and its socket; nothing is told after it. */
	close(): void {
		this.#closing.end();
		this.#source.close();
		this.options.down.delete(this);
	}

	async #connect(signal: AbortSignal, lastEventId?: string): Promise<FetchLikeResponse> {
		if (this.#attempts++ > 0) await this.client.clock.pause(this.#delay(), this.#closing.signal);
		// EventSource encodes the ID as bytes (HTML standard, section 9.2.3); fetchStream does so again.
		this.#resumedFrom =
			lastEventId === undefined
				? this.options.lastEventId
				: Buffer.from(lastEventId, 'latin1').toString();
		this.#failures += 1;
		return await fetchStream(this.client, {
			...this.options,
			lastEventId: this.#resumedFrom,
			signal,
			silence: this.silence,
			onBytes: () => (this.#failures = 0),
		}).catch((error: Error) => this.#afterFailure(error));
	}

	/** A thrown error makes EventSource try again, a status that is not 200 makes it give up. */
	async #afterFailure(error: Error): Promise<FetchLikeResponse> {
		if (error instanceof ApiError && !error.failure.transient) {
			this.#refusal = error;
			return { status: 410, url: '', redirected: false, headers: { get: () => null }, body: null };
		}
		if (error instanceof ApiError) this.#retryAfter = error.failure.retryAfter ?? 0;
		// Counted from its end and not from its last byte: a stream may have had nothing to say.
		const since = this.#noteDown();
		if (this.client.clock.ticks() - since >= this.options.idleTimeout) {
			this.options.down.set(this, this.client.clock.ticks());
			this.options.onDown();
		}
		throw error;
	}

	/** @returns since when the stream is down */
	#noteDown(): number {
		const { down } = this.options;
		const since = down.get(this) ?? this.client.clock.ticks();
		down.set(this, since);
		return since;
	}

	/** Full jitter (random between nothing and the limit), wider when many streams return together. */
	#delay(): number {
		const backOff = Math.min(BACKOFF.cap, BACKOFF.first * 2 ** Math.max(0, this.#failures - 1));
		const spread = Math.min(BACKOFF.cap, this.options.down.size * BACKOFF.perStream);
		const asked = Math.min(this.#retryAfter, 2 * BACKOFF.cap);
		this.#retryAfter = 0;
		return asked + this.client.clock.random() * Math.max(backOff, spread);
	}

	/** An exception in a listener would end the whole n8n process, so none gets out. */
	#guarded<Told>(listener: (told: Told) => void): (told: Told) => void {
		return (told) => {
			if (this.#closing.isOver) return;
			try {
				listener(told);
			} catch (error) {
				this.client.log(`KuvarPay stream: ${(error as Error).message}`);
			}
		};
	}
}

interface Listener {
	onOpen: (told: undefined) => void;
	onError: (told: { message?: string }) => void;
	onEvent: (event: StreamEvent) => void;
}

/**
 * EventSource hands events to those who listen to their name; nobody knows the names that KuvarPay
 * uses, so here one listener gets all. A server's event may even be called "open" or "error".
 */
class AnyEventSource extends EventSource {
	constructor(
		url: string,
		connect: (signal: AbortSignal, lastEventId?: string) => Promise<FetchLikeResponse>,
		private readonly listener: Listener,
	) {
		super(url, {
			fetch: async (_url, { headers, signal }) =>
				await connect(signal as AbortSignal, headers['Last-Event-ID']),
			maxBufferSize: LONGEST_EVENT,
		});
	}

	override dispatchEvent(event: Event): boolean {
		const { type: name, data, lastEventId: id } = event as unknown as Told;
		if (data !== undefined) this.listener.onEvent({ name, data, id });
		else if (name === 'open') this.listener.onOpen(undefined);
		else this.listener.onError(event as { message?: string });
		return true;
	}
}

/** As much of a MessageEvent as is used. */
interface Told {
	type: string;
	data?: string;
	lastEventId: string;
}

function brokenStream(message = 'unknown reason'): ApiError {
	return new ApiError({
		message: `The event stream of KuvarPay cannot be read: ${message}`,
		hint: 'Something between n8n and KuvarPay changes the stream, or the base URL leads to another server.',
		transient: false,
	});
}

import { EventSource, type FetchLikeResponse } from 'eventsource';
import { ApiError } from '../api/errors';
import type { Client } from '../api/request';
import { pause } from '../api/timers';
import { fetchStream } from './fetch';
import { Silence } from './silence';
import { UPDATE_EVENTS } from '../payments/sources';

export interface StreamEvent {
	/** The SSE event name. */
	name: string;
	data: string;
	/** The last event id at this event, '' without one. */
	id: string;
}

/**
 * The streams that are not connected now: since when, or when this was told last (performance.now()).
 * The return of many is spread wider.
 */
export type Down = Map<LiveStream, number>;

export interface StreamOptions {
	url: string;
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

	readonly #source: EventSource;
	readonly #closing = new AbortController();
	#attempts = 0;
	/** Attempts since the last byte arrived. */
	#failures = 0;
	/** What the server asked to wait, in ms. */
	#retryAfter = 0;
	#refusal?: ApiError;
	readonly silence = new Silence();
	#resumedFrom?: string;

	constructor(
		private readonly client: Client,
		private readonly options: StreamOptions,
	) {
		options.down.set(this, performance.now());
		let resolve!: () => void;
		this.started = new Promise((settle) => (resolve = settle));

		this.#source = new EventSource(options.url, {
			fetch: async (_url, { headers, signal }) =>
				await this.#connect(signal as AbortSignal, headers['Last-Event-ID']),
			maxBufferSize: LONGEST_EVENT,
		});
		this.#on('open', () => {
			this.silence.end();
			options.down.delete(this);
			options.onOpen(this.#resumedFrom !== undefined);
			resolve();
		});
		this.#on('error', (event) => {
			this.#noteDown();
			if (this.#source.readyState !== EventSource.CLOSED) return resolve();
			if (this.#closing.signal.aborted) return;
			const refusal = this.#refusal ?? brokenStream((event as { message?: string }).message);
			this.close();
			options.onRefused(refusal);
			resolve();
		});
		for (const name of UPDATE_EVENTS)
			this.#on(name, (event) => {
				const { data, lastEventId } = event as MessageEvent as {
					data: string;
					lastEventId: string;
				};
				options.onEvent({ name, data, id: lastEventId });
			});
	}

	get isOpen(): boolean {
		return this.#source.readyState === EventSource.OPEN;
	}

	/** Ends the stream and its socket; nothing is told after it. */
	close(): void {
		this.#closing.abort();
		this.#source.close();
		this.options.down.delete(this);
	}

	async #connect(signal: AbortSignal, lastEventId?: string): Promise<FetchLikeResponse> {
		if (this.#attempts++ > 0) await pause(this.#delay(), this.#closing.signal);
		// EventSource encodes the ID as bytes (HTML standard, section 9.2.3); fetchStream does so again.
		this.#resumedFrom =
			lastEventId === undefined
				? this.options.lastEventId
				: Buffer.from(lastEventId, 'latin1').toString();
		this.#failures += 1;
		return await fetchStream(this.client, {
			url: this.options.url,
			authToken: this.options.authToken,
			idleTimeout: this.options.idleTimeout,
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
		if (performance.now() - since >= this.options.idleTimeout) {
			this.options.down.set(this, performance.now());
			this.options.onDown();
		}
		throw error;
	}

	/** @returns since when the stream is down */
	#noteDown(): number {
		const { down } = this.options;
		const since = down.get(this) ?? performance.now();
		down.set(this, since);
		return since;
	}

	/** Full jitter (random between nothing and the limit), wider when many streams return together. */
	#delay(): number {
		const backOff = Math.min(BACKOFF.cap, BACKOFF.first * 2 ** Math.max(0, this.#failures - 1));
		const spread = Math.min(BACKOFF.cap, this.options.down.size * BACKOFF.perStream);
		const asked = Math.min(this.#retryAfter, 2 * BACKOFF.cap);
		this.#retryAfter = 0;
		return asked + Math.random() * Math.max(backOff, spread);
	}

	/** An exception in a listener would end the whole n8n process, so none gets out. */
	#on(name: string, listener: (event: Event) => void): void {
		this.#source.addEventListener(name, (event: Event) => {
			if (this.#closing.signal.aborted) return;
			try {
				listener(event);
			} catch (error) {
				this.client.log(`KuvarPay stream: ${(error as Error).message}`);
			}
		});
	}
}

function brokenStream(message = 'unknown reason'): ApiError {
	return new ApiError({
		message: `The event stream of KuvarPay cannot be read: ${message}`,
		hint: 'Something between n8n and KuvarPay changes the stream, or the base URL leads to another server.',
		transient: false,
	});
}

import type { DialectOptions, Host } from './dialect/types';
import type { FaultRule } from './faults';
import type { LimitOptions } from './limits';

export type { Host };

/** What can be streamed. */
export type StreamKind = 'session' | 'transaction';

/** How payments move without anybody asking. */
export interface AutoPay {
	/** Milliseconds from the creation to the first step. */
	afterMs: number;
	/** The statuses to go through, for example `['PROCESSING', 'COMPLETED']`. */
	steps: string[];
	/** Milliseconds between steps. */
	everyMs: number;
}

/** Where webhooks go, and how stubbornly. */
export interface WebhookOptions {
	url: string;
	/** Signs the deliveries. Default: the simulator's `webhookSecret`. */
	secret?: string;
	/** How often a delivery is repeated after the first attempt. Default 3. */
	maxRetries?: number;
	/** Wait before the first repeat; it doubles each time. Default 200 ms. */
	backoffMs?: number;
}

/** Everything that can be set when a simulator starts. All of it has a default. */
export interface SimulatorOptions {
	/** Port of the payments host. Default 0: any free one. */
	port?: number;
	/** Port of the business host (invoices, payment links). Default 0: any free one. */
	businessPort?: number;
	/** The API key that is accepted. Default: a new random one. */
	apiKey?: string;
	/** Default: a new random UUID. */
	businessId?: string;
	/** Signs webhooks. Default: a new random one. */
	webhookSecret?: string;
	/** Refuse requests that do not carry `x-business-id`. Default false. */
	requireBusinessId?: boolean;
	/** Keep every request in `requests` and every write in `writes`. Default true; switch off for benchmarks. */
	record?: boolean;
	/** Check own answers against the contract. Default true; switch off for benchmarks. */
	validateResponses?: boolean;
	/** Milliseconds between heartbeat comments on streams; 0 for none. Default 15000. */
	heartbeat?: number;
	/** Send what a returning client missed (`Last-Event-ID`). Default true. */
	replay?: boolean;
	/**
	 * Send the present state when a stream opens, with the number of the last update. Default false: then a
	 * client that is cut off before its first update has no Last-Event-ID to come back with.
	 */
	snapshotOnConnect?: boolean;
	/** End a stream after a final status. Default false. */
	endOnFinal?: boolean;
	/** The `retry:` field at the head of each stream, in milliseconds. Default: none. */
	retry?: number;
	/** Milliseconds until an unpaid session or transaction expires. Default 30 minutes. */
	expiresInMs?: number;
	autoPay?: AutoPay;
	webhooks?: WebhookOptions;
	/** Answer 429 to more than this many requests in a second. */
	limit?: LimitOptions;
	/** Answer later by so many milliseconds for each request that is in flight. Default 0. */
	msPerInFlight?: number;
	/** Which of the KuvarPays that could be this is. Default: the one that the contract describes. */
	dialect?: DialectOptions;
	/** What goes wrong from the start. */
	faults?: FaultRule[];
	/** Makes faults with a probability repeatable. Default 1. */
	seed?: number;
	/** Another contract file, for tests of the simulator itself. */
	contractFile?: string;
}

/** One request as it came in, and what became of it. */
export interface RecordedRequest {
	/** Of the contract, for example `invoice.create`; undefined when the contract has no such path. */
	operationId?: string;
	host: Host;
	method: string;
	/** Decoded path without the query. */
	path: string;
	/** Path and query exactly as sent. */
	rawPath: string;
	query: Record<string, string | string[]>;
	headers: Record<string, string | string[] | undefined>;
	/** Parsed JSON; undefined when there was no body or it was not JSON. */
	body: unknown;
	rawBody: string;
	/** 0 until answered, and for ever when a fault left it without an answer. */
	status: number;
	/** Milliseconds since 1970. */
	at: number;
	/** The faults that struck it, for example `latency,resetAfter`. */
	fault?: string;
}

/** A write whose work was done: once for each time that it was, whatever the client was told of it. */
export interface PerformedWrite {
	operationId: string;
	host: Host;
	method: string;
	/** Decoded path without the query. */
	path: string;
	/** The `Idempotency-Key` it came with. */
	idempotencyKey: string | undefined;
	/** Milliseconds since 1970. */
	at: number;
}

/** A key or token as it came in, listed once for each host. */
export interface SeenKey {
	host: Host;
	header: 'authorization' | 'x-api-key';
	value: string;
}

/** A webhook that was sent, with every attempt. */
export interface WebhookDelivery {
	id: string;
	event: string;
	url: string;
	/** Exactly what was posted and signed. */
	rawBody: string;
	signature: string;
	/** Status code of each attempt; 0 when nobody answered. */
	attempts: number[];
	delivered: boolean;
}

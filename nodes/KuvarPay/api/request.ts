import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import pRetry from 'p-retry';
import { readAnswer, unreachable } from './answer';
import { CREDENTIAL, urlFor, type Connection, type Query } from './connection';
import { ApiError } from './errors';
import { inAnyForm, type Form } from './forms';
import { writeJson } from './json';
import { FORM_HEADER } from './keyForms';
import { outcomeOf } from './outcome';
import type { Pace } from './pace';
import type { Target } from './routes';
import { inEachSpelling, type SpellingTable } from './spelling';
import { pause } from './timers';
import { readTold } from './told';

/** One request, in KuvarPay's terms. */
export interface Call {
	target: Target;
	query?: Query;
	/** Sent as JSON with POST, PATCH and DELETE. */
	body?: Record<string, unknown>;
	/** What of the body may be spelt otherwise. */
	spellings?: SpellingTable;
	idempotencyKey?: string;
	maxRetries: number;
	/** Longest silence of the server, in ms. */
	timeout: number;
}

/** What a call needs of n8n, shared by all calls of a run. */
export interface Client {
	connection: Connection;
	pace: Pace;
	http: (type: string, options: IHttpRequestOptions) => Promise<unknown>;
	/** For a stream with a session's own token in the place of the key. */
	httpWithoutKey: (options: IHttpRequestOptions) => Promise<unknown>;
	/** A line in n8n's log, for what is worth knowing and needs nobody to act. */
	log: (message: string) => void;
	/** For the user, beside the output of a step that has succeeded; the same is shown once. */
	hint: (message: string) => void;
	signal?: AbortSignal;
}

/** First and longest wait between two attempts, in ms. */
const BACKOFF = { first: 500, cap: 60_000 };

/**
 * Sends a call and returns the body of the answer, parsed. Transient failures are repeated: network
 * errors, 408, 425, 429, 500, 502, 503, 504, with full jitter or after the server's `Retry-After`.
 * A write is repeated only because it carries an idempotency key.
 * @throws ApiError when KuvarPay refuses or cannot be reached
 */
export async function send(client: Client, call: Call): Promise<unknown> {
	return (await sendForAnswer(client, call)).body;
}

/** The same with the headers of the answer, which may tell of a list's next page. */
export async function sendForAnswer(client: Client, call: Call): Promise<Answer> {
	const { pace, signal } = client;
	const repeatable = call.target.method === 'GET' || call.idempotencyKey !== undefined;
	const first = await outcomeOf(exchange(client, call));
	if ('result' in first) return first.result;

	// From the first failure on: to set this up for each call is felt with a thousand items.
	const attempt = async (number: number) => {
		if (number > 1) return await exchange(client, call);
		throw first.error;
	};
	return await pRetry(attempt, {
		retries: call.maxRetries,
		// All waiting is done in shouldRetry, where the server's wish is known.
		minTimeout: 0,
		signal,
		// A 429 is the affair of all that share the server, and not this item's fault.
		shouldConsumeRetry: ({ error }) => !isRateLimit(error) || !pace.patient,
		shouldRetry: async ({ error, retriesConsumed }) => {
			if (!(error instanceof ApiError) || !error.failure.transient || !repeatable) return false;
			// The pace has heard it, and lets the next attempt wait.
			if (isRateLimit(error)) return pace.hopeful;
			const wait = error.failure.retryAfter ?? Math.random() * BACKOFF.first * 2 ** retriesConsumed;
			await pause(Math.min(wait, BACKOFF.cap), signal);
			return true;
		},
	});
}

const isRateLimit = (error: Error) => error instanceof ApiError && error.failure.status === 429;

/** An answer that was not a refusal. */
export interface Answer {
	body: unknown;
	/** By lower-case name. */
	headers: Record<string, unknown>;
}

/**
 * One request and its answer, in whichever form the server takes. Others wait for what the first of
 * all finds out.
 */
async function exchange(client: Client, call: Call): Promise<Answer> {
	try {
		return await exchangeInForms(client, call);
	} finally {
		client.connection.learned.traffic.scouted();
	}
}

async function exchangeInForms(client: Client, call: Call): Promise<Answer> {
	const { connection } = client;
	const { body = {}, spellings, target } = call;
	const inForms = async (written: Record<string, unknown>) =>
		await inAnyForm(
			connection,
			target,
			async (form) => await attempt(client, buildRequest(connection, call, written, form)),
		);
	if (!spellings || !target.id) return await inForms(body);
	const { spelling: learned } = connection.learned;
	const known = learned.recall(target.id);
	const { result, spelling } = await inEachSpelling(body, spellings, known, inForms, refusedField);
	if (spelling !== known) learned.note(target.id, spelling);
	return result;
}

/** The body of a refusal that may be about a field; it proves that nothing was done. */
function refusedField(error: unknown): unknown {
	if (!(error instanceof ApiError)) return undefined;
	const { status, body } = error.failure;
	return status === 400 || status === 422 || status === 200 ? body : undefined;
}

function buildRequest(
	connection: Connection,
	{ target, query, idempotencyKey, timeout }: Call,
	written: Record<string, unknown>,
	{ route, keyForm }: Form,
): IHttpRequestOptions {
	const isRead = target.method === 'GET';
	const body = isRead ? {} : { ...route.beside, ...written };
	const hasBody = Object.keys(body).length > 0;
	return {
		method: target.method,
		url: urlFor(connection.hosts[route.host], route.path, {
			...(isRead && route.beside),
			...query,
		}),
		headers: {
			Accept: 'application/json',
			...(hasBody && { 'Content-Type': 'application/json' }),
			...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
			...(keyForm && { [FORM_HEADER]: keyForm }),
		},
		...(hasBody && { body: writeJson(body) }),
		timeout,
		// Read as text: n8n's parser would round long numbers.
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// n8n follows redirects to other servers with the key in the headers.
		disableFollowRedirect: true,
	};
}

async function attempt(client: Client, request: IHttpRequestOptions): Promise<Answer> {
	const flight = await client.pace.enter();
	let response: IN8nHttpFullResponse;
	try {
		response = (await client.http(CREDENTIAL, request)) as IN8nHttpFullResponse;
	} catch (error) {
		if (client.signal?.aborted) flight.unused();
		else flight.lost();
		client.signal?.throwIfAborted();
		throw unreachable(error, client.connection, new URL(request.url).host);
	}
	const { statusCode, headers = {} } = response;
	flight.answered(statusCode, readTold(headers, Date.now()));
	return { body: readAnswer(response, client.connection), headers };
}

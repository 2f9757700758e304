import type { FetchLikeResponse } from 'eventsource';
import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { CREDENTIAL, urlFor, type Connection, type Query } from '../api/connection';
import { TRANSIENT_STATUSES, retryAfter, unreachable } from '../api/answer';
import { ApiError, hintFor } from '../api/errors';
import { inAnyForm, type Form } from '../api/forms';
import { readJson } from '../api/json';
import { FORM_HEADER } from '../api/keyForms';
import { messageOf } from '../api/refusal';
import type { Target } from '../api/routes';
import type { LastingClient } from './client';
import { oneByOne } from './ebb';
import type { Silence } from './silence';

/** The part of Node's Readable that is used here. */
interface Body extends AsyncIterable<Uint8Array> {
	on(event: 'error' | 'close', listener: () => void): void;
}

export interface StreamRequest {
	target: Target;
	query?: Query;
	lastEventId?: string;
	/** Session-scoped token, sent instead of the key. */
	authToken?: string;
	/** Silence after which the connection counts as dead, in ms. */
	idleTimeout: number;
	silence: Silence;
	signal: AbortSignal;
	onBytes: () => void;
}

/**
 * Opens an event stream through n8n's HTTP helper, so that credential, proxy, TLS and egress rules
 * are n8n's; with the key in the form that streams take, which is found out.
 * @throws ApiError for everything but a 200 with an event stream; `transient` tells whether another
 * try may help
 */
export async function fetchStream(
	client: LastingClient,
	request: StreamRequest,
): Promise<FetchLikeResponse> {
	const { connection } = client;
	const { target, authToken } = request;
	// There is one form of a token.
	if (authToken) return await openStream(client, request, { route: target.routes[0] });
	const { learned } = connection;
	const ofStreams = Object.create(learned, { keyForm: { value: learned.streamKeyForm } });
	return await inAnyForm(
		{ ...connection, learned: ofStreams },
		target,
		async (form) => await openStream(client, request, form),
	);
}

async function openStream(
	client: LastingClient,
	request: StreamRequest,
	{ route, keyForm }: Form,
): Promise<FetchLikeResponse> {
	const { query, lastEventId, authToken, signal, silence, idleTimeout } = request;
	const url = urlFor(client.connection.hosts[route.host], route.path, query);
	// Ends the request and its socket. Destroying the body is not enough: n8n wraps it in a generator
	// that ends only with the next byte.
	const ending = new AbortController();
	const forget = client.silences.watch(silence, idleTimeout, () => end(tooSilent(idleTimeout)));
	const end = (why?: ApiError) => {
		forget();
		ending.abort(why);
	};
	const endSoon = () => oneByOne(() => end());
	if (signal.aborted) end();
	signal.addEventListener('abort', endSoon, { once: true });
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		headers: {
			Accept: 'text/event-stream',
			'Cache-Control': 'no-store',
			...(lastEventId && { 'Last-Event-ID': Buffer.from(lastEventId).toString('latin1') }),
			...(authToken && { Authorization: `Bearer ${authToken}` }),
			...(keyForm && { [FORM_HEADER]: keyForm }),
		},
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		// Ours comes first: the HTTP client looks at silence only before the head, and on n8n 2.8 its
		// timeout leaves the socket open.
		timeout: 2 * idleTimeout,
		abortSignal: ending.signal,
	};
	let response: IN8nHttpFullResponse;
	try {
		response = (await (authToken
			? client.httpWithoutKey(options)
			: client.http(CREDENTIAL, options))) as IN8nHttpFullResponse;
	} catch (error) {
		ending.signal.throwIfAborted();
		end();
		throw unreachable(error, client.connection, new URL(url).host);
	}

	const body = response.body as unknown as Body;
	// An error between two reads has no reader to go to; without a listener it would end the process.
	body.on('error', () => undefined);
	body.on('close', () => signal.removeEventListener('abort', endSoon));

	const type = String(response.headers['content-type'] ?? '');
	if (response.statusCode !== 200 || !/^\s*text\/event-stream\s*(;|$)/i.test(type)) {
		const refusal = await refusalOf(response, type, body, client.connection);
		end();
		throw refusal;
	}
	const onBytes = () => {
		silence.end();
		request.onBytes();
	};
	return {
		status: 200,
		url,
		redirected: false,
		headers: { get: (name) => (response.headers[name.toLowerCase()] as string) ?? null },
		body: { getReader: () => readerOf(body, end, onBytes) },
	};
}

function readerOf(body: Body, end: () => void, onBytes: () => void) {
	const chunks = body[Symbol.asyncIterator]();
	body.on('close', () => end());
	return {
		read: async () => {
			const { done, value } = await chunks.next();
			if (done) {
				end();
				return { done } as const;
			}
			onBytes();
			return { done: false, value } as const;
		},
		cancel: async () => end(),
	};
}

/** @param longest ms */
const tooSilent = (longest: number): ApiError =>
	new ApiError({
		message: `KuvarPay was silent for ${longest / 1000} seconds`,
		hint: 'Check that no proxy between n8n and KuvarPay holds event streams back.',
		transient: true,
	});

/** Longest part of a refusal that is read for its message, in bytes. */
const LONGEST_REFUSAL = 10_000;

async function refusalOf(
	{ statusCode: status, headers }: IN8nHttpFullResponse,
	type: string,
	body: Body,
	connection: Connection,
): Promise<ApiError> {
	if (status === 204 || status === 200)
		return new ApiError({
			status,
			message:
				status === 204
					? 'KuvarPay says that this stream has ended (204)'
					: `KuvarPay answered with ${type || 'data of unknown type'} instead of an event stream`,
			hint:
				status === 204
					? 'The payment is probably closed. Read its status with the KuvarPay node.'
					: 'Check the base URL in the KuvarPay credential, and that no proxy in between holds event streams back.',
			transient: false,
		});
	const told = messageOf(await peek(body)) ?? 'the stream was refused';
	return new ApiError({
		status,
		// Cut after the secrets are out, or a part of one might stay.
		message: connection.redact(`KuvarPay answered ${status}: ${told}`).slice(0, 500),
		hint:
			status === 404
				? 'Check that the ID exists in the account of this key, and that it is of the kind that is watched.'
				: hintFor(status),
		transient: TRANSIENT_STATUSES.has(status),
		retryAfter: retryAfter(headers['retry-after']),
	});
}

async function peek(body: Body): Promise<unknown> {
	const chunks: Uint8Array[] = [];
	let size = 0;
	try {
		for await (const chunk of body) {
			chunks.push(chunk);
			size += chunk.length;
			if (size > LONGEST_REFUSAL) break;
		}
		return readJson(Buffer.concat(chunks).toString());
	} catch {
		// A cut or unreadable refusal has no message; its status says enough.
		return undefined;
	}
}

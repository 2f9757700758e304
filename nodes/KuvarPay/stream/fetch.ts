import type { FetchLikeResponse } from 'eventsource';
import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { CREDENTIAL } from '../api/connection';
import { ApiError, hintFor, messageOf } from '../api/errors';
import { readJson } from '../api/json';
import { TRANSIENT_STATUSES, retryAfter, unreachable, type Client } from '../api/request';

/** The part of Node's Readable that is used here. */
interface Body extends AsyncIterable<Uint8Array> {
	destroy(): void;
	once(event: 'error', listener: () => void): void;
}

export interface StreamRequest {
	url: string;
	lastEventId?: string;
	/** Session-scoped token, sent instead of the key. */
	authToken?: string;
	/** Silence after which the connection counts as dead, in ms. */
	idleTimeout: number;
	signal: AbortSignal;
	onBytes: () => void;
}

/**
 * Opens an event stream through n8n's HTTP helper, so that credential, proxy, TLS and egress rules
 * are n8n's.
 * @throws ApiError for everything but a 200 with an event stream; `transient` tells whether another
 * try may help
 */
export async function fetchStream(
	client: Client,
	request: StreamRequest,
): Promise<FetchLikeResponse> {
	const { url, lastEventId, authToken, signal } = request;
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		headers: {
			Accept: 'text/event-stream',
			'Cache-Control': 'no-store',
			...(lastEventId && { 'Last-Event-ID': Buffer.from(lastEventId).toString('latin1') }),
			...(authToken && { Authorization: `Bearer ${authToken}` }),
		},
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		// The HTTP client takes it as the longest silence on the socket.
		timeout: request.idleTimeout,
		abortSignal: signal,
	};
	let response: IN8nHttpFullResponse;
	try {
		response = (await (authToken
			? client.httpWithoutKey(options)
			: client.http(CREDENTIAL, options))) as IN8nHttpFullResponse;
	} catch (error) {
		signal.throwIfAborted();
		throw unreachable(error, client.connection, new URL(url).host);
	}

	const body = response.body as unknown as Body;
	// An error between two reads has no reader to go to; without a listener it would end the process.
	body.once('error', () => undefined);
	// In an execution n8n replaces the abort signal by its own, so the stream is ended by its body.
	const stop = () => body.destroy();
	if (signal.aborted) stop();
	signal.addEventListener('abort', stop, { once: true });

	const type = String(response.headers['content-type'] ?? '');
	if (response.statusCode !== 200 || !/^\s*text\/event-stream\s*(;|$)/i.test(type)) {
		const refusal = await refusalOf(response, type, body, client);
		stop();
		throw refusal;
	}
	return {
		status: 200,
		url,
		redirected: false,
		headers: { get: (name) => (response.headers[name.toLowerCase()] as string) ?? null },
		body: { getReader: () => readerOf(body, request.onBytes) },
	};
}

function readerOf(body: Body, onBytes: () => void) {
	const chunks = body[Symbol.asyncIterator]();
	return {
		read: async () => {
			const { done, value } = await chunks.next();
			if (done) return { done: true } as const;
			onBytes();
			return { done: false, value } as const;
		},
		cancel: async () => body.destroy(),
	};
}

/** Longest part of a refusal that is read for its message, in bytes. */
const LONGEST_REFUSAL = 10_000;

async function refusalOf(
	{ statusCode: status, headers }: IN8nHttpFullResponse,
	type: string,
	body: Body,
	{ connection }: Client,
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
		message: connection.redact(`KuvarPay answered ${status}: ${told}`.slice(0, 500)),
		hint: hintFor(status),
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

import type { IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';
import { unreachable, unwrap } from '../api/answer';
import { CREDENTIAL, urlFor } from '../api/connection';
import type { Host } from '../api/endpoints';
import { isPlainObject } from '../api/json';
import type { Client } from '../api/request';

/** What Check Connection asks a server for, beside what the node itself would ask. */

/** What came of a question. */
export interface Asked {
	/** 0 when no answer came. */
	status: number;
	type: string;
	ms: number;
	trouble: string;
}

/** One request whose body does not matter; a stream is closed as soon as it has opened. */
export async function ask(
	client: Client,
	path: string,
	headers: Record<string, string>,
	hasToken = false,
	host: Host = 'payments',
): Promise<Asked> {
	const [pathname, search] = path.split('?');
	const url = urlFor(
		client.connection.hosts[host],
		pathname,
		Object.fromEntries(new URLSearchParams(search)),
	);
	const ending = new AbortController();
	const startedAt = performance.now();
	const ms = () => Math.round(performance.now() - startedAt);
	const options: IHttpRequestOptions = {
		method: 'GET',
		url,
		headers: { Accept: 'application/json', ...headers },
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		timeout: 10_000,
		abortSignal: ending.signal,
	};
	try {
		const answer = (await (hasToken
			? client.httpWithoutKey(options)
			: client.http(CREDENTIAL, options))) as IN8nHttpFullResponse;
		const body = answer.body as unknown as { on?: (event: 'error', listener: () => void) => void };
		body.on?.('error', () => undefined);
		return {
			status: answer.statusCode,
			type: String(answer.headers['content-type'] ?? ''),
			ms: ms(),
			trouble: '',
		};
	} catch (error) {
		client.signal?.throwIfAborted();
		const { message } = unreachable(error, client.connection, new URL(url).host);
		return { status: 0, type: '', ms: ms(), trouble: message };
	} finally {
		ending.abort();
	}
}

/** What an object looks like: its envelope and the names that vary. */
export function objectShape(body: unknown): string {
	const object = unwrap(body);
	if (!isPlainObject(object)) return 'no object';
	const names = Object.keys(object);
	const status = typeof object.status === 'string' ? object.status : '';
	return [
		object === body ? 'no envelope' : 'below data',
		`ID as ${names.find((name) => /^_?u?u?id$/i.test(name)) ?? names.find((name) => /id$/i.test(name)) ?? 'nothing'}`,
		`status ${status === '' ? 'missing' : status === status.toUpperCase() ? 'in capitals' : 'in small letters'}`,
		names.includes('updatedAt') ? 'with updatedAt' : 'without updatedAt',
		names.includes('authToken') ? 'with authToken' : 'without authToken',
	].join(', ');
}

/** IDs belong to customers. */
export const withoutIds = (path: string) =>
	path.replace(/\/[^/]*\d[^/]*(?=\/|$)/g, (step) => (step === '/v1' ? step : '/…'));

// The parts of express that n8n's webhook nodes use, on top of Node's own request and response.
import { type IncomingMessage, type ServerResponse, request } from 'node:http';
import type { WebhookReply, WebhookRequest } from './protocol';

/** The body is not what its content type says: n8n answers 422 before the node sees it. */
export class UnprocessableBody extends Error {
	constructor(readonly hint: string) {
		super('Failed to parse request body');
	}
}

/** Reads the body to its end and adds what n8n adds to a request. */
export async function extendRequest(message: IncomingMessage) {
	const chunks: Buffer[] = [];
	for await (const chunk of message) chunks.push(chunk as Buffer);
	const rawBody = Buffer.concat(chunks);
	const url = new URL(message.url!, 'http://localhost');
	const [contentType] = (message.headers['content-type'] ?? '').toLowerCase().split(';');
	return Object.assign(message, {
		rawBody,
		readRawBody: async () => {},
		contentType,
		encoding: 'utf-8' as const,
		body: parseBody(rawBody, contentType.trim()),
		query: Object.fromEntries(url.searchParams),
		params: { path: url.pathname.split('/').slice(2).join('/') },
		path: url.pathname,
		originalUrl: message.url,
		ip: message.socket.remoteAddress,
		get: (name: string) => message.headers[name.toLowerCase()],
		header: (name: string) => message.headers[name.toLowerCase()],
	});
}

function parseBody(rawBody: Buffer, contentType: string): unknown {
	if (rawBody.length === 0) return {};
	const text = rawBody.toString('utf8');
	if (contentType === 'application/json') {
		try {
			return JSON.parse(text);
		} catch (error) {
			throw new UnprocessableBody((error as Error).message);
		}
	}
	if (contentType === 'application/x-www-form-urlencoded') {
		return Object.fromEntries(new URLSearchParams(text));
	}
	return contentType === 'text/plain' ? text : {};
}

/** Adds the methods of an express response. */
export function extendResponse(response: ServerResponse) {
	const extended = Object.assign(response, {
		status(code: number) {
			response.statusCode = code;
			return extended;
		},
		set(name: string, value: string) {
			response.setHeader(name, value);
			return extended;
		},
		header(name: string, value: string) {
			return extended.set(name, value);
		},
		type(value: string) {
			return extended.set('content-type', value);
		},
		json(body: unknown) {
			if (!response.hasHeader('content-type')) extended.type('application/json; charset=utf-8');
			response.end(JSON.stringify(body));
			return extended;
		},
		send(body?: unknown) {
			if (typeof body === 'object' && body !== null && !Buffer.isBuffer(body)) {
				return extended.json(body);
			}
			if (!response.hasHeader('content-type')) extended.type('text/html; charset=utf-8');
			response.end(Buffer.isBuffer(body) ? body : body === undefined ? '' : String(body));
			return extended;
		},
		sendStatus(code: number) {
			return extended.status(code).send(String(code));
		},
	});
	return extended as ServerResponse & typeof extended;
}

/** Sends one request on a connection of its own, whose port it tells. */
export async function send(
	url: string,
	{ method, headers, rawBody, query }: WebhookRequest,
	onConnect: (port: number) => void,
): Promise<WebhookReply> {
	return await new Promise<WebhookReply>((resolve, reject) => {
		const client = request(query ? `${url}?${query}` : url, {
			agent: false,
			method,
			headers: { 'content-type': 'application/json', ...headers },
		});
		client.on('error', reject);
		client.on('socket', (socket) => socket.once('connect', () => onConnect(socket.localPort!)));
		client.on('response', (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => {
				const body = Buffer.concat(chunks).toString();
				const all = response.headers as WebhookReply['headers'];
				resolve({ status: response.statusCode!, headers: all, body });
			});
		});
		client.end(rawBody);
	});
}

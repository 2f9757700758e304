import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import Fastify, {
	type FastifyError,
	type FastifyInstance,
	type FastifyReply,
	type FastifyRequest,
} from 'fastify';

import { failure } from './answers';
import { addControl } from './control';
import type { Core } from './core';
import { addPages } from './page';
import { Exchange } from './pipeline';
import type { Host, RecordedRequest } from './types';

const ONE_MEGABYTE = 1024 * 1024;
const LOOPBACK = '127.0.0.1';

/** One of the two listeners. It can be taken down and put up again on its port. */
export class Listener {
	/** Connections open now. */
	readonly sockets = new Set<Socket>();
	private server!: http.Server;
	private readonly app: FastifyInstance;
	private readonly records = new WeakMap<FastifyRequest, RecordedRequest>();

	constructor(
		private readonly core: Core,
		private readonly host: Host,
		private port: number,
	) {
		this.app = Fastify({
			logger: false,
			bodyLimit: ONE_MEGABYTE,
			exposeHeadRoutes: false,
			frameworkErrors: (error, _request, reply: FastifyReply) => {
				reply.code(error.statusCode ?? 400).send(failure(error.message));
			},
			serverFactory: (handler) => (this.server = http.createServer({ noDelay: true }, handler)),
		});
		this.setUp();
	}

	/** Where it listens. */
	get url(): string {
		return `http://${LOOPBACK}:${this.port}`;
	}

	/** Listens, on the same port as before if it did already. */
	async listen(): Promise<void> {
		await this.app.ready();
		await new Promise<void>((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(this.port, LOOPBACK, () => {
				this.server.off('error', reject);
				resolve();
			});
		});
		this.port = (this.server.address() as AddressInfo).port;
	}

	/** Stops listening and cuts every connection; unless told otherwise by a reset, as a server that dies does. */
	async stop(cut = (socket: Socket): unknown => socket.resetAndDestroy()): Promise<void> {
		const stopped = new Promise<void>((resolve) => this.server.close(() => resolve()));
		// The server is closed before its sockets have told everybody that they are.
		const gone = [...this.sockets].map((socket) => {
			// Where the client has reset it already, Node tells an error and never that it is closed.
			const closed = new Promise((resolve) => socket.once('close', resolve).once('error', resolve));
			cut(socket);
			return closed;
		});
		await Promise.all([stopped, ...gone]);
	}

	/** Stops for good. */
	async close(): Promise<void> {
		// A reset fails on a socket that is about to end, and leaves it to keep the process alive and busy.
		await this.stop((socket) => socket.destroy());
		await this.app.close();
	}

	private setUp(): void {
		const { app, server } = this;
		server.keepAliveTimeout = 65_000;
		server.on('connection', (socket) => {
			this.sockets.add(socket);
			const forget = () => {
				this.sockets.delete(socket);
				this.core.changed();
			};
			socket.on('close', forget);
			// A peer that resets is a matter of course here.
			socket.on('error', forget);
			this.core.changed();
		});
		// Bodies are kept as they came: signatures, idempotency and tests look at the bytes.
		app.removeAllContentTypeParsers();
		app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
			done(null, body),
		);
		app.addHook('onRequest', (request, _reply, done) => {
			this.begin(request);
			done();
		});
		app.addHook('onResponse', (request, reply, done) => {
			const record = this.records.get(request);
			if (record) record.status = reply.statusCode;
			this.core.changed();
			done();
		});
		app.setErrorHandler((error: FastifyError, _request, reply) => {
			reply.code(error.statusCode ?? 500).send(failure(error.message));
		});
		if (this.host === 'payments') addControl(app, this.core);
		addPages(app, this.core);
		app.all('/*', async (request, reply) => {
			const record = this.records.get(request)!;
			record.rawBody = typeof request.body === 'string' ? request.body : '';
			record.body = parsed(record.rawBody);
			this.core.changed();
			await new Exchange(this.core, request, reply, record).run();
			// A fault that leaves the request unanswered shows up nowhere else.
			this.core.changed();
			return reply;
		});
	}

	private begin(request: FastifyRequest): void {
		const rawPath = request.raw.url ?? '/';
		const record: RecordedRequest = {
			host: this.host,
			method: request.method,
			path: decoded(rawPath.split('?', 1)[0]),
			rawPath,
			query: request.query as RecordedRequest['query'],
			headers: request.headers,
			body: undefined,
			rawBody: '',
			status: 0,
			at: Date.now(),
		};
		this.records.set(request, record);
		// Control requests and pages are the tester's, not the client's.
		const isApi = request.routeOptions.url === '/*';
		if (this.core.options.record === false || !isApi) return;
		this.core.requests.push(record);
	}
}

function parsed(text: string): unknown {
	if (text === '') return undefined;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

function decoded(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

/** What a request to the stream gets. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/**
 * A server that answers as KuvarPay's REST does and streams whatever bytes it is told to. For what a
 * well-behaved simulator would never send.
 */
export class RawServer {
	/** Requests to the stream so far. */
	readonly streamRequests: IncomingMessage[] = [];
	readonly sockets = new Set<Socket>();
	/** What the REST call gives for an ID. */
	state: Record<string, unknown> = { status: 'PENDING' };
	#answer: Answer = (response) => this.begin(response);
	#waiters = new Set<() => void>();

	private constructor(private readonly server: Server) {
		server.on('connection', (socket) => {
			this.sockets.add(socket);
			socket.on('error', () => undefined);
			socket.on('close', () => {
				this.sockets.delete(socket);
				this.#changed();
			});
		});
		server.on('request', (request, response) => this.#take(request, response));
	}

	static async start(): Promise<RawServer> {
		const raw = new RawServer(createServer({ noDelay: true }));
		raw.server.listen(0, '127.0.0.1');
		await once(raw.server, 'listening');
		return raw;
	}

	get port(): number {
		return (this.server.address() as AddressInfo).port;
	}

	get credential() {
		const url = `http://127.0.0.1:${this.port}`;
		return { apiKey: 'key-of-raw-server', baseUrl: url, businessBaseUrl: url };
	}

	/** From now on streams are answered like this. */
	onStream(answer: Answer): void {
		this.#answer = answer;
	}

	/** Sends the head of an event stream. */
	begin(response: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
		response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
		response.flushHeaders();
		return response;
	}

	async waitFor(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
		if (condition()) return;
		await new Promise<void>((resolve, reject) => {
			const check = () => {
				if (!condition()) return;
				clearTimeout(timer);
				this.#waiters.delete(check);
				resolve();
			};
			const timer = setTimeout(() => {
				this.#waiters.delete(check);
				reject(new Error(`Nothing of the kind happened within ${timeoutMs} ms`));
			}, timeoutMs);
			this.#waiters.add(check);
		});
	}

	async close(): Promise<void> {
		this.server.closeAllConnections();
		this.server.close();
		await once(this.server, 'close');
	}

	#take(request: IncomingMessage, response: ServerResponse): void {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		if (pathname.includes('/sse/')) {
			this.streamRequests.push(request);
			this.#answer(response, request);
		} else {
			const data = { sessionId: pathname.split('/').at(-1), ...this.state };
			response.writeHead(200, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ success: true, data }));
		}
		this.#changed();
	}

	#changed(): void {
		for (const check of [...this.#waiters]) check();
	}
}

/** Writes pieces one after the other, each as a chunk of its own on the wire. */
export async function writeInPieces(response: ServerResponse, pieces: Uint8Array[]): Promise<void> {
	for (const piece of pieces) {
		if (response.destroyed) return;
		await new Promise<void>((resolve) => response.write(piece, () => setImmediate(resolve)));
	}
}

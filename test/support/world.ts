import type { IHttpRequestOptions } from 'n8n-workflow';
import { Learned } from '../../nodes/KuvarPay/api/learned';
import type { Client } from '../../nodes/KuvarPay/api/request';
import { clientUntil, type LastingClient } from '../../nodes/KuvarPay/stream/client';
import { HeldClock, settled } from './clock';
import { openPace } from './context';

type Json = Record<string, unknown> & { status?: string };

/** A body that is written while it is read. */
class Body {
	readonly #chunks: Uint8Array[] = [];
	#isOver = false;
	#wake: () => void = () => undefined;

	constructor(signal?: AbortSignal) {
		signal?.addEventListener('abort', () => this.end(), { once: true });
	}

	get isOpen(): boolean {
		return !this.#isOver;
	}

	on(): void {
		// Nothing breaks here.
	}

	write(text: string): void {
		this.#chunks.push(Buffer.from(text));
		this.#wake();
	}

	end(): void {
		this.#isOver = true;
		this.#wake();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
		for (;;) {
			const next = this.#chunks.shift();
			if (next) yield next;
			else if (this.#isOver) return;
			else await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}
}

/** What a request is answered with; for a stream `true` opens it. */
type Answer = { status: number; body?: unknown; type?: string };

/**
 * A KuvarPay in memory, on a clock that is held in the hand: for the decisions of the stream room,
 * without sockets.
 */
export class World {
	readonly clock = new HeldClock();
	readonly closing = new AbortController();
	readonly sessions = new Map<string, Json>();
	/** In the order of the list. */
	transactions: Json[] = [];
	subscriptions: Json[] = [];
	/** Rows a page. */
	pageSize = 100;
	/** Whether the list tells how many pages it has. */
	hasFigures = true;
	/** What opens a stream. */
	opens: (token: string | undefined, id: string) => boolean = () => true;
	/** What a stream that is not opened gets. */
	refusal: Answer = { status: 401, body: { error: 'This does not open streams' } };
	/** Comes first; undefined lets the request through. */
	fault: (path: string, query: URLSearchParams) => Answer | undefined = () => undefined;
	readonly requests: string[] = [];
	readonly streams: Array<{ id: string; body: Body; options: IHttpRequestOptions }> = [];
	readonly logs: string[] = [];
	readonly client: LastingClient;

	constructor() {
		const base: Client = {
			connection: {
				hosts: { payments: new URL('https://pay.example'), business: new URL('https://b.example') },
				learned: new Learned(),
				redact: (text) => text,
			},
			pace: openPace(),
			http: async (_type, options) => this.#answer(options),
			httpWithoutKey: async (options) => this.#answer(options),
			log: (line) => this.logs.push(line),
			hint: () => undefined,
		};
		this.client = clientUntil(this.closing.signal, base, this.clock);
	}

	/** A transaction that was made so many seconds ago, on top of the list. */
	add(id: string, status: string, secondsAgo = 0, more: Json = {}): Json {
		const at = new Date(this.clock.now() - secondsAgo * 1000).toISOString();
		const made = { id, status, createdAt: at, updatedAt: at, ...more };
		this.transactions.unshift(made);
		return made;
	}

	/** Changes an object now. */
	move(object: Json, status: string): void {
		object.status = status;
		if ('updatedAt' in object) object.updatedAt = new Date(this.clock.now()).toISOString();
	}

	/** Sends an event to all who listen to the object. */
	tell(id: string, data: unknown, event = '', eventId = ''): void {
		const head = (event && `event: ${event}\n`) + (eventId && `id: ${eventId}\n`);
		const text = typeof data === 'string' ? data : JSON.stringify(data);
		for (const { id: other, body } of this.streams)
			if (other === id && body.isOpen) body.write(`${head}data: ${text}\n\n`);
	}

	/** IDs of the streams that are open now. */
	get open(): string[] {
		return this.streams.filter(({ body }) => body.isOpen).map(({ id }) => id);
	}

	/** What was asked for since the last time. */
	asked(): string[] {
		return this.requests.splice(0);
	}

	/** The same, by path; how often. */
	count(part: string): number {
		return this.requests.filter((path) => path.includes(part)).length;
	}

	async advance(seconds: number): Promise<void> {
		await this.clock.advance(seconds * 1000);
	}

	async settle(): Promise<void> {
		await settled();
	}

	#answer(options: IHttpRequestOptions): unknown {
		const { pathname, searchParams } = new URL(options.url);
		const path = pathname.replace('/api/v1/', '');
		const page = searchParams.get('page');
		this.requests.push(page && page !== '1' ? `${path}?${page}` : path);
		const fault = this.fault(path, searchParams);
		if (path.startsWith('sse/')) return this.#stream(path.split('/').at(-1)!, options, fault);
		const { status, body, type = 'application/json' } = fault ?? this.#rest(path, searchParams);
		return {
			statusCode: status,
			statusMessage: 'Status',
			headers: { 'content-type': type },
			body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
		};
	}

	#stream(id: string, options: IHttpRequestOptions, fault?: Answer): unknown {
		const token = /^Bearer (.*)$/.exec(String(options.headers?.Authorization ?? ''))?.[1];
		const refusal = fault ?? (this.opens(token, id) ? undefined : this.refusal);
		const body = new Body(options.abortSignal as AbortSignal);
		if (!refusal) this.streams.push({ id, body, options });
		else {
			body.write(JSON.stringify(refusal.body ?? {}));
			body.end();
		}
		const type = refusal ? (refusal.type ?? 'application/json') : 'text/event-stream';
		return { statusCode: refusal?.status ?? 200, headers: { 'content-type': type }, body };
	}

	#rest(path: string, query: URLSearchParams): Answer {
		if (path === 'transactions') return this.#page(this.transactions, query);
		if (path === 'subscriptions') return this.#page(this.subscriptions, query);
		const [kind, id] = path.split('/');
		const found =
			kind === 'checkout-sessions'
				? this.sessions.get(id)
				: [...this.transactions, ...this.subscriptions].find((each) => each.id === id);
		return found
			? { status: 200, body: { success: true, data: found } }
			: { status: 404, body: { error: 'Not found' } };
	}

	#page(rows: Json[], query: URLSearchParams): Answer {
		const page = Number(query.get('page') ?? 1);
		const data = rows.slice((page - 1) * this.pageSize, page * this.pageSize);
		const totalPages = Math.ceil(rows.length / this.pageSize);
		return {
			status: 200,
			body: { success: true, data, ...(this.hasFigures && { pagination: { page, totalPages } }) },
		};
	}
}

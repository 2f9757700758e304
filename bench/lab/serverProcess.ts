// A plain server with latencies and limits: what the pace of a client is measured against. It knows
// nothing of KuvarPay but the shape of its answers, so that its own work hardly counts.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { RateLimiter, type LimitOptions } from './limiter';
import { offer } from './child';

/** How the server behaves. */
export interface Rules {
	/** Until an answer, in ms. */
	latency?: number;
	/** With so many in flight an answer takes twice as long, and from there on ever longer. */
	knee?: number;
	limit?: LimitOptions;
	/** Rows of a list. */
	rows?: number;
}

interface Seen {
	requests: number;
	refused: number;
	mostInFlight: number;
}

let rules: Rules = {};
let inFlight = 0;
const seen = new Map<string, Seen>();
const limiters = new Map<string, RateLimiter>();

const PADDING = 'x'.repeat(400);
const row = (id: string) => ({
	id,
	status: 'PENDING',
	fromCurrency: 'USDT',
	toAmount: '1000.00',
	createdAt: '2026-11-21T12:00:00.000Z',
	updatedAt: '2026-11-21T12:00:00.000Z',
	description: PADDING,
});

function answer(url: URL): unknown {
	const id = url.pathname.split('/').pop()!;
	if (id !== 'transactions') return { success: true, data: row(id) };
	const limit = Math.min(100, Number(url.searchParams.get('limit') ?? 50));
	const page = Number(url.searchParams.get('page') ?? 1);
	const total = rules.rows ?? 0;
	const first = (page - 1) * limit;
	const length = Math.max(0, Math.min(limit, total - first));
	const data = Array.from({ length }, (_, index) => row(`trx_${first + index}`));
	const totalPages = Math.ceil(total / limit);
	return { success: true, data, pagination: { page, limit, total, totalPages } };
}

const server = http.createServer({ noDelay: true }, (request, response) => {
	const key = String(request.headers.authorization);
	const own = seen.get(key) ?? { requests: 0, refused: 0, mostInFlight: 0 };
	seen.set(key, own);
	own.requests += 1;
	inFlight += 1;
	own.mostInFlight = Math.max(own.mostInFlight, inFlight);
	const respond = (status: number, headers: Record<string, string>, body: unknown) => {
		inFlight -= 1;
		response.writeHead(status, { 'content-type': 'application/json', ...headers });
		response.end(JSON.stringify(body));
	};
	request.resume().on('end', () => {
		const { latency = 0, knee, limit } = rules;
		if (limit) {
			const limiter = limiters.get(key) ?? new RateLimiter(limit);
			limiters.set(key, limiter);
			const { passes, headers } = limiter.take(Date.now());
			if (!passes) {
				own.refused += 1;
				return respond(429, headers, { success: false, message: 'Too many requests' });
			}
		}
		const wait = knee ? latency * (1 + (inFlight / knee) ** 2) : latency;
		const done = () => respond(200, {}, answer(new URL(request.url!, 'http://server')));
		if (wait > 0) setTimeout(done, wait);
		else done();
	});
});

const methods = {
	async start(): Promise<string> {
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	},
	/** How it behaves from now on. */
	rules(changed: Rules): void {
		rules = changed;
		limiters.clear();
	},
	/** What came with a key since the last time it was asked for. */
	seen(key: string): Seen {
		const own = seen.get(key) ?? { requests: 0, refused: 0, mostInFlight: 0 };
		seen.delete(key);
		return own;
	},
};

export type ServerMethods = typeof methods;

offer(methods);

import type { FastifyReply, FastifyRequest } from 'fastify';

import { ApiError, failure, StreamStart, type Call } from './answers';
import { authorize } from './auth';
import type { HostContract, MatchedOperation } from './contract';
import type { Core } from './core';
import type { FaultRule, Occasion, RequestFaultKind, Strike } from './faults';
import { once } from './idempotency';
import { handlers } from './operations';
import type { Json, StoredAnswer } from './state';
import type { RecordedRequest } from './types';

const HTML_PAGE =
	'<!DOCTYPE html><html><head><title>One moment</title></head><body><h1>Checking your browser</h1></body></html>';

/** One request on its way through: routing, faults, key, contract, idempotency, work, answer. */
export class Exchange {
	private readonly strikes = new Map<RequestFaultKind, Strike>();

	constructor(
		private readonly core: Core,
		private readonly contract: HostContract,
		private readonly elsewhere: HostContract,
		private readonly request: FastifyRequest,
		private readonly reply: FastifyReply,
		private readonly record: RecordedRequest,
	) {}

	/** Answers the request, or leaves it unanswered when a fault says so. */
	async run(): Promise<void> {
		try {
			const matched = this.route();
			const occasion: Occasion = {
				operationId: matched?.operationId ?? '',
				method: this.record.method,
				path: this.record.path,
			};
			this.strike(occasion);
			if (await this.failEarly()) return;
			if (!matched) throw this.notFound();
			authorize(this.core, matched.operationId, matched.params, this.request.headers);
			const call = this.checkedCall(matched);
			const result = await this.work(matched, call);
			if (result instanceof StreamStart) this.stream(result, occasion);
			else await this.finish(result);
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			this.send(error.status, JSON.stringify(failure(error.message)), error.headers);
		}
	}

	private route(): MatchedOperation | undefined {
		const { method, rawPath } = this.record;
		const matched = this.contract.match(method, pathOf(rawPath));
		this.record.operationId = matched?.operationId;
		return matched;
	}

	private notFound(): ApiError {
		const { method, rawPath } = this.record;
		const other = this.elsewhere.match(method, pathOf(rawPath));
		return new ApiError(
			404,
			other
				? `${other.operationId} is an operation of the other host`
				: `Route ${method} ${pathOf(rawPath)} not found`,
		);
	}

	private strike(occasion: Occasion): void {
		for (const strike of this.core.faults.forRequest(occasion)) {
			const kind = strike.rule.kind as RequestFaultKind;
			if (this.strikes.has(kind)) continue;
			this.strikes.set(kind, strike);
			// A limit strikes only those above it.
			if (kind !== 'limit') this.name(kind);
		}
	}

	private name(fault: string): void {
		const { record } = this;
		record.fault = record.fault === undefined ? fault : `${record.fault},${fault}`;
	}

	/** Faults that end a request before anything is done. True when there is nothing more to do. */
	private async failEarly(): Promise<boolean> {
		const { core } = this;
		const wait = core.limiter?.take() || this.strikes.get('limit')?.limiter?.take() || 0;
		if (wait > 0) {
			this.name('limit');
			throw tooMany(wait);
		}
		const rateLimit = this.strikes.get('rateLimit')?.rule;
		if (rateLimit) throw tooMany(rateLimit.retryAfter);
		if (this.strikes.has('resetBefore')) {
			await this.delay();
			return this.reset();
		}
		for (const kind of ['echoKey', 'status', 'html', 'redirect', 'halfOpen'] as const) {
			const rule = this.strikes.get(kind)?.rule;
			if (!rule || rule.afterWork) continue;
			await this.delay();
			return this.fail(kind, rule);
		}
		return false;
	}

	/** Faults that strike once the work is done. True when the answer is already given, or never will be. */
	private failLate(answer: StoredAnswer): boolean {
		if (this.strikes.has('resetAfter')) return this.reset();
		for (const kind of ['status', 'html', 'redirect', 'halfOpen'] as const) {
			const rule = this.strikes.get(kind)?.rule;
			if (rule?.afterWork) return this.fail(kind, rule);
		}
		if (!this.strikes.has('malformedJson')) return false;
		this.send(answer.status, answer.payload.slice(0, Math.ceil(answer.payload.length / 2)));
		return true;
	}

	private fail(kind: RequestFaultKind, rule: FaultRule): boolean {
		if (kind === 'halfOpen') {
			this.reply.hijack();
		} else if (kind === 'html') {
			this.send(rule.status ?? 200, HTML_PAGE, { 'content-type': 'text/html; charset=utf-8' });
		} else if (kind === 'redirect') {
			this.send(rule.status ?? 302, '', { location: rule.to ?? '/' });
		} else if (kind === 'echoKey') {
			const sent = this.request.headers.authorization ?? this.request.headers['x-api-key'];
			const message = `The request with Authorization: ${String(sent)} was refused`;
			this.send(rule.status ?? 400, JSON.stringify(failure(message)));
		} else {
			const status = rule.status ?? 503;
			this.send(status, JSON.stringify(failure(`Simulated failure with status ${status}`)));
		}
		return true;
	}

	private reset(): boolean {
		this.reply.hijack();
		this.request.raw.socket.resetAndDestroy();
		return true;
	}

	private async delay(): Promise<void> {
		const rule = this.strikes.get('latency')?.rule;
		if (!rule) return;
		await this.core.timers.sleep((rule.ms ?? 0) + this.core.random() * (rule.jitterMs ?? 0));
	}

	private checkedCall(matched: MatchedOperation): Call {
		const { record, request } = this;
		if (record.rawBody !== '') {
			if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
				throw this.refused(matched, 415, 'the Content-Type must be application/json');
			}
			if (record.body === undefined) throw this.refused(matched, 400, 'the body is not JSON');
		}
		const problem = this.contract.requestProblem(matched, {
			method: record.method,
			path: record.rawPath,
			query: record.query,
			headers: record.headers,
			body: record.body,
		});
		if (problem) throw this.refused(matched, 400, problem);
		const body = (record.body ?? {}) as Json;
		return { params: matched.params, query: record.query, body, headers: request.headers };
	}

	private refused({ operationId }: MatchedOperation, status: number, problem: string): ApiError {
		this.core.contractViolations.push(`request ${operationId}: ${problem}`);
		return new ApiError(status, `Invalid request: ${problem}`);
	}

	private async work(matched: MatchedOperation, call: Call): Promise<StoredAnswer | StreamStart> {
		const handler = handlers[matched.operationId];
		if (!handler) throw new ApiError(501, `${matched.operationId} is not simulated`);
		const key = this.request.headers['idempotency-key'];
		if (this.record.method === 'GET' || typeof key !== 'string') {
			await this.delay();
			const result = handler(call, this.core);
			return result instanceof StreamStart ? result : this.checkedAnswer(matched, result);
		}
		const endpoint = `${this.record.host} ${this.record.method} ${this.record.path}`;
		return await once(this.core, endpoint, key, this.record.rawBody, async () => {
			// Within the idempotent part, so that a repeat meets a first request that is still under way.
			await this.delay();
			return this.checkedAnswer(matched, handler(call, this.core) as Json);
		});
	}

	private checkedAnswer(matched: MatchedOperation, body: Json): StoredAnswer {
		const status = matched.successStatus;
		const payload = JSON.stringify(body);
		if (this.core.options.validateResponses !== false) {
			// Judged as the client will see it: JSON drops what is undefined.
			const problem = this.contract.responseProblem(matched, status, JSON.parse(payload));
			if (problem) {
				this.core.contractViolations.push(`response ${matched.operationId}: ${problem}`);
				throw new ApiError(500, `The simulator's answer violates the contract: ${problem}`);
			}
		}
		return { status, payload };
	}

	private async finish(answer: StoredAnswer): Promise<void> {
		this.core.changed();
		if (!this.failLate(answer)) this.send(answer.status, answer.payload);
	}

	private stream({ kind, id, resource }: StreamStart, occasion: Occasion): void {
		if (!this.request.headers.accept?.includes('text/event-stream')) {
			throw new ApiError(406, 'This is an event stream: send Accept: text/event-stream');
		}
		this.reply.hijack();
		const strikes = this.core.faults.forStream(occasion);
		for (const { rule } of strikes) this.name(rule.kind);
		const lastEventId = this.request.headers['last-event-id'];
		this.core.streams.connect(
			kind,
			id,
			resource,
			this.reply.raw,
			occasion,
			strikes,
			typeof lastEventId === 'string' ? lastEventId : undefined,
		);
		this.record.status = this.reply.raw.statusCode;
		if (this.strikes.has('resetAfter')) this.request.raw.socket.resetAndDestroy();
		this.core.changed();
	}

	private send(status: number, payload: string, headers: Record<string, string> = {}): void {
		this.reply.code(status);
		this.reply.headers({ 'content-type': 'application/json; charset=utf-8', ...headers });
		this.reply.send(payload);
	}
}

function pathOf(rawPath: string): string {
	const end = rawPath.indexOf('?');
	return end === -1 ? rawPath : rawPath.slice(0, end);
}

function tooMany(retryAfter: number | string | undefined): ApiError {
	return new ApiError(
		429,
		'Too many requests',
		retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
	);
}

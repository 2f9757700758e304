import type { FastifyReply, FastifyRequest } from 'fastify';

import { ApiError, Rows, StreamStart, success, type Call } from './answers';
import { authorize, noteKeys } from './auth';
import type { Core } from './core';
import { writeListBody, writeObjectBody } from './dialect/bodies';
import { writeError, writeNoRoute, written, type Written } from './dialect/errors';
import { pageOf } from './dialect/lists';
import type { Matched } from './dialect/routes';
import type { FaultRule, Occasion, RequestFaultKind, Strike } from './faults';
import { once } from './idempotency';
import { handlers } from './operations';
import { checkedCall, readSaid } from './reading';
import type { Json, StoredAnswer } from './state';
import type { RecordedRequest } from './types';

const HTML_PAGE =
	'<!DOCTYPE html><html><head><title>One moment</title></head><body><h1>Checking your browser</h1></body></html>';

/** One request on its way through: routing, faults, key, contract, idempotency, work, answer. */
export class Exchange {
	private readonly strikes = new Map<RequestFaultKind, Strike>();
	/** What every answer tells, such as how much of a limit is left. */
	private readonly headers: Record<string, string> = {};
	/** Whether the request has come as far as the operation. */
	private arrived = false;

	constructor(
		private readonly core: Core,
		private readonly request: FastifyRequest,
		private readonly reply: FastifyReply,
		private readonly record: RecordedRequest,
	) {}

	/** Answers the request, or leaves it unanswered when a fault says so. */
	async run(): Promise<void> {
		this.core.inFlight += 1;
		try {
			await this.answer();
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			this.send(writeError(this.core.dialect.errors, error, this.arrived));
		} finally {
			this.core.inFlight -= 1;
		}
	}

	private async answer(): Promise<void> {
		const { core, record, request } = this;
		noteKeys(core, record);
		const matched = core.router.match(record.host, record.method, pathOf(record.rawPath));
		record.operationId = matched?.operationId;
		const { method, path } = record;
		const occasion: Occasion = { operationId: matched?.operationId ?? '', method, path };
		this.strike(occasion);
		if (await this.failEarly()) return;
		if (!matched) return this.answerNoRoute();
		const said = readSaid(core, record, matched);
		authorize(core, matched.operationId, said.params, request.headers);
		this.arrived = true;
		const call = checkedCall(core, record, matched, said);
		const result = await this.work(matched, call);
		if (result instanceof StreamStart) this.stream(result, occasion);
		else await this.finish(result);
	}

	private answerNoRoute(): void {
		const { dialect } = this.core;
		const { method, rawPath } = this.record;
		if (dialect.key.first) authorize(this.core, '', {}, this.request.headers);
		this.send(writeNoRoute(dialect, method, pathOf(rawPath)));
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
		for (const limiter of [core.limiter, this.strikes.get('limit')?.limiter]) {
			if (!limiter) continue;
			const verdict = limiter.take();
			Object.assign(this.headers, limiter.headers(verdict));
			if (verdict.wait === 0) continue;
			this.name('limit');
			throw new ApiError(429, 'Too many requests');
		}
		const rateLimit = this.strikes.get('rateLimit')?.rule;
		if (rateLimit) {
			const { retryAfter } = rateLimit;
			const headers: Record<string, string> = {};
			if (retryAfter !== undefined) headers['retry-after'] = String(retryAfter);
			throw new ApiError(429, 'Too many requests', headers);
		}
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
		const half = answer.payload.slice(0, Math.ceil(answer.payload.length / 2));
		this.send({ ...answer, payload: half });
		return true;
	}

	private fail(kind: RequestFaultKind, rule: FaultRule): boolean {
		if (kind === 'halfOpen') {
			this.reply.hijack();
		} else if (kind === 'html') {
			this.send(written(rule.status ?? 200, HTML_PAGE, 'text/html'));
		} else if (kind === 'redirect') {
			this.send({ status: rule.status ?? 302, payload: '', headers: { location: rule.to ?? '/' } });
		} else if (kind === 'echoKey') {
			const sent = this.request.headers.authorization ?? this.request.headers['x-api-key'];
			this.refuse(
				rule.status ?? 400,
				`The request with Authorization: ${String(sent)} was refused`,
			);
		} else {
			const status = rule.status ?? 503;
			this.refuse(status, `Simulated failure with status ${status}`);
		}
		return true;
	}

	private refuse(status: number, message: string): void {
		this.send(writeError(this.core.dialect.errors, new ApiError(status, message), false));
	}

	private reset(): boolean {
		this.reply.hijack();
		this.request.raw.socket.resetAndDestroy();
		return true;
	}

	private async delay(): Promise<void> {
		const { core } = this;
		const rule = this.strikes.get('latency')?.rule;
		const fault = rule ? (rule.ms ?? 0) + core.random() * (rule.jitterMs ?? 0) : 0;
		const ms = fault + (core.options.msPerInFlight ?? 0) * core.inFlight;
		if (ms > 0) await core.timers.sleep(ms);
	}

	private async work(matched: Matched, call: Call): Promise<StoredAnswer | StreamStart> {
		const handler = handlers[matched.operationId];
		if (!handler) throw new ApiError(501, `${matched.operationId} is not simulated`);
		const { host, method, path, rawBody } = this.record;
		if (method === 'GET') {
			await this.delay();
			const result = handler(call, this.core);
			return result instanceof StreamStart ? result : this.written(matched, call, result);
		}
		const key = this.request.headers['idempotency-key'];
		const idempotencyKey = typeof key === 'string' ? key : undefined;
		const write = async () => {
			// Within the idempotent part, so that a repeat meets a first request that is still under way.
			await this.delay();
			const result = handler(call, this.core) as Json;
			if (this.core.options.record !== false) {
				const { operationId } = matched;
				this.core.writes.push({ operationId, host, method, path, idempotencyKey, at: Date.now() });
			}
			return this.written(matched, call, result);
		};
		if (idempotencyKey === undefined) return await write();
		return await once(this.core, `${host} ${method} ${path}`, idempotencyKey, rawBody, write);
	}

	/** The answer as the dialect has it, once the contract has nothing against it. */
	private written(matched: Matched, { query }: Call, result: Json | Rows): StoredAnswer {
		const { core } = this;
		const { dialect, writeObject } = core;
		if (!(result instanceof Rows)) {
			this.checkAnswer(matched, result);
			return writeObjectBody(dialect, writeObject, matched, result);
		}
		const part = pageOf(dialect.lists, result, query);
		const { rows, number, limit, total, totalPages } = part;
		const figures = { pagination: { page: number, limit, total, totalPages } };
		this.checkAnswer(matched, success(rows, result.paged ? figures : {}));
		const base = this.record.host === 'payments' ? core.baseUrl : core.businessBaseUrl;
		const address = new URL(this.record.rawPath, base);
		return writeListBody(dialect, writeObject, matched, result, part, address);
	}

	private checkAnswer(matched: Matched, body: Json): void {
		if (this.core.options.validateResponses === false) return;
		// Judged as the client will see it: JSON drops what is undefined.
		const seen: unknown = JSON.parse(JSON.stringify(body));
		const problem = matched.judge.responseProblem(matched, matched.successStatus, seen);
		if (!problem) return;
		this.core.contractViolations.push(`response ${matched.operationId}: ${problem}`);
		throw new ApiError(500, `The simulator's answer violates the contract: ${problem}`);
	}

	private async finish(answer: StoredAnswer): Promise<void> {
		this.core.changed();
		if (!this.failLate(answer)) this.send(answer);
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

	private send({ status, payload, headers }: Written): void {
		this.reply.code(status);
		this.reply.headers({ ...headers, ...this.headers });
		// Of an empty text the server would tell the type.
		this.reply.send(payload === '' ? undefined : payload);
	}
}

function pathOf(rawPath: string): string {
	const end = rawPath.indexOf('?');
	return end === -1 ? rawPath : rawPath.slice(0, end);
}

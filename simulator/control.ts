import type { FastifyInstance, FastifyRequest } from 'fastify';

import { failure, success } from './answers';
import type { Core } from './core';
import type { FaultRule } from './faults';
import type { Json } from './state';
import { setSessionStatus, setTransactionStatus } from './transitions';

/** The simulator's own endpoints, under `/_simulator`. They need no key: only this machine reaches them. */
export function addControl(app: FastifyInstance, core: Core): void {
	app.register(
		async (control) => {
			control.addHook('onRequest', async (request, reply) => {
				// A web page whose name was pointed at 127.0.0.1 must not reach these from a browser.
				if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(request.headers.host ?? '')) {
					return await reply.code(403).send(failure('Only by the name localhost or 127.0.0.1'));
				}
			});
			control.setErrorHandler((error: Error, _request, reply) => {
				reply.code(400).send(failure(error.message));
			});

			control.get('/faults', () => success(core.faults.list().map(asJson)));
			control.post('/faults', (request) => {
				const rules = bodyOf(request);
				for (const rule of Array.isArray(rules) ? rules : [rules])
					core.faults.add(rule as FaultRule);
				return success(core.faults.list().map(asJson));
			});
			control.delete('/faults', () => {
				core.faults.clear();
				return success([]);
			});

			control.get('/requests', () => success(core.requests));
			control.delete('/requests', () => {
				core.requests.length = 0;
				return success([]);
			});
			control.get('/state', () => success(snapshot(core)));

			control.post<{ Params: { id: string } }>('/sessions/:id/status', (request) => {
				const { status } = bodyOf(request) as { status: string };
				return success(setSessionStatus(core, request.params.id, wanted(status)));
			});
			control.post<{ Params: { id: string } }>('/transactions/:id/status', (request) => {
				const { status } = bodyOf(request) as { status: string };
				return success(setTransactionStatus(core, request.params.id, wanted(status)));
			});
			control.post('/streams/cut', (request) => {
				core.streams.cutAll(bodyOf(request) as Json);
				return success({ open: core.streams.open });
			});

			control.post('/webhooks', async (request) => {
				const { event, body, ...options } = bodyOf(request) as { event?: string; body?: Json };
				const name = event ?? 'webhook.test';
				const sent = body ?? { event: name, timestamp: new Date().toISOString(), data: {} };
				return success({ status: await core.webhooks.send(name, sent, options) });
			});
		},
		{ prefix: '/_simulator' },
	);
}

function bodyOf(request: FastifyRequest): unknown {
	if (typeof request.body !== 'string' || request.body === '') return {};
	return JSON.parse(request.body) as unknown;
}

function wanted(status: unknown): string {
	if (typeof status !== 'string' || status === '') {
		throw new Error('Send {"status": "COMPLETED"} or another status');
	}
	return status;
}

function asJson(rule: FaultRule): Json {
	const match = Object.entries(rule.match ?? {}).map(([name, value]) => [name, String(value)]);
	return { ...rule, ...(rule.match ? { match: Object.fromEntries(match) as Json } : {}) };
}

function snapshot(core: Core): Json {
	const maps = Object.entries(core.state).filter(([name]) => name !== 'idempotency');
	return {
		...Object.fromEntries(
			maps.map(([name, value]) => [name, value instanceof Map ? [...value.values()] : value]),
		),
		streams: { open: core.streams.open, opened: core.streams.opened },
		deliveries: core.webhooks.deliveries,
		contractViolations: core.contractViolations,
		writes: core.writes,
	};
}

// The action node beside n8n's HTTP Request node, doing the same work for many items.
import { Bench } from 'tinybench';
import type { EngineHost, NodeSpec } from '../engine';
import type { SimulatorProcess } from './lab';
import { goal, many, ms, times, type Goal, type Report } from './report';
import type { Part } from './runner';

type Items = Array<{ json: Record<string, unknown> }>;

/** One way to do the work: gives the time it took and how many items failed. */
interface Contender {
	name: string;
	run: () => Promise<{ took: number; failed: number }>;
}

interface Measured {
	name: string;
	took: number;
	/** Of all rounds, the worst. */
	failed: number;
	requests: number;
}

interface Work {
	title: string;
	items: (simulator: SimulatorProcess, count: number) => Promise<Items>;
	ours: Record<string, unknown>;
	theirs: (baseUrl: string) => Record<string, unknown>;
	plain: (baseUrl: string, json: Record<string, unknown>) => { url: string; init: RequestInit };
}

export const getTransaction: Work = {
	title: 'Get Transaction',
	items: async (simulator, count) =>
		(await simulator.ask('transactions', count)).map((id) => ({ json: { id } })),
	ours: {
		resource: 'transaction',
		operation: 'get',
		transactionId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
	},
	theirs: (baseUrl) => ({ url: `=${baseUrl}/api/v1/transactions/{{ $json.id }}` }),
	plain: (baseUrl, { id }) => ({ url: `${baseUrl}/api/v1/transactions/${String(id)}`, init: {} }),
};

export const createSession: Work = {
	title: 'Create Checkout Session',
	items: async (_simulator, count) =>
		Array.from({ length: count }, (_, index) => ({ json: { amount: 1000 + index } })),
	ours: {
		resource: 'checkoutSession',
		operation: 'create',
		amount: '={{ $json.amount }}',
		currency: 'NGN',
	},
	theirs: (baseUrl) => ({
		method: 'POST',
		url: `${baseUrl}/api/v1/checkout-sessions`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: '={{ { "amount": $json.amount, "currency": "NGN" } }}',
	}),
	plain: (baseUrl, { amount }) => ({
		url: `${baseUrl}/api/v1/checkout-sessions`,
		init: {
			method: 'POST',
			headers: { 'Content-Type': 'application/json' },
			body: JSON.stringify({ amount, currency: 'NGN' }),
		},
	}),
};

/** Our node, with its defaults or with another number of items in flight. */
export function kuvarPay(
	host: EngineHost,
	{ credential }: SimulatorProcess,
	work: Work,
	items: Items,
	concurrency?: number,
): Contender {
	const options = concurrency === undefined ? {} : { concurrency };
	const node: NodeSpec = { type: 'kuvarPay', parameters: { ...work.ours, options } };
	return {
		name: concurrency === undefined ? 'KuvarPay' : `KuvarPay, Concurrency ${concurrency}`,
		run: async () => await onEngine(host, node, credential, items),
	};
}

/** n8n's HTTP Request node; all at once unless batches are given. */
export function httpRequest(
	host: EngineHost,
	{ credential }: SimulatorProcess,
	work: Work,
	items: Items,
	batchSize?: number,
): Contender {
	const options = batchSize ? { batching: { batch: { batchSize, batchInterval: 1000 } } } : {};
	const node: NodeSpec = {
		type: 'n8n-nodes-base.httpRequest',
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'kuvarPayApi',
			...work.theirs(credential.baseUrl),
			options,
		},
		credentials: { kuvarPayApi: { id: 'kuvarPayApi', name: 'kuvarPayApi' } },
	};
	return {
		name: batchSize ? `HTTP Request, ${batchSize} a second` : 'HTTP Request',
		run: async () => await onEngine(host, node, credential, items),
	};
}

/** Node's own fetch, all at once, without n8n: the floor. */
function plainFetch({ credential }: SimulatorProcess, work: Work, items: Items): Contender {
	const one = async ({ json }: Items[number]) => {
		const { url, init } = work.plain(credential.baseUrl, json);
		const headers = { ...init.headers, Authorization: credential.apiKey };
		const response = await fetch(url, { ...init, headers });
		await response.json();
		return response.ok;
	};
	return {
		name: 'plain fetch',
		run: async () => {
			const begun = performance.now();
			const done = await Promise.all(items.map(one));
			return { took: performance.now() - begun, failed: done.filter((ok) => !ok).length };
		},
	};
}

async function onEngine(
	host: EngineHost,
	node: NodeSpec,
	credential: SimulatorProcess['credential'],
	items: Items,
) {
	const result = await host.run({
		node: { ...node, onError: 'continueRegularOutput' },
		items,
		credentials: { kuvarPayApi: { ...credential } },
		timeoutMs: 300_000,
	});
	if (result.error) throw new Error(`${node.type}: ${result.error.message}`);
	const errors = result.items.filter(({ json }) => json.error !== undefined);
	if (result.items.length !== items.length) throw new Error('Items are missing in the output');
	return { took: result.durationMs, failed: errors.length };
}

/**
 * Times all contenders in turns, so that whatever else the machine does hits all alike; the middle
 * one of the rounds counts.
 */
export async function measure(
	contenders: Contender[],
	simulator: SimulatorProcess,
	iterations: number,
	warmupIterations: number,
	pauseMs = 0,
): Promise<Measured[]> {
	const failed = new Map<string, number>();
	const requests = new Map<string, number>();
	const once = async ({ name, run }: Contender) => {
		// A limit counts by the second: nobody begins with what the one before has left of it.
		if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
		await simulator.ask('requests');
		const outcome = await run();
		const sent = (await simulator.ask('requests')).length;
		if (sent === 0 && outcome.failed > 0) throw new Error(`${name} does nothing`);
		failed.set(name, Math.max(failed.get(name) ?? 0, outcome.failed));
		requests.set(name, sent);
		return outcome.took;
	};
	const rounds: Array<Map<string, number>> = [];
	const round = async (index: number) => {
		if (rounds[index]) return rounds[index];
		const took = new Map<string, number>();
		for (const contender of contenders) took.set(contender.name, await once(contender));
		return (rounds[index] = took);
	};
	const bench = new Bench({
		time: 0,
		iterations,
		warmup: warmupIterations > 0,
		warmupIterations,
		warmupTime: 0,
		throws: true,
	});
	for (const { name } of contenders) {
		let turn = 0;
		bench.add(name, async () => ({ overriddenDuration: (await round(turn++)).get(name)! }));
	}
	await bench.run();
	return bench.tasks.map(({ name, result }) => {
		if (!('latency' in result)) throw new Error(`${name} was not measured`);
		return {
			name,
			took: result.latency.p50,
			failed: failed.get(name)!,
			requests: requests.get(name)!,
		};
	});
}

/** The one with the fewest failures, and of those the fastest. */
const bestOf = (measured: Measured[], name: string): Measured =>
	measured
		.filter((one) => one.name.startsWith(name))
		.reduce((a, b) => ((b.failed - a.failed || b.took - a.took) < 0 ? b : a));

/** By how much the medians of two runs differ when nothing else does. */
const NOISE = 0.05;

/** The row of each contender, and the goal: no slower than the best peer, and nothing failed. */
function judge(
	work: string,
	where: string,
	measured: Measured[],
): { rows: string[][]; goals: Goal[] } {
	const ours = bestOf(measured, 'KuvarPay');
	const theirs = bestOf(measured, 'HTTP Request');
	const ratio = ours.took / theirs.took;
	return {
		rows: measured.map(({ name, took, failed, requests }) => [
			work,
			where,
			name,
			ms(took),
			times(took / theirs.took),
			many(failed),
			many(requests),
		]),
		goals: [
			goal(
				`${work}, ${where}: no slower than ${theirs.name} (5 % are noise), 0 failed`,
				ratio <= 1 + NOISE && ours.failed === 0,
				`${ours.name} takes ${times(ratio)} its time, ${ours.failed} failed`,
			),
		],
	};
}

export const actions: Part = async ({ lab, quick, say }) => {
	const count = quick ? 200 : 1000;
	const rows: string[][] = [];
	const goals: Goal[] = [];
	const add = (judged: { rows: string[][]; goals: Goal[] }) => {
		rows.push(...judged.rows);
		goals.push(...judged.goals);
	};
	for (const work of [getTransaction, createSession])
		await lab.run({}, async (host, simulator) => {
			const items = await work.items(simulator, count);
			const [ours, most, theirs, floor] = [
				kuvarPay(host, simulator, work, items),
				kuvarPay(host, simulator, work, items, 200),
				httpRequest(host, simulator, work, items),
				plainFetch(simulator, work, items),
			];
			for (const latency of [0, 20, 100]) {
				say(`${work.title}, ${latency} ms`);
				await simulator.ask('faults', latency ? [{ kind: 'latency', ms: latency }] : []);
				const measured = await measure([ours, most, theirs, floor], simulator, quick ? 3 : 11, 2);
				add(judge(work.title, `${latency} ms`, measured));
			}
			say(`${work.title}, 100 requests a second`);
			await simulator.ask('faults', [{ kind: 'limit', perSecond: quick ? 50 : 100 }]);
			const batches = (quick ? [45] : [100, 95, 90]).map((size) =>
				httpRequest(host, simulator, work, items, size),
			);
			const contenders = [ours, most, theirs, ...batches];
			add(
				judge(
					work.title,
					'limit 100/s',
					await measure(contenders, simulator, quick ? 1 : 3, 0, 1100),
				),
			);
		});
	const report: Report = {
		title: `Actions: ${many(count)} items (medians; ratio to the HTTP Request node at its best)`,
		head: ['operation', 'server', 'node', 'time', 'ratio', 'failed', 'requests'],
		rows,
		goals,
	};
	return [report];
};

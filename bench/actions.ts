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

/** Our node, with its defaults. */
export function kuvarPay(
	host: EngineHost,
	{ credential }: SimulatorProcess,
	work: Work,
	items: Items,
): Contender {
	const node: NodeSpec = { type: 'kuvarPay', parameters: work.ours };
	return { name: 'KuvarPay', run: async () => await onEngine(host, node, credential, items) };
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
	const failed = result.items.filter(({ json }) => json.error !== undefined).length;
	if (result.items.length !== items.length) throw new Error('Items are missing in the output');
	return { took: result.durationMs, failed };
}

/** Times each contender; the middle one of the rounds counts. */
export async function measure(
	contenders: Contender[],
	simulator: SimulatorProcess,
	iterations: number,
	warmup: boolean,
): Promise<Measured[]> {
	const failed = new Map<string, number>();
	const requests = new Map<string, number>();
	const bench = new Bench({
		time: 0,
		iterations,
		warmup,
		warmupIterations: 1,
		warmupTime: 0,
		throws: true,
	});
	for (const { name, run } of contenders)
		bench.add(name, async () => {
			await simulator.ask('requests');
			const outcome = await run();
			failed.set(name, Math.max(failed.get(name) ?? 0, outcome.failed));
			requests.set(name, (await simulator.ask('requests')).length);
			return { overriddenDuration: outcome.took };
		});
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

/** The row of each contender, and the goal: no slower than the best peer, and nothing failed. */
function judge(
	title: string,
	where: string,
	measured: Measured[],
): { rows: string[][]; goals: Goal[] } {
	const ours = measured.find(({ name }) => name === 'KuvarPay')!;
	const peers = measured.filter(({ name }) => name.startsWith('HTTP Request'));
	const fewest = Math.min(...peers.map(({ failed }) => failed));
	const best = peers
		.filter(({ failed }) => failed === fewest)
		.reduce((a, b) => (b.took < a.took ? b : a));
	const rows = measured.map(({ name, took, failed, requests }) => [
		title,
		where,
		name,
		ms(took),
		times(took / ours.took),
		many(failed),
		many(requests),
	]);
	const ratio = ours.took / best.took;
	return {
		rows,
		goals: [
			goal(
				`${title}, ${where}: no slower than ${best.name}, 0 failed`,
				ratio <= 1 && ours.failed === 0,
				`${times(ratio)} its time, ${ours.failed} failed`,
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
			const [ours, theirs, floor] = [
				kuvarPay(host, simulator, work, items),
				httpRequest(host, simulator, work, items),
				plainFetch(simulator, work, items),
			];
			for (const latency of [0, 20, 100]) {
				say(`${work.title}, ${latency} ms`);
				await simulator.ask('faults', latency ? [{ kind: 'latency', ms: latency }] : []);
				const measured = await measure([ours, theirs, floor], simulator, quick ? 3 : 9, true);
				add(judge(work.title, `${latency} ms`, measured));
			}
			say(`${work.title}, 100 requests a second`);
			await simulator.ask('faults', [{ kind: 'limit', perSecond: quick ? 50 : 100 }]);
			const batches = (quick ? [45] : [100, 95, 90]).map((size) =>
				httpRequest(host, simulator, work, items, size),
			);
			const contenders = [ours, theirs, ...batches];
			add(
				judge(
					work.title,
					'limit 100/s',
					await measure(contenders, simulator, quick ? 1 : 3, false),
				),
			);
		});
	const report: Report = {
		title: `Actions: ${many(count)} items (medians; times as a multiple of KuvarPay's)`,
		head: ['operation', 'server', 'node', 'time', 'ratio', 'failed', 'requests'],
		rows,
		goals,
	};
	return [report];
};

// Ways to do the same work for many items: our node, n8n's HTTP Request node, and fetch.
import type { EngineHost, NodeSpec } from '../engine';

type Items = Array<{ json: Record<string, unknown> }>;

/** Where the work is done. */
export interface Place {
	apiKey: string;
	baseUrl: string;
	businessBaseUrl: string;
}

export interface Outcome {
	/** In ms. */
	took: number;
	failed: number;
}

/** One way to do the work. */
export interface Contender {
	name: string;
	run(place: Place): Promise<Outcome>;
}

export interface Work {
	title: string;
	/** @param ids of transactions that exist */
	items(ids: string[]): Items;
	ours: Record<string, unknown>;
	theirs(baseUrl: string): Record<string, unknown>;
	plain(baseUrl: string, json: Record<string, unknown>): { url: string; init: RequestInit };
}

export const getTransaction: Work = {
	title: 'Get Transaction',
	items: (ids) => ids.map((id) => ({ json: { id } })),
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
	items: (ids) => ids.map((_id, index) => ({ json: { amount: 1000 + index } })),
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

/** Our node, with no option set unless a concurrency is given. */
export function kuvarPay(
	host: EngineHost,
	work: Work,
	items: Items,
	concurrency?: number,
): Contender {
	const options = concurrency === undefined ? {} : { concurrency };
	const node: NodeSpec = { type: 'kuvarPay', parameters: { ...work.ours, options } };
	return {
		name: concurrency === undefined ? 'KuvarPay' : `KuvarPay, Concurrency ${concurrency}`,
		run: async (place) => await onEngine(host, node, place, items),
	};
}

/** n8n's HTTP Request node; all at once, as by default, unless batches are given. */
export function httpRequest(
	host: EngineHost,
	work: Work,
	items: Items,
	batchSize?: number,
): Contender {
	const options = batchSize ? { batching: { batch: { batchSize, batchInterval: 1000 } } } : {};
	return {
		name: batchSize ? `HTTP Request, ${batchSize} a second` : 'HTTP Request',
		run: async (place) => {
			const parameters = { ...httpAuthentication, ...work.theirs(place.baseUrl), options };
			return await onEngine(host, { ...httpNode, parameters }, place, items);
		},
	};
}

const httpNode = {
	type: 'n8n-nodes-base.httpRequest',
	credentials: { kuvarPayApi: { id: 'kuvarPayApi', name: 'kuvarPayApi' } },
};
const httpAuthentication = {
	authentication: 'predefinedCredentialType',
	nodeCredentialType: 'kuvarPayApi',
};

/** Node's own fetch, all at once, without n8n: the floor. */
export function plainFetch(work: Work, items: Items): Contender {
	return {
		name: 'plain fetch',
		run: async ({ apiKey, baseUrl }) => {
			const one = async ({ json }: Items[number]) => {
				const { url, init } = work.plain(baseUrl, json);
				const headers = { ...init.headers, Authorization: apiKey };
				const response = await fetch(url, { ...init, headers });
				await response.json();
				return response.ok;
			};
			const begun = performance.now();
			const done = await Promise.all(items.map(one));
			return { took: performance.now() - begun, failed: done.filter((ok) => !ok).length };
		},
	};
}

async function onEngine(
	host: EngineHost,
	node: NodeSpec,
	place: Place,
	items: Items,
): Promise<Outcome> {
	const result = await host.run({
		node: { ...node, onError: 'continueRegularOutput' },
		items,
		credentials: { kuvarPayApi: { ...place } },
		timeoutMs: 600_000,
	});
	if (result.error) throw new Error(`${node.type}: ${result.error.message}`);
	if (result.items.length !== items.length) throw new Error('Items are missing in the output');
	const failed = result.items.filter(({ json }) => json.error !== undefined).length;
	return { took: result.durationMs, failed };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { load } from 'js-yaml';

import { startSimulator, type Simulator } from '../../simulator';
import { ask } from './client';

interface Operation {
	operationId: string;
	requestBody?: { content: { 'application/json': { example?: Record<string, unknown> } } };
}

const contract = load(
	readFileSync(join(__dirname, '../../contract/kuvarpay.openapi.yaml'), 'utf8'),
) as { paths: Record<string, Record<string, Operation> & { servers?: { url: string }[] }> };

const operations = Object.entries(contract.paths).flatMap(([path, item]) =>
	(['get', 'post', 'patch', 'delete'] as const)
		.filter((method) => item[method])
		.map((method) => ({
			path,
			method: method.toUpperCase(),
			business: item.servers?.[0].url === 'https://kuvarpay.com',
			id: item[method].operationId,
			example: item[method].requestBody?.content['application/json'].example,
		})),
);

let simulator: Simulator;

beforeEach(async () => {
	simulator = await startSimulator({ heartbeat: 0 });
});

afterEach(async () => {
	await simulator.close();
});

/** Creates what an operation needs and gives the ids to use in place of the example's. */
function prepared(operationId: string): Record<string, string> {
	const metered = operationId === 'subscriptionInvoice.createMetered';
	const subscription = simulator.create.subscription({
		billingMode: metered ? 'METERED' : 'FIXED',
	});
	subscription.cancelAtPeriodEnd = operationId === 'subscription.confirmCancellation';
	simulator.state.authorizations.set(subscription.id, {
		subscriptionId: subscription.id,
		authId: '0x1',
		status: 'ACTIVE',
		createdAt: subscription.createdAt,
		updatedAt: subscription.updatedAt,
	});
	const other = simulator.create.price({ amount: '1' });
	const session = simulator.createSession();
	const subscriptionInvoice = simulator.create.subscriptionInvoice(subscription.id);
	simulator.settleInvoice(subscriptionInvoice.id, 'SUCCEEDED');
	return {
		transactionId: simulator.createTransaction().id,
		sessionId: session.sessionId,
		invoiceId: operationId.startsWith('invoice')
			? simulator.create.invoice().id
			: subscriptionInvoice.id,
		planId: other.planId,
		priceId: other.id,
		price_id: other.id,
		customer_id: subscription.customerId,
		subscriptionId: subscription.id,
	};
}

it('knows all 47 operations', () => {
	expect(operations).toHaveLength(47);
});

it.each(operations)('$id answers its example as the contract says', async (operation) => {
	const { id, method, business } = operation;
	const ids = prepared(id);
	if (id.startsWith('subscriptionCheckout')) {
		const { json } = await ask(simulator, '/api/v1/subscriptions/checkout-sessions', {
			body: { billingMode: 'FIXED', priceId: ids.priceId, customer: { email: 'b@example.com' } },
		});
		ids.sessionId = json.data.checkoutSession.id;
	}
	const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => ids[name]);
	const body = operation.example && { ...operation.example };
	for (const name of Object.keys(body ?? {})) if (ids[name]) body![name] = ids[name];
	if (id.endsWith('waitForUpdate')) {
		const controller = new AbortController();
		const response = await fetch(simulator.baseUrl + path, {
			headers: { authorization: simulator.apiKey, accept: 'text/event-stream' },
			signal: controller.signal,
		});
		expect(response.status).toBe(200);
		controller.abort();
	} else {
		const answer = await ask(simulator, path, { method, body, business });
		expect(answer.json).toMatchObject({
			[id.endsWith('confirm') ? 'eip712' : 'success']: expect.anything(),
		});
		expect(answer.status).toBe(200);
	}
	expect(simulator.contractViolations).toEqual([]);
	expect(simulator.requests.at(-1)).toMatchObject({ operationId: id, status: 200, method });
});

it.each(operations)(
	'$id refuses a call without the key',
	async ({ path, method, business, example }) => {
		const answer = await ask(simulator, path.replace(/\{\w+\}/g, 'x'), {
			method,
			business,
			body: example,
			anonymous: true,
		});
		expect(answer.status).toBe(401);
		expect(answer.json).toEqual({ success: false, error: 'API key is missing' });
	},
);

it.each(operations.filter(({ path }) => path.includes('{')))(
	'$id says that it did not find what is not there',
	async ({ path, method, business, example }) => {
		const answer = await ask(simulator, path.replace(/\{\w+\}/g, 'nothing'), {
			method,
			business,
			body: example,
			headers: { accept: 'text/event-stream' },
		});
		expect(answer.status).toBe(404);
		expect(answer.json.error).toMatch(/not found$/);
		expect(simulator.contractViolations).toEqual([]);
	},
);

it('answers 404 on the wrong host, as on any path that does not exist', async () => {
	const wrong = await ask(simulator, '/api/v1/invoices', { body: {} });
	expect(wrong.status).toBe(404);
	expect(wrong.json.error).toBe('Route POST /api/v1/invoices not found');
	expect((await ask(simulator, '/api/v1/transactions', { business: true })).status).toBe(404);
	expect((await ask(simulator, '/api/v2/transactions')).status).toBe(404);
	expect(simulator.requests.map(({ host, operationId }) => [host, operationId])).toEqual([
		['payments', undefined],
		['business', undefined],
		['payments', undefined],
	]);
});

it('refuses and records a request that the contract does not allow', async () => {
	const answer = await ask(simulator, '/api/v1/checkout-sessions', { body: { amount: '5' } });
	expect(answer.status).toBe(400);
	expect(answer.json.error).toContain('currency');
	expect(simulator.contractViolations).toEqual([
		expect.stringMatching(/^request checkoutSession\.create: .*body\.amount must be number/),
	]);
	expect(simulator.requests[0]).toMatchObject({ status: 400, body: { amount: '5' } });
});

it('answers 500 and records it when its own answer violates the contract', async () => {
	const { id } = simulator.createTransaction();
	simulator.state.transactions.get(id)!.fees = 'a lot';
	const answer = await ask(simulator, `/api/v1/transactions/${id}`);
	expect(answer.status).toBe(500);
	expect(answer.json.error).toContain('data.fees must be number');
	expect(simulator.contractViolations).toEqual([
		expect.stringMatching(/^response transaction\.get: /),
	]);
});

it.each([
	['not JSON', '{"amount":', 'application/json', 400],
	['another content type', '{"amount":1,"currency":"NGN"}', 'text/plain', 415],
	['too much', `"${'x'.repeat(1_100_000)}"`, 'application/json', 413],
])('refuses a body that is %s', async (_name, rawBody, contentType, status) => {
	const answer = await ask(simulator, '/api/v1/checkout-sessions', {
		rawBody,
		headers: { 'content-type': contentType },
	});
	expect(answer.status).toBe(status);
	expect(answer.json).toMatchObject({ success: false, error: expect.any(String) });
	expect(simulator.requests[0]).toMatchObject({ status });
});

it('decodes ids, and refuses what cannot be decoded', async () => {
	const transaction = simulator.createTransaction({ id: 'a/b ü?' });
	const path = `/api/v1/transactions/${encodeURIComponent('a/b ü?')}`;
	expect((await ask(simulator, path)).json.data.id).toBe(transaction.id);
	expect(simulator.requests[0]).toMatchObject({
		rawPath: '/api/v1/transactions/a%2Fb%20%C3%BC%3F',
		path: '/api/v1/transactions/a/b ü?',
	});
	expect((await ask(simulator, '/api/v1/transactions/%ZZ')).status).toBe(400);
});

it('lets unknown query parameters and body fields through, but not the server’s own', async () => {
	const answer = await ask(simulator, '/api/v1/checkout-sessions?colour=blue', {
		body: { amount: 1, currency: 'NGN', metadata: { a: 1 }, colour: 'blue', status: 'COMPLETED' },
	});
	expect(answer.json.data).toMatchObject({ colour: 'blue', status: 'PENDING', metadata: { a: 1 } });
	expect(simulator.requests[0].query).toEqual({ colour: 'blue' });
});

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startSimulator, type DialectOptions, type Simulator } from '../../simulator';
import { ask, SESSION, TRANSACTION, type Ask } from './client';

let simulator: Simulator;

async function start(dialect: DialectOptions): Promise<void> {
	simulator = await startSimulator({ heartbeat: 0, dialect });
}

afterEach(async () => {
	expect(simulator.contractViolations.filter((text) => text.startsWith('response'))).toEqual([]);
	await simulator.close();
});

const call = async (path: string, options: Ask = {}) =>
	await ask(simulator, `/api/v1/${path}`, options);

describe('the key', () => {
	const sent = {
		raw: (key: string) => ({ authorization: key }),
		bearer: (key: string) => ({ authorization: `Bearer ${key}` }),
		'x-api-key': (key: string) => ({ 'x-api-key': key }),
	};

	it.each(Object.keys(sent) as Array<keyof typeof sent>)('is taken as %s only', async (form) => {
		await start({ key: { forms: [form] } });
		for (const [other, headers] of Object.entries(sent)) {
			const answer = await call('transactions', {
				anonymous: true,
				headers: headers(simulator.apiKey),
			});
			expect([other, answer.status]).toEqual([other, other === form ? 200 : 401]);
		}
	});

	it('is refused with another status, and needs the business ID', async () => {
		await start({ key: { refusal: 403, businessId: 'required' } });
		expect((await call('transactions', { anonymous: true })).status).toBe(403);
		expect((await call('transactions')).status).toBe(403);
		const headers = { 'x-business-id': simulator.businessId };
		expect((await call('transactions', { headers })).status).toBe(200);
		expect(simulator.credential.businessId).toBe(simulator.businessId);
	});

	it('is looked at before the path', async () => {
		await start({ key: { first: true } });
		expect((await call('nothing', { anonymous: true })).status).toBe(401);
		expect((await call('nothing')).status).toBe(404);
	});

	it('is remembered for each host', async () => {
		await start({});
		await call('transactions');
		await call('transactions');
		await call('invoices', { business: true, anonymous: true, headers: { 'x-api-key': 'k' } });
		expect(simulator.seenKeys).toEqual([
			{ host: 'payments', header: 'authorization', value: simulator.apiKey },
			{ host: 'business', header: 'x-api-key', value: 'k' },
		]);
	});
});

describe('paths', () => {
	it('are the ones of the dialect and no others', async () => {
		await start({
			paths: { 'transaction.calculateAmount': 'POST /api/v1/transactions/calculate' },
		});
		const { customerEmail: _email, customerName: _name, ...body } = TRANSACTION;
		expect((await call('transactions/calculate', { body })).json.data.fromAmount).toBeGreaterThan(
			0,
		);
		expect((await call('transactions/calculate-payment', { body })).status).toBe(404);
	});

	it('may carry what belongs into the body, and leave out what the body then has', async () => {
		await start({
			paths: {
				'sandbox.forceStatus': 'POST /api/v1/sandbox/simulator/transactions/{transactionId}/status',
				'invoice.sendEmail': 'POST /api/v1/invoices/send-email',
				'subscriptionInvoice.get': 'GET /api/v1/subscriptions/subscription-invoices/{invoiceId}',
				'subscriptionAuthorization.create': 'POST /api/v1/relay/authorizations',
				'subscriptionAuthorization.getStatus': 'GET /api/v1/relay/authorizations/{authId}',
			},
		});
		const { id } = simulator.createTransaction();
		const forced = await call(`sandbox/simulator/transactions/${id}/status`, {
			body: { status: 'completed' },
		});
		expect(forced.json.data).toMatchObject({ id, status: 'COMPLETED' });

		const invoiceId = simulator.create.invoice().id;
		const mailed = await call('invoices/send-email', { business: true, body: { invoiceId } });
		expect(mailed.json.data.invoiceId).toBe(invoiceId);
		expect((await call('invoices/send-email', { business: true, body: {} })).status).toBe(400);

		const subscriptionId = simulator.create.subscription().id;
		const bill = simulator.create.subscriptionInvoice(subscriptionId);
		const read = await call(`subscriptions/subscription-invoices/${bill.id}`);
		expect(read.json.data.id).toBe(bill.id);

		const body = { subscription_id: subscriptionId, authId: '0x1', signature: '0x2' };
		const made = await call('relay/authorizations', { body });
		expect(made.json.data).toMatchObject({ subscriptionId, authId: '0x1' });
		expect((await call('relay/authorizations/0x1')).json.data.subscriptionId).toBe(subscriptionId);
		expect((await call('relay/authorizations/0x9')).status).toBe(400);
	});

	it.each([
		[{ status: 405, body: 'html' }, 'text/html', /^<!DOCTYPE html>[^]*Cannot GET/],
		[{ status: 404, body: 'text' }, 'text/plain', /^404 page not found$/],
		[{ status: 404, body: 'empty' }, undefined, /^$/],
		[{ status: 405, body: 'error' }, 'application/json', /^{"success":false/],
	] as const)('that do not exist are answered with %j', async (noRoute, type, text) => {
		await start({ noRoute });
		const answer = await call('nothing');
		expect(answer.status).toBe(noRoute.status);
		expect(answer.headers['content-type']?.split(';')[0]).toBe(type);
		expect(answer.text).toMatch(text);
	});

	it('of invoices and payment links may be at the payments host', async () => {
		await start({ businessHost: 'payments' });
		const body = { title: 'Ticket', amount: 5, currency: 'NGN' };
		expect((await call('payment-links', { body })).status).toBe(200);
		expect((await call('payment-links', { body, business: true })).status).toBe(404);
	});
});

describe('objects', () => {
	it('have ids by another name, in lists and inside others too', async () => {
		await start({ answers: { id: 'uid' } });
		const price = simulator.create.price();
		const plan = (await call(`subscriptions/plans/${price.planId}`)).json.data;
		expect(plan).toMatchObject({ uid: price.planId, prices: [{ uid: price.id }] });
		expect(plan).not.toHaveProperty('id');
		const session = simulator.createSession();
		const { data } = (await call(`checkout-sessions/${session.sessionId}`)).json;
		expect(data.sessionId).toBe(session.sessionId);
	});

	it('have ids named after what they are', async () => {
		await start({ answers: { id: 'named' } });
		const { id } = simulator.createTransaction();
		expect((await call('transactions')).json.data[0].transactionId).toBe(id);
		const price = simulator.create.price();
		const { data } = (await call(`subscriptions/plans/${price.planId}`)).json;
		expect(data).toMatchObject({ planId: price.planId, prices: [{ priceId: price.id }] });
	});

	it('are spelled in one case in the subscription family, but for what is the user’s own', async () => {
		await start({ answers: { case: 'snake' } });
		const subscription = simulator.create.subscription({ metadata: { orderId: '1' } });
		const { data } = (await call(`subscriptions/${subscription.id}`)).json;
		expect(data).toMatchObject({
			customer_id: subscription.customerId,
			metadata: { orderId: '1' },
		});
		const { id } = simulator.createTransaction();
		expect((await call(`transactions/${id}`)).json.data.payoutStatus).toBe('PENDING');
	});

	it('are spelled in camel case', async () => {
		await start({ answers: { case: 'camel' } });
		const { id } = simulator.create.subscription();
		const bill = simulator.create.subscriptionInvoice(id);
		const { data } = (await call(`subscriptions/${id}/subscription-invoices/${bill.id}`)).json;
		expect(data).toMatchObject({ subscriptionId: id, attemptCount: 0 });
	});

	it('have statuses in small letters, which filters take too', async () => {
		await start({ answers: { statuses: 'lower' } });
		simulator.createTransaction();
		const { data } = (await call('transactions?status=pending')).json;
		expect(data).toMatchObject([{ status: 'pending', payoutStatus: 'pending' }]);
	});

	it('come without an envelope and without times', async () => {
		await start({ answers: { enveloped: false, times: false } });
		const { id } = simulator.createTransaction();
		const { json } = await call(`transactions/${id}`);
		expect(json.id).toBe(id);
		expect(json).not.toHaveProperty('createdAt');
		expect(json).not.toHaveProperty('updatedAt');
	});

	it.each([201, 202] as const)('are created with %d', async (created) => {
		await start({ answers: { created } });
		expect((await call('checkout-sessions', { body: SESSION })).status).toBe(created);
		expect((await call('transactions')).status).toBe(200);
	});

	it.each([
		['delete', 200],
		['writes', 204],
	] as const)('leave %s without a body', async (empty, ofUpdate) => {
		await start({ answers: { empty } });
		const { id } = simulator.create.subscription();
		const update = await call(`subscriptions/${id}`, {
			method: 'PATCH',
			body: { status: 'PAUSED' },
		});
		expect(update.status).toBe(ofUpdate);
		const gone = await call(`subscriptions/${id}`, { method: 'DELETE' });
		expect([gone.status, gone.text, gone.headers['content-type']]).toEqual([204, '', undefined]);
		expect(simulator.state.subscriptions.get(id)?.status).toBe('CANCELED');
	});
});

describe('the ends', () => {
	it.each([
		['COMPLETED', 'REFUNDED'],
		['EXPIRED', 'COMPLETED'],
	])('%s can become %s, later', async (first, second) => {
		await start({});
		const { id } = simulator.createTransaction();
		const force = async (status: string) =>
			(await call('sandbox/simulator/force-status', { body: { transactionId: id, status } })).json
				.data;
		const before = await force(first);
		const after = await force(second);
		expect(after.status).toBe(second);
		expect(Date.parse(after.updatedAt)).toBeGreaterThan(Date.parse(before.updatedAt));
	});
});

describe('what was done', () => {
	it('is counted once for each time, whatever was told', async () => {
		await start({});
		const headers = { 'idempotency-key': 'a' };
		simulator.faults.add({ kind: 'resetAfter', times: 1 });
		await expect(call('checkout-sessions', { body: SESSION, headers })).rejects.toThrow();
		await call('checkout-sessions', { body: SESSION, headers });
		await call('checkout-sessions', { body: SESSION });
		await call('checkout-sessions', { body: { amount: 'x' } });
		await call('transactions');
		expect(simulator.writes).toMatchObject([
			{
				operationId: 'checkoutSession.create',
				idempotencyKey: 'a',
				path: '/api/v1/checkout-sessions',
			},
			{ operationId: 'checkoutSession.create', idempotencyKey: undefined },
		]);
		expect(simulator.state.sessions.size).toBe(2);
	});
});

it('goes together', async () => {
	await start({
		key: { forms: ['bearer'] },
		lists: { rows: 'data.plural', order: 'oldest', cap: 20 },
		answers: { id: 'uuid', statuses: 'lower' },
	});
	for (let count = 0; count < 25; count++) simulator.createTransaction();
	const headers = { authorization: `Bearer ${simulator.apiKey}` };
	const { json } = await call('transactions?limit=50', { headers });
	const [first] = simulator.state.transactions.values();
	expect(json.data.transactions).toHaveLength(20);
	expect(json.data.transactions[0]).toMatchObject({ uuid: first.id, status: 'pending' });
});

it('does not take a name that no dialect has', async () => {
	await start({});
	const wrong = (dialect: object) => startSimulator({ dialect });
	await expect(wrong({ keys: {} })).rejects.toThrow('A dialect has no "keys". It has: key,');
	await expect(wrong({ key: { form: 'raw' } })).rejects.toThrow('"key" of a dialect has no "form"');
	await expect(wrong({ paths: { 'a.b': 'GET /' } })).rejects.toThrow('"paths" names "a.b"');
});

it('is set on the command line', async () => {
	await start({});
	const cli = join(__dirname, '../../simulator/cli.ts');
	const tsx = join(__dirname, '../../node_modules/tsx/dist/cli.mjs');
	const run = promisify(execFile)(process.execPath, [tsx, cli, '--dialect', '{"keys":{}}']);
	await expect(run).rejects.toMatchObject({ stderr: expect.stringContaining('has no "keys"') });
});

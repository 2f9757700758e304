import { startSimulator, type DialectOptions, type Simulator } from '../../simulator';
import { ask, SESSION, TRANSACTION } from './client';

let simulator: Simulator;

async function start(dialect: DialectOptions = {}): Promise<void> {
	simulator = await startSimulator({ heartbeat: 0, dialect });
}

afterEach(async () => {
	await simulator.close();
});

const post = async (path: string, body: object) =>
	await ask(simulator, `/api/v1/${path}`, { body });

const BUYER = { email: 'ada@example.com', firstName: 'Ada' };
const CHECKOUT = 'subscriptions/checkout-sessions';

describe('a field of which several names were published', () => {
	it.each(['priceUid', 'priceId', 'price_id'])('is taken as %s', async (name) => {
		await start();
		const { id } = simulator.create.price();
		expect((await post(CHECKOUT, { [name]: id, customer: BUYER })).status).toBe(200);
		const [subscription] = simulator.state.subscriptions.values();
		expect(subscription).toMatchObject({ priceId: id, billingMode: 'FIXED' });
	});

	it('is taken in the old names of a session, and with a customer of its own', async () => {
		await start();
		const customer = { name: 'Ada', email: 'ada@example.com' };
		const { json } = await post('checkout-sessions', { toAmount: 5, toCurrency: 'NGN', customer });
		expect(json.data).toMatchObject({ amount: 5, currency: 'NGN', customerName: 'Ada' });
		expect(json.data).not.toHaveProperty('customer');
	});

	it('is known by one name only, and leads to it', async () => {
		await start({
			requests: {
				fields: {
					'checkoutSession.create': { customerEmail: 'customer.email', amount: 'toAmount' },
				},
			},
		});
		expect((await post('checkout-sessions', SESSION)).json.error).toBe('toAmount is required');
		const body = { toAmount: 5, currency: 'NGN', customer: { email: 'ada@example.com' } };
		const { json } = await post('checkout-sessions', body);
		expect(json.data).toMatchObject({ amount: 5, customerEmail: 'ada@example.com' });
		expect(simulator.writes).toHaveLength(1);
	});
});

describe('a refusal', () => {
	const fields = { 'subscriptionCheckout.create': { priceId: 'priceUid' } };
	const wrong = { priceId: 'p', customer: BUYER };

	it.each([
		['plain', 'priceUid is required'],
		['joi', '"priceUid" is required'],
		['zod', 'priceUid: Required'],
		['zodStrict', "priceUid: Required; Unrecognized key(s) in object: 'priceId'"],
		['classValidator', 'priceUid should not be empty; priceUid must be a string'],
		['ajv', "must have required property 'priceUid'"],
	] as const)('names the wanted field as %s does', async (wording, text) => {
		await start({ requests: { fields, wording } });
		const answer = await post(CHECKOUT, wrong);
		expect([answer.status, answer.json.error]).toEqual([400, text]);
		expect(simulator.writes).toEqual([]);
	});

	it('names nothing', async () => {
		await start({ requests: { fields, unknown: 'unnamed' } });
		expect((await post(CHECKOUT, wrong)).json.error).toBe('Invalid request');
	});

	it('does not come where an unknown field is passed over', async () => {
		await start({
			requests: {
				fields: { 'checkoutSession.create': { customerName: 'customer.name' } },
				unknown: 'ignored',
			},
		});
		const { status, json } = await post('checkout-sessions', { ...SESSION, customerName: 'Ada' });
		expect([status, json.data.customerName]).toEqual([200, null]);
	});

	it.each([
		['month', 'month', 200],
		['month', 'MONTHLY', 400],
		['MONTHLY', 'month', 400],
		['MONTHLY', 'MONTHLY', 200],
		['any', 'MONTHLY', 200],
	] as const)(
		'of intervals: where %s is known, %s is answered %d',
		async (intervals, interval, wanted) => {
			await start({ requests: { intervals } });
			const { id } = simulator.create.plan();
			const body = { amount: '5', currency: 'NGN', interval };
			const { status, json } = await post(`subscriptions/plans/${id}/prices`, body);
			expect(status).toBe(wanted);
			if (wanted === 400) expect(json.error).toMatch(`interval must be one of: `);
		},
	);

	const problem = { field: 'priceUid', message: 'priceUid is required' };
	it.each([
		['error', { success: false, error: 'priceUid is required' }],
		['message', { message: 'priceUid is required' }],
		['messages', { statusCode: 400, message: ['priceUid is required'], error: 'Bad Request' }],
		['coded', { error: { code: 'BAD_REQUEST', message: 'priceUid is required' } }],
		['list', { errors: [problem] }],
		['byField', { message: 'Bad Request', errors: { priceUid: ['priceUid is required'] } }],
		[
			'problem',
			{ type: 'about:blank', title: 'Bad Request', status: 400, detail: problem.message },
		],
		['detail', { detail: 'priceUid is required' }],
	] as const)('has the shape %s', async (shape, body) => {
		await start({ requests: { fields }, errors: { shape } });
		const answer = await post(CHECKOUT, wrong);
		expect([answer.status, answer.json]).toEqual([400, body]);
		const type = shape === 'problem' ? 'application/problem+json' : 'application/json';
		expect(answer.headers['content-type']).toBe(`${type}; charset=utf-8`);
	});

	it.each([
		['text', 'text/plain', /^Checkout session not found$/],
		['html', 'text/html', /^<!DOCTYPE html>[^]*<pre>Checkout session not found<\/pre>/],
	] as const)('has the shape %s', async (shape, type, text) => {
		await start({ errors: { shape } });
		const answer = await ask(simulator, '/api/v1/checkout-sessions/none');
		expect(answer.status).toBe(404);
		expect(answer.headers['content-type']).toBe(`${type}; charset=utf-8`);
		expect(answer.text).toMatch(text);
	});

	it('comes as 200, but not that of the key or the path', async () => {
		await start({ errors: { as200: true, shape: 'message' } });
		const { status, json } = await ask(simulator, '/api/v1/checkout-sessions/none');
		expect([status, json]).toEqual([
			200,
			{ success: false, message: 'Checkout session not found' },
		]);
		expect((await ask(simulator, '/api/v1/none')).status).toBe(404);
		expect((await ask(simulator, '/api/v1/transactions', { anonymous: true })).status).toBe(401);
	});
});

it('takes a status that nobody has heard of', async () => {
	await start();
	const { id } = (await post('transactions', TRANSACTION)).json.data;
	const body = { transactionId: id, status: 'frozen' };
	const { json } = await post('sandbox/simulator/force-status', body);
	expect(json.data.status).toBe('FROZEN');
});

import { ApiError } from '../../nodes/KuvarPay/api/errors';
import { messageOf } from '../../nodes/KuvarPay/api/refusal';
import { send, type Call } from '../../nodes/KuvarPay/api/request';
import { targetOf } from '../../nodes/KuvarPay/api/routes';
import { clientOf, getCall, type Answer } from '../support/context';

const callWith = (body: Call['body'], spellings: Call['spellings']): Call =>
	getCall({ target: targetOf('price.create', { planId: 'p' }), body, spellings, maxRetries: 0 });

/** The bodies that were sent to a server which takes what passes, and the outcome. */
async function sentTo(
	accepts: (body: Record<string, unknown>) => boolean,
	refusal: Answer,
	...calls: Call[]
) {
	const { client, requests } = clientOf((request) =>
		accepts(JSON.parse(String(request.body))) ? { body: { ok: true } } : refusal,
	);
	const outcomes: unknown[] = [];
	for (const call of calls)
		outcomes.push(await send(client, call).catch((error: ApiError) => error.message));
	return { bodies: requests.map(({ body }) => JSON.parse(String(body)) as unknown), outcomes };
}

const price = { priceId: { names: ['priceUid', 'price_id'] } };
const takes = (name: string) => (body: Record<string, unknown>) => name in body;

describe('a refusal that names another spelling', () => {
	it.each<[string, unknown]>([
		['as a text', { error: 'priceUid is required' }],
		['in quotes', { message: '"priceUid" is required' }],
		['as a list', { message: ['priceUid should not be empty', 'priceUid must be a string'] }],
		['by field', { errors: [{ field: 'priceUid', message: 'Required' }] }],
		['as a table', { errors: { priceUid: ['Required'] } }],
		['by path', { error: { issues: [{ path: ['priceUid'], message: 'Required' }] } }],
		['after RFC 9457', { type: 'about:blank', title: 'Bad Request', detail: 'Missing priceUid' }],
		['by what it does not know', { error: "Unrecognized key(s) in object: 'priceId'" }],
	])(
		'%s, is answered with that one, once, and it is used first from then on',
		async (_name, body) => {
			const call = callWith({ priceId: 'x', n: 1 }, price);
			const { bodies } = await sentTo(takes('priceUid'), { status: 400, body }, call, call);
			expect(bodies).toEqual([
				{ priceId: 'x', n: 1 },
				{ n: 1, priceUid: 'x' },
				{ n: 1, priceUid: 'x' },
			]);
		},
	);

	it('is understood without a list where only the way of writing differs', async () => {
		const { bodies } = await sentTo(
			takes('usageDescription'),
			{ status: 422, body: { error: 'usageDescription is required' } },
			callWith({ usage_description: 'x' }, { usage_description: {} }),
		);
		expect(bodies[1]).toEqual({ usageDescription: 'x' });
	});

	it('may want a value in an object, or out of it', async () => {
		const nested = await sentTo(
			takes('customer'),
			{ status: 400, body: { error: 'customer is required' } },
			callWith(
				{ customerEmail: 'a@b.c', customerName: 'A' },
				{
					customerEmail: { names: ['customer.email'] },
					customerName: { names: ['customer.name'] },
				},
			),
		);
		expect(nested.bodies[1]).toMatchObject({ customer: { email: 'a@b.c' } });
		const flat = await sentTo(
			takes('customerEmail'),
			{ status: 400, body: { error: 'customerEmail is required' } },
			callWith(
				{ customer: { email: 'a@b.c' } },
				{ 'customer.email': { names: ['customerEmail'] } },
			),
		);
		expect(flat.bodies[1]).toEqual({ customerEmail: 'a@b.c' });
	});

	it('may be about a value, and then holds for the others of its kind', async () => {
		const interval = { interval: { values: { month: ['MONTHLY'], week: ['WEEKLY'] } } };
		const { bodies } = await sentTo(
			({ interval: sent }) => sent === 'MONTHLY' || sent === 'WEEKLY',
			{ status: 400, body: { error: 'interval must be one of DAILY, WEEKLY, MONTHLY' } },
			callWith({ interval: 'month' }, interval),
			callWith({ interval: 'week' }, interval),
		);
		expect(bodies).toEqual([
			{ interval: 'month' },
			{ interval: 'MONTHLY' },
			{ interval: 'WEEKLY' },
		]);
	});
});

describe('nothing is spelt otherwise', () => {
	it.each<[string, number, unknown]>([
		['a refused value', 400, { error: 'priceId must be the ID of a price' }],
		['a refusal in plain words', 400, { error: 'Minimum amount is 5' }],
		['a refusal that names nothing', 400, { error: 'Bad Request' }],
		['trouble that passes', 503, { error: 'priceUid is required' }],
		['a conflict', 409, { error: 'priceUid is required' }],
	])('after %s', async (_name, status, body) => {
		const { bodies } = await sentTo(
			() => false,
			{ status, body },
			callWith({ priceId: 'x', toAmount: 1 }, { ...price, toAmount: { names: ['amount'] } }),
		);
		expect(bodies).toHaveLength(1);
	});

	it('that the user has set by its own name', async () => {
		const { bodies } = await sentTo(
			takes('priceUid'),
			{ status: 400, body: { error: 'priceUid is required' } },
			callWith({ priceId: 'x' }, {}),
		);
		expect(bodies).toHaveLength(1);
	});

	it('more often than a few times, and the first refusal is told', async () => {
		const { client, requests } = clientOf((_request, count) => ({
			status: 400,
			body: { error: `No ${count}: unknown field priceId priceUid price_id` },
		}));
		await expect(send(client, callWith({ priceId: 'x' }, price))).rejects.toThrow('No 1');
		expect(requests.length).toBeLessThanOrEqual(5);
	});
});

describe('what a refusal says', () => {
	it.each<[unknown, string | undefined]>([
		[{ message: 'A', error: 'B' }, 'A'],
		[{ success: false, error: { code: 'x', message: 'Wrong network' } }, 'Wrong network'],
		[
			{ statusCode: 400, message: ['a must be b', 'c is d'], error: 'Bad Request' },
			'a must be b; c is d',
		],
		[{ errors: [{ field: 'amount', message: 'must be positive' }] }, 'amount: must be positive'],
		[
			{ errors: { amount: ['must be positive'], currency: 'is unknown' } },
			'amount: must be positive; currency: is unknown',
		],
		[
			{ message: 'Invalid', details: [{ path: ['items', 0, 'quantity'], message: 'Required' }] },
			'Invalid; items.0.quantity: Required',
		],
		[{ type: 'https://x', title: 'Forbidden', status: 403, detail: 'No such key' }, 'No such key'],
		[
			{ detail: [{ loc: ['body', 'amount'], msg: 'field required' }] },
			'body.amount: field required',
		],
		[{ error: { code: 'RATE_LIMITED' } }, 'RATE_LIMITED'],
		[['one', 'two'], 'one; two'],
		['Plain words', 'Plain words'],
		['<html><head><title>502 Bad Gateway</title></head></html>', '502 Bad Gateway'],
		['<html></html>', undefined],
		[{}, undefined],
		[null, undefined],
		[{ message: '' }, undefined],
	])('in %j is %p', (body, says) => expect(messageOf(body)).toBe(says));
});

import fc, { runs } from '../support/fc';
import { ApiError, hintFor } from '../../nodes/KuvarPay/api/errors';
import { TRANSIENT_STATUSES, retryAfter, unwrap } from '../../nodes/KuvarPay/api/answer';
import { send } from '../../nodes/KuvarPay/api/request';
import { clientOf, getCall, targetTo, type Answer } from '../support/context';

const failure = async (promise: Promise<unknown>) =>
	await promise.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: ApiError) => error.failure,
	);
const post = (change = {}) =>
	getCall({ target: targetTo('/api/v1/things', 'POST', 'business'), body: { a: 1 }, ...change });
const networkError = (code: string) => Object.assign(new Error('broken'), { code });

// Full jitter: with a chance of zero nothing waits.
beforeEach(() => jest.spyOn(Math, 'random').mockReturnValue(0));
afterEach(() => jest.restoreAllMocks());

describe('what is repeated', () => {
	// A 429 is the pace's affair, which waits for minutes.
	const statuses = Array.from({ length: 300 }, (_, n) => n + 300).filter((n) => n !== 429);

	it('are the answers after which the same request may succeed, and no others', async () => {
		for (const status of statuses) {
			const { client, requests } = clientOf(() => ({ status }));
			const { transient } = await failure(send(client, getCall({ maxRetries: 1 })));
			expect([status, transient]).toEqual([status, TRANSIENT_STATUSES.has(status)]);
			expect([status, requests.length]).toEqual([status, transient ? 2 : 1]);
		}
	});

	it.each(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EPIPE', 'EAI_AGAIN'])(
		'is the network error %s, also where n8n has wrapped it',
		async (code) => {
			const { client, requests } = clientOf((_request, count) =>
				count === 1 ? networkError(code) : new Error('n8n', { cause: networkError(code) }),
			);
			expect(await failure(send(client, getCall()))).toMatchObject({ transient: true });
			expect(requests).toHaveLength(3);
		},
	);

	it('is not a connection that will never be trusted', async () => {
		const refused = Object.assign(new Error('certificate has expired'), {
			code: 'CERT_HAS_EXPIRED',
		});
		const { client, requests } = clientOf(() => refused);
		expect(await failure(send(client, getCall()))).toMatchObject({ transient: false });
		expect(requests).toHaveLength(1);
	});

	it('is trouble inside n8n, such as a busy database', async () => {
		const { client, requests } = clientOf(
			() => new Error('timeout exceeded when trying to connect'),
		);
		expect(await failure(send(client, getCall()))).toMatchObject({ transient: true });
		expect(requests.length).toBeGreaterThan(1);
	});

	it('is a write with an idempotency key only, and with the same one', async () => {
		const { client, requests } = clientOf(() => ({ status: 503 }));
		await failure(send(client, post()));
		expect(requests).toHaveLength(1);
		await failure(send(client, post({ idempotencyKey: 'k' })));
		expect(requests.slice(1).map(({ headers }) => headers?.['Idempotency-Key'])).toEqual([
			...['k', 'k', 'k'],
		]);
	});

	it('is an answer that was cut, but not a web page', async () => {
		const cut = clientOf((_request, count) => ({ body: count === 1 ? '{"a": ' : '{"a": 1}' }));
		expect(await send(cut.client, getCall())).toEqual({ a: 1 });
		const page = clientOf(() => ({ body: '<!doctype html>' }));
		expect((await failure(send(page.client, getCall()))).message).toContain('web page');
		expect(page.requests).toHaveLength(1);
	});

	it('stops when the run is stopped', async () => {
		const stop = new AbortController();
		const { client, requests } = clientOf(
			() => {
				stop.abort(new Error('stopped'));
				return { status: 503 };
			},
			{ signal: stop.signal },
		);
		await expect(send(client, getCall({ maxRetries: 9 }))).rejects.toThrow('stopped');
		expect(requests).toHaveLength(1);
	});
});

describe('what to do', () => {
	it.each([409, 500, 503])('after %i is to look whether it was done', (status) => {
		expect(hintFor(status)).toContain('look whether it was done before you run the workflow again');
	});
});

describe('Retry-After', () => {
	it('is seconds or a date', () => {
		const inTen = new Date(Date.now() + 10_000).toUTCString();
		expect(retryAfter('120')).toBe(120_000);
		expect(retryAfter(' 1.5 ')).toBe(1500);
		expect(retryAfter(inTen)).toBeGreaterThan(8000);
		expect(retryAfter(inTen)).toBeLessThanOrEqual(10_000);
		expect(retryAfter('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0);
	});

	it('of any other kind says nothing', () => {
		for (const value of ['', ' ', 'soon', '-5', '1e3', undefined, 5, ['5'], 'May'])
			expect([value, retryAfter(value)]).toEqual([value, undefined]);
		fc.assert(
			fc.property(fc.anything(), (value) => {
				const ms = retryAfter(value);
				if (ms !== undefined) expect(ms).toBeGreaterThanOrEqual(0);
			}),
		);
	});
});

describe('an answer', () => {
	const answer = async (reply: Answer) => await send(clientOf(() => reply).client, getCall());

	it('is its data, or the whole of it', async () => {
		expect(unwrap(await answer({ body: { success: true, data: [1] } }))).toEqual([1]);
		expect(unwrap(await answer({ body: { id: 1 } }))).toEqual({ id: 1 });
		expect(unwrap(await answer({ body: { data: null } }))).toBeNull();
		expect(await answer({ body: '' })).toEqual({ success: true });
	});

	it('with success: false is an error, also with 200', async () => {
		const { message, status } = await failure(
			answer({ body: { success: false, error: { message: 'Wrong network' } } }),
		);
		expect([message, status]).toEqual(['KuvarPay answered 200: Wrong network', 200]);
	});

	it.each([
		[{ message: 'A', error: 'B' }, 'A'],
		[{ error: { message: 'B' } }, 'B'],
		[{ error: 'C' }, 'C'],
		[{ message: ' ', error: 'D' }, 'D'],
		[{ message: { text: 'E' } }, 'text: E'],
		['<html>', 'Status'],
		[[], 'Status'],
	])('that refuses with %j says %s', async (body, says) =>
		expect((await failure(answer({ status: 400, body }))).message).toBe(
			`KuvarPay answered 400: ${says}`,
		),
	);
});

describe('secrets', () => {
	const secret = fc.oneof(
		fc.string({ minLength: 4, maxLength: 60 }),
		fc.constantFrom('message', 'true', 'null', '1234', '"error"', '\\u0041', 'KuvarPay'),
	);

	it('are in no failure, wherever the server puts them', async () => {
		await fc.assert(
			fc.asyncProperty(secret, fc.nat({ max: 600 }), fc.boolean(), async (key, before, nested) => {
				if (/^\*|\*$/.test(key)) return;
				const told = `${'.'.repeat(before)}${key}`;
				const { client } = clientOf(
					() => ({
						status: 400,
						body: { ...(nested ? { error: { message: told } } : { error: told }), [key]: [key] },
					}),
					{ secrets: [key] },
				);
				const { message, body } = await failure(send(client, getCall()));
				expect(message).not.toContain(key);
				const texts: string[] = [];
				JSON.stringify(body, (name, value: unknown) => {
					texts.push(name, typeof value === 'object' ? '' : String(value));
					return value;
				});
				expect(texts.filter((text) => text.includes(key))).toEqual([]);
			}),
			runs(300),
		);
	});

	it('are not left in part where a long message is cut', async () => {
		const key = 'sk_live_0123456789';
		const { client } = clientOf(
			() => ({ status: 400, body: { error: `${'.'.repeat(470)}${key}` } }),
			{
				secrets: [key],
			},
		);
		expect((await failure(send(client, getCall()))).message).not.toContain('sk_live');
	});

	it('are not in what is told of a broken connection', async () => {
		const { client } = clientOf(() => new Error('Invalid header sk_live_1'), {
			secrets: ['sk_live_1'],
		});
		expect((await failure(send(client, getCall()))).message).toContain('Invalid header ***');
	});
});

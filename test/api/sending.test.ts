import { send, sendForAnswer } from '../../nodes/KuvarPay/api/request';
import { pause } from '../../nodes/KuvarPay/api/timers';
import type { Flight } from '../../nodes/KuvarPay/api/traffic';
import { clientOf, getCall, openPace, targetTo, type Answer } from '../support/context';

// What leaves for the server, how long is waited before it leaves again, and what the pace hears.

jest.mock('../../nodes/KuvarPay/api/timers', () => ({
	...jest.requireActual<object>('../../nodes/KuvarPay/api/timers'),
	pause: jest.fn(async () => undefined),
}));
const waits = () => jest.mocked(pause).mock.calls.map(([ms]) => ms);
afterEach(() => {
	jest.restoreAllMocks();
	jest.mocked(pause).mockClear();
});

const beside = { businessId: 'b' };
const to = (method: 'GET' | 'POST') => {
	const target = targetTo('/api/v1/things', method);
	return { ...target, routes: [{ ...target.routes[0], beside }] };
};

describe('a request', () => {
	it('that reads has all in its address, and nothing else', async () => {
		const { client, requests } = clientOf(() => ({}));
		await send(client, getCall({ target: to('GET'), query: { a: 1 }, body: { b: 2 } }));
		expect(requests[0].url).toBe('https://pay.example/api/v1/things?businessId=b&a=1');
		expect(requests[0]).not.toHaveProperty('body');
		expect(requests[0].headers).toEqual({ Accept: 'application/json' });
	});

	it('that writes has its body as JSON, and the key of its own', async () => {
		const { client, requests } = clientOf(() => ({}));
		const call = { query: { a: 1 }, body: { b: 2, businessId: 'own' }, idempotencyKey: 'k' };
		await send(client, getCall({ target: to('POST'), ...call }));
		expect(requests[0]).toMatchObject({
			method: 'POST',
			url: 'https://pay.example/api/v1/things?a=1',
			body: '{"businessId":"own","b":2}',
		});
		expect(requests[0].headers).toEqual({
			Accept: 'application/json',
			'Content-Type': 'application/json',
			'Idempotency-Key': 'k',
		});
	});

	it('that writes nothing has no body', async () => {
		const { client, requests } = clientOf(() => ({}));
		await send(client, getCall({ target: targetTo('/api/v1/things', 'POST') }));
		expect(requests[0]).not.toHaveProperty('body');
		expect(requests[0].headers).toEqual({ Accept: 'application/json' });
	});

	it('is answered with a text, follows no redirect and is ended when it takes too long', async () => {
		const { client, requests } = clientOf(() => ({}));
		await send(client, getCall({ timeout: 777 }));
		expect(requests[0]).toMatchObject({
			...{ encoding: 'text', returnFullResponse: true, ignoreHttpStatusErrors: true },
			...{ disableFollowRedirect: true, timeout: 777 },
		});
	});

	it('has its answer with the headers', async () => {
		const { client } = clientOf(() => ({ body: { a: 1 }, headers: { link: 'x' } }));
		expect(await sendForAnswer(client, getCall())).toEqual({
			body: { a: 1 },
			headers: { link: 'x' },
		});
	});
});

describe('before it is sent again', () => {
	const failing = (answer: Answer) => clientOf(() => answer).client;
	const waitsOf = async (answer: Answer, maxRetries = 3) => {
		await expect(send(failing(answer), getCall({ maxRetries }))).rejects.toThrow('503');
		return waits();
	};

	it('there is a wait by chance, of which the longest doubles', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0.5);
		expect(await waitsOf({ status: 503 }, 4)).toEqual([250, 500, 1_000, 2_000]);
	});

	it('never more than a minute', async () => {
		jest.spyOn(Math, 'random').mockReturnValue(0.99);
		const [last] = (await waitsOf({ status: 503 }, 10)).slice(-1);
		expect(last).toBe(60_000);
	});

	it.each([
		['0', 0],
		['7', 7_000],
		['3600', 60_000],
	])('there is the wait of %s seconds that the server asks for', async (seconds, ms) => {
		expect(await waitsOf({ status: 503, headers: { 'retry-after': seconds } }, 1)).toEqual([ms]);
	});

	it('there is none where a limit refused it: the pace has heard that', async () => {
		const { client, requests } = clientOf((_request, count) =>
			count <= 5 ? { status: 429, headers: { 'retry-after': '7' } } : {},
		);
		await send(client, getCall({ maxRetries: 1 }));
		expect([requests.length, waits()]).toEqual([6, []]);
	});

	it.each([
		['is hopeless', { hopeful: false, patient: true }, 1],
		['is impatient', { hopeful: true, patient: false }, 3],
	])('a limit is no reason to where the pace %s', async (_how, mood, count) => {
		const pace = { ...openPace(), ...mood } as never;
		const { client, requests } = clientOf(() => ({ status: 429 }), { pace });
		await expect(send(client, getCall({ maxRetries: 2 }))).rejects.toThrow('429');
		expect(requests).toHaveLength(count);
	});
});

describe('the pace hears', () => {
	/** A pace that notes what it is told. */
	const heard = async (serve: () => Answer | Error, signal?: AbortSignal) => {
		const notes: unknown[] = [];
		const flight: Flight = {
			answered: (status, told) => notes.push([status, JSON.parse(JSON.stringify(told))]),
			lost: () => notes.push('lost'),
			unused: () => notes.push('unused'),
		};
		const pace = { enter: async () => flight, patient: true, hopeful: true } as never;
		const { client } = clientOf(serve, { pace, signal });
		const failure = await send(client, getCall({ maxRetries: 0 })).catch((error: Error) => error);
		return { notes, failure };
	};

	it('of every answer, with what it says of a limit', async () => {
		const headers = { 'ratelimit-remaining': '5', 'ratelimit-reset': '2' };
		for (const status of [200, 404, 503])
			expect((await heard(() => ({ status, headers }))).notes).toEqual([
				[status, { remaining: 5, reset: 2_000 }],
			]);
	});

	it('of answers that never came', async () => {
		const { notes, failure } = await heard(() => new Error('cut'));
		expect(notes).toEqual(['lost']);
		expect(String(failure)).toContain('pay.example');
	});

	it('of what was ended by the user, which says nothing of the server', async () => {
		const stop = new AbortController();
		const { notes, failure } = await heard(() => {
			stop.abort(new Error('stopped'));
			return new Error('cut');
		}, stop.signal);
		expect(notes).toEqual(['unused']);
		expect(String(failure)).toContain('stopped');
	});
});

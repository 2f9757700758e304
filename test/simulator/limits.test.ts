import { startSimulator, type LimitOptions, type Simulator } from '../../simulator';
import { ask } from './client';

let simulator: Simulator;

let now = 1_800_000_000_000;

beforeEach(() => void jest.spyOn(Date, 'now').mockImplementation(() => now));
afterEach(async () => {
	jest.restoreAllMocks();
	await simulator.close();
});

async function start(limit: LimitOptions): Promise<void> {
	simulator = await startSimulator({ heartbeat: 0, limit });
}

const read = async () => await ask(simulator, '/api/v1/currencies');

async function statuses(count: number): Promise<number[]> {
	const answers: number[] = [];
	for (let index = 0; index < count; index++) answers.push((await read()).status);
	return answers;
}

it('counts by the second of the clock', async () => {
	await start({ perSecond: 2 });
	expect(await statuses(3)).toEqual([200, 200, 429]);
	now += 1000;
	expect(await statuses(3)).toEqual([200, 200, 429]);
});

it('lets a bucket fill again, bit by bit', async () => {
	await start({ perSecond: 2, by: 'bucket', burst: 3 });
	expect(await statuses(4)).toEqual([200, 200, 200, 429]);
	now += 500;
	expect(await statuses(2)).toEqual([200, 429]);
	now += 60_000;
	expect(await statuses(4)).toEqual([200, 200, 200, 429]);
});

it('says how long to wait, or does not', async () => {
	await start({ perSecond: 1 });
	await read();
	expect((await read()).headers['retry-after']).toBe('1');
	await simulator.close();
	await start({ perSecond: 1, retryAfter: false });
	await read();
	const refused = await read();
	expect([refused.status, refused.headers['retry-after']]).toEqual([429, undefined]);
});

it.each([
	['RateLimit', 'ratelimit', '1'],
	['X-RateLimit', 'x-ratelimit', '1800100001'],
] as const)('tells in %s headers what is left', async (headers, prefix, reset) => {
	now = 1_800_100_000_000;
	await start({ perSecond: 2, headers });
	expect((await read()).headers).toMatchObject({
		[`${prefix}-limit`]: '2',
		[`${prefix}-remaining`]: '1',
		[`${prefix}-reset`]: reset,
	});
	await read();
	const refused = await read();
	expect([refused.status, refused.headers[`${prefix}-remaining`]]).toEqual([429, '0']);
});

it('gets slower the more is in flight', async () => {
	simulator = await startSimulator({ heartbeat: 0, msPerInFlight: 20 });
	const spent = async (count: number) => {
		const start = performance.now();
		await Promise.all(Array.from({ length: count }, read));
		return performance.now() - start;
	};
	await read();
	// The last of ten waits for all ten: 200 ms, which no machine cuts short.
	expect(await spent(10)).toBeGreaterThan(150);
});

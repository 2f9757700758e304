import { startSimulator, type FaultRule, type Simulator } from '../../simulator';
import { ask, SESSION } from './client';

let simulator: Simulator;

beforeEach(async () => {
	simulator = await startSimulator({ heartbeat: 0 });
});

afterEach(async () => {
	await simulator.close();
});

const PATH = '/api/v1/checkout-sessions';
const create = async () => await ask(simulator, PATH, { body: SESSION });
const outcomes = async (count: number, work = create): Promise<(number | string)[]> => {
	const all: (number | string)[] = [];
	for (let index = 0; index < count; index += 1) {
		all.push(
			await work().then(
				({ status }) => status,
				(error: NodeJS.ErrnoException) => error.code!,
			),
		);
	}
	return all;
};

describe('how often', () => {
	const status = (rule: Partial<FaultRule>): FaultRule => ({
		kind: 'status',
		status: 500,
		...rule,
	});

	it.each<[string, Partial<FaultRule>, number[]]>([
		['always', {}, [500, 500, 500, 500, 500, 500]],
		['every: 3', { every: 3 }, [200, 200, 500, 200, 200, 500]],
		['times: 2', { times: 2 }, [500, 500, 200, 200, 200, 200]],
		['skip: 4', { skip: 4 }, [200, 200, 200, 200, 500, 500]],
		[
			'skip: 1, every: 2, times: 1',
			{ skip: 1, every: 2, times: 1 },
			[200, 200, 500, 200, 200, 200],
		],
		['probability: 0', { probability: 0 }, [200, 200, 200, 200, 200, 200]],
		['probability: 1', { probability: 1 }, [500, 500, 500, 500, 500, 500]],
	])('%s', async (_name, rule, expected) => {
		simulator.faults.add(status(rule));
		expect(await outcomes(6)).toEqual(expected);
	});

	it('by chance, the same chance for the same seed', async () => {
		const run = async (seed: number) => {
			const other = await startSimulator({ seed, faults: [status({ probability: 0.5 })] });
			const all = await outcomes(40, async () => await ask(other, PATH, { body: SESSION }));
			await other.close();
			return all;
		};
		const first = await run(7);
		expect(await run(7)).toEqual(first);
		expect(await run(8)).not.toEqual(first);
		expect(first.filter((code) => code === 500).length).toBeGreaterThan(8);
		expect(first.filter((code) => code === 200).length).toBeGreaterThan(8);
	});

	it('on what is matched', async () => {
		simulator.faults.add(
			status({ match: { operationId: 'transaction.getAll' }, status: 501 }),
			status({ match: { operationId: /^checkoutSession\./g, method: 'get' }, status: 502 }),
			status({ match: { path: '/currencies/' }, status: 503 }),
			status({ match: { operationId: '/^plan/' }, status: 504 }),
		);
		const { sessionId } = simulator.createSession();
		const of = async (path: string) => (await ask(simulator, path)).status;
		expect(await of('/api/v1/transactions')).toBe(501);
		expect(await of(`${PATH}/${sessionId}`)).toBe(502);
		expect(await of(`${PATH}/${sessionId}`)).toBe(502);
		expect((await create()).status).toBe(200);
		expect(await of('/api/v1/currencies')).toBe(200);
		expect(await of('/api/v1/currencies/networks')).toBe(503);
		expect(await of('/api/v1/subscriptions/plans')).toBe(504);
	});

	it('until cleared', async () => {
		simulator.faults.add(status({}));
		expect(simulator.faults.list()).toEqual([{ kind: 'status', status: 500 }]);
		simulator.faults.clear();
		expect(await outcomes(1)).toEqual([200]);
	});

	it.each<[string, unknown]>([
		['There is no fault of the kind "fire"', { kind: 'fire' }],
		['"every" of the fault "status"', { kind: 'status', every: 'x' }],
		['needs "to"', { kind: 'redirect' }],
	])('refuses a rule with: %s', (message, rule) => {
		expect(() => simulator.faults.add(rule as FaultRule)).toThrow(message);
	});
});

describe('what goes wrong', () => {
	it('latency', async () => {
		simulator.faults.add({ kind: 'latency', ms: 80, times: 1 });
		const start = performance.now();
		expect((await create()).status).toBe(200);
		expect(performance.now() - start).toBeGreaterThan(75);
		expect(simulator.requests[0].fault).toBe('latency');
	});

	it.each([
		[2, '2'],
		['Wed, 21 Oct 2026 07:28:00 GMT', 'Wed, 21 Oct 2026 07:28:00 GMT'],
		[undefined, undefined],
	])('rateLimit with Retry-After %s', async (retryAfter, header) => {
		simulator.faults.add({ kind: 'rateLimit', retryAfter });
		const answer = await create();
		expect(answer.status).toBe(429);
		expect(answer.headers['retry-after']).toBe(header);
		expect(answer.json).toEqual({ success: false, error: 'Too many requests' });
		expect(simulator.state.sessions.size).toBe(0);
	});

	it('limit: so many in a second, by rule or by option', async () => {
		simulator.faults.add({ kind: 'limit', perSecond: 5 });
		const untilNextSecond = 1000 - (Date.now() % 1000);
		await new Promise((resolve) => setTimeout(resolve, untilNextSecond + 5));
		const answers = await Promise.all(Array.from({ length: 12 }, create));
		const refused = answers.filter(({ status }) => status === 429);
		expect(answers.length - refused.length).toBe(5);
		expect(refused.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
		expect(simulator.requests.filter(({ fault }) => fault === 'limit')).toHaveLength(7);

		const limited = await startSimulator({ limit: { perSecond: 1 } });
		await new Promise((resolve) => setTimeout(resolve, 1005 - (Date.now() % 1000)));
		expect(await outcomes(2, async () => await ask(limited, PATH, { body: SESSION }))).toEqual([
			200, 429,
		]);
		await limited.close();
	});

	it('status, before or after the work', async () => {
		simulator.faults.add(
			{ kind: 'status', times: 1 },
			{ kind: 'status', status: 502, afterWork: true },
		);
		expect((await create()).status).toBe(503);
		expect(simulator.state.sessions.size).toBe(0);
		expect((await create()).status).toBe(502);
		expect(simulator.state.sessions.size).toBe(1);
	});

	it('resetBefore and resetAfter', async () => {
		simulator.faults.add({ kind: 'resetBefore', times: 1 });
		expect(await outcomes(1)).toEqual(['ECONNRESET']);
		expect(simulator.state.sessions.size).toBe(0);
		simulator.faults.add({ kind: 'resetAfter', times: 1 });
		expect(await outcomes(1)).toEqual(['ECONNRESET']);
		expect(simulator.state.sessions.size).toBe(1);
		expect(simulator.requests.map(({ fault, status }) => [fault, status])).toEqual([
			['resetBefore', 0],
			['resetAfter', 0],
		]);
		expect(await outcomes(1)).toEqual([200]);
	});

	it('halfOpen: no answer, and the socket stays', async () => {
		simulator.faults.add({ kind: 'halfOpen', times: 1 });
		const answer = create().catch((error: NodeJS.ErrnoException) => error.code);
		await simulator.waitFor(({ requests }) => requests.at(-1)?.fault === 'halfOpen');
		const first = await Promise.race([
			answer,
			new Promise((resolve) => setTimeout(resolve, 100, 'silence')),
		]);
		expect(first).toBe('silence');
		expect(simulator.openSockets).toBe(1);
		await simulator.close();
		expect(await answer).toBe('ECONNRESET');
	});

	it('malformedJson', async () => {
		simulator.faults.add({ kind: 'malformedJson' });
		const answer = await create();
		expect(answer.status).toBe(200);
		expect(answer.headers['content-type']).toContain('application/json');
		expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
	});

	it('html', async () => {
		simulator.faults.add({ kind: 'html' });
		const answer = await create();
		expect(answer.status).toBe(200);
		expect(answer.headers['content-type']).toContain('text/html');
		expect(answer.text).toContain('<html>');
	});

	it('redirect', async () => {
		simulator.faults.add({ kind: 'redirect', to: 'http://localhost:1/elsewhere', status: 307 });
		const answer = await create();
		expect(answer.status).toBe(307);
		expect(answer.headers.location).toBe('http://localhost:1/elsewhere');
	});

	it('echoKey', async () => {
		simulator.faults.add({ kind: 'echoKey' });
		const answer = await create();
		expect(answer.status).toBe(400);
		expect(answer.json.error).toContain(simulator.apiKey);
	});

	it('several at once, in the order of the rules', async () => {
		simulator.faults.add({ kind: 'latency', ms: 30 }, { kind: 'resetAfter' });
		expect(await outcomes(1)).toEqual(['ECONNRESET']);
		expect(simulator.requests[0].fault).toBe('latency,resetAfter');
	});

	it('by the control endpoint', async () => {
		const faults = '/_simulator/faults';
		const rule = { kind: 'status', status: 500, match: { operationId: '/^checkout/' } };
		const added = await ask(simulator, faults, { body: [rule], anonymous: true });
		expect(added.json).toEqual({ success: true, data: [rule] });
		expect(await outcomes(1)).toEqual([500]);
		const wrong = await ask(simulator, faults, { body: { kind: 'fire' }, anonymous: true });
		expect(wrong.status).toBe(400);
		expect(wrong.json.error).toContain('Known kinds: latency');
		await ask(simulator, faults, { method: 'DELETE', anonymous: true });
		expect((await ask(simulator, faults, { anonymous: true })).json.data).toEqual([]);
		expect(await outcomes(1)).toEqual([200]);
	});
});

import { Bench, ENGINES } from '../support/engine';

describe.each(ENGINES)('trouble on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => (bench = await Bench.start(engine, {}, 15)));
	afterAll(async () => await bench.stop());
	beforeEach(() => {
		bench.reset();
		bench.simulator.state.sessions.clear();
	});

	const session = { amount: '={{ $json.amount ?? 100 }}', currency: 'NGN' };
	const items = (count: number) =>
		Array.from({ length: count }, (_, n) => ({ json: { amount: n + 1 } }));
	const sessions = () => bench.simulator.state.sessions.size;

	it.each([
		['a reset before the work', { kind: 'resetBefore', times: 1 } as const],
		['a reset after the work', { kind: 'resetAfter', times: 1 } as const],
		['a 503', { kind: 'status', status: 503, times: 2 } as const],
		['a 429 with Retry-After', { kind: 'rateLimit', retryAfter: 1, times: 1 } as const],
		['an answer that cannot be read', { kind: 'malformedJson', times: 1 } as const],
	])('makes one session in spite of %s', async (_what, fault) => {
		bench.simulator.faults.add(fault);
		const created = await bench.output('checkoutSession.create', session);
		expect(created).toHaveLength(1);
		expect(sessions()).toBe(1);
		const keys = bench.simulator.requests.map(({ headers }) => headers['idempotency-key']);
		expect(keys.length).toBeGreaterThan(1);
		expect(new Set(keys).size).toBe(1);
	});

	it('says once, in the log and beside the output, that a limit cut the pace', async () => {
		bench.simulator.faults.add({ kind: 'rateLimit', retryAfter: 0, every: 5 });
		const { nodes, logs, error } = await bench.run('checkoutSession.create', session, {
			items: items(20),
		});
		expect(error).toBeUndefined();
		const refused = bench.simulator.requests.filter(({ status }) => status === 429).length;
		expect(refused).toBeGreaterThan(1);
		const said = `KuvarPay refused ${refused} requests of this step as too many (429)`;
		expect(nodes.KuvarPay.hints).toEqual([expect.stringContaining(said)]);
		expect(logs.filter(({ message }) => message.includes('429'))).toEqual([
			expect.objectContaining({ level: 'warn', message: expect.stringContaining(said) }),
		]);
		bench.reset();
		const calm = await bench.run('checkoutSession.create', session);
		expect([calm.nodes.KuvarPay.hints, calm.logs]).toEqual([[], []]);
	});

	it('gives up a connection that stays silent, and tries again', async () => {
		bench.simulator.faults.add({ kind: 'halfOpen', times: 1 });
		await bench.output('checkoutSession.create', { ...session, options: { timeout: 1 } });
		expect(sessions()).toBe(1);
		expect(bench.simulator.requests).toHaveLength(2);
	});

	it("repeats the key when n8n's Retry On Fail runs the node again", async () => {
		bench.simulator.faults.add({ kind: 'resetAfter', times: 1 });
		const { items: created, error } = await bench.run(
			'checkoutSession.create',
			{ ...session, options: { maxRetries: 0 } },
			{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } },
		);
		expect(error).toBeUndefined();
		expect(created).toHaveLength(1);
		expect(sessions()).toBe(1);
	});

	it('uses another key for each item and each execution', async () => {
		await bench.output('checkoutSession.create', session, { items: items(3) });
		await bench.output('checkoutSession.create', session, { items: items(3) });
		const keys = bench.simulator.requests.map(({ headers }) => headers['idempotency-key']);
		expect(new Set(keys).size).toBe(6);
		expect(sessions()).toBe(6);
	});

	it('sends no key with what only reads', async () => {
		await bench.output('transaction.getAll');
		expect(bench.simulator.requests[0].headers).not.toHaveProperty('idempotency-key');
	});

	it('makes 200 of 200 in input order when every tenth request fails', async () => {
		bench.simulator.faults.add(
			{ kind: 'rateLimit', retryAfter: 0, every: 20 },
			{ kind: 'resetBefore', every: 20, skip: 7 },
			{ kind: 'resetAfter', every: 20, skip: 13 },
		);
		const created = await bench.output('checkoutSession.create', session, { items: items(200) });
		expect(created.map(({ json }) => json.amount)).toEqual(
			items(200).map(({ json }) => json.amount),
		);
		expect(created.map(({ pairedItem }) => pairedItem)).toEqual(
			items(200).map((_, item) => ({ item })),
		);
		expect(sessions()).toBe(200);
		expect(bench.simulator.requests.length).toBeGreaterThan(210);
	});

	it('loses nothing against a server that allows 50 requests a second', async () => {
		bench.simulator.faults.add({ kind: 'limit', perSecond: 50 });
		const created = await bench.output('checkoutSession.create', session, { items: items(150) });
		expect(created).toHaveLength(150);
		expect(sessions()).toBe(150);
		// The refused ones are those in flight when the limit struck, not all that were left.
		expect(bench.simulator.requests.length).toBeLessThan(300);
	});

	it('stops at the first failure and tells what was done', async () => {
		bench.simulator.faults.add({ kind: 'status', status: 400, skip: 5, times: 1 });
		const { error } = await bench.run(
			'checkoutSession.create',
			{ ...session, options: { concurrency: 1 } },
			{ items: items(20) },
		);
		expect(error).toMatchObject({
			httpCode: '400',
			message: expect.stringContaining('[item 5]'),
			description: expect.stringContaining('5 of 20 items were done and stay done.'),
		});
		expect(sessions()).toBe(5);
		expect(bench.simulator.requests).toHaveLength(6);
	});

	it('does not repeat what is refused for good', async () => {
		bench.simulator.faults.add({ kind: 'status', status: 422 });
		await bench.run('checkoutSession.create', session);
		expect(bench.simulator.requests).toHaveLength(1);
	});

	it('keeps to Max Retries', async () => {
		bench.simulator.faults.add({ kind: 'status', status: 503 });
		const { error } = await bench.run('checkoutSession.create', {
			...session,
			options: { maxRetries: 1 },
		});
		expect(error).toMatchObject({ httpCode: '503' });
		expect(bench.simulator.requests).toHaveLength(2);
	});

	it('ends at once when the execution is cancelled while it waits', async () => {
		bench.simulator.faults.add({ kind: 'rateLimit', retryAfter: 60 });
		const cancelling = new AbortController();
		const running = bench.run('checkoutSession.create', session, { signal: cancelling.signal });
		await bench.simulator.waitFor(({ requests }) => requests.length === 1);
		cancelling.abort();
		const { error } = await running;
		expect(error?.message).toBe('The execution was stopped');
		expect(bench.simulator.requests).toHaveLength(1);
	});

	it('says that the server cannot be reached', async () => {
		const { error } = await bench.run(
			'checkoutSession.create',
			{ ...session, options: { maxRetries: 1 } },
			{
				credentials: {
					kuvarPayApi: { ...bench.simulator.credential, baseUrl: 'http://127.0.0.1:9' },
				},
			},
		);
		expect(error).toMatchObject({
			message: 'KuvarPay could not be reached at 127.0.0.1:9: the connection was refused [item 0]',
			description: expect.stringContaining('Idempotency Key'),
		});
	});
});

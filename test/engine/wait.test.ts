import type { RunResult } from '../../engine';
import { Bench, ENGINES, byId, type RunSettings } from '../support/engine';
import { followed } from '../support/followed';

describe.each(ENGINES)('Wait for Update on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => (bench = await Bench.start(engine, { retry: 50 }, 15)));
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());
	// A wait that is over leaves nothing open, and waits for no heartbeat (15 s) to find out.
	afterEach(async () => {
		await bench.simulator.waitFor(({ openSockets }) => openSockets === 0);
		expect(bench.host.uncaught).toEqual([]);
	});

	const session = () => bench.simulator.createSession({ amount: 100 }).sessionId;
	const streams = async (count: number) => await followed(bench.simulator, count);
	const wait = (
		sessionId: string,
		parameters: Record<string, unknown> = {},
		settings: RunSettings = {},
	): Promise<RunResult> =>
		bench.run('checkoutSession.waitForUpdate', { sessionId, ...parameters }, settings);
	const result = async (running: Promise<RunResult>) => {
		const { items, error } = await running;
		if (error) throw new Error(error.message);
		return items[0].json;
	};

	it('ends with the final status that the stream tells', async () => {
		const id = session();
		const running = wait(id);
		await streams(1);
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect(await result(running)).toEqual({
			event: 'session_update',
			resource: 'checkoutSession',
			id,
			status: 'COMPLETED',
			previousStatus: 'PROCESSING',
			isFinal: true,
			receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
			data: expect.objectContaining({ sessionId: id, status: 'COMPLETED' }),
			timedOut: false,
			learnedFrom: 'stream',
		});
	});

	it('waits for a transaction too', async () => {
		const { id } = bench.simulator.createTransaction({});
		const running = bench.run('transaction.waitForUpdate', { transactionId: byId(id) });
		await streams(1);
		bench.simulator.setTransactionStatus(id, 'FAILED');
		expect(await result(running)).toMatchObject({
			event: 'transaction_update',
			resource: 'transaction',
			id,
			status: 'FAILED',
		});
	});

	it('reads the status at the path that the user has set', async () => {
		const id = session();
		const { error } = await wait(id, {
			options: { readPathOverride: '/api/v2/sessions/{sessionId}' },
		});
		// The simulator has no such path, and no other one is tried.
		expect(error).toMatchObject({ httpCode: '404' });
		expect(bench.simulator.requests.map(({ path }) => path)).toEqual([`/api/v2/sessions/${id}`]);
	});

	it('opens no stream when the status is final already', async () => {
		const id = session();
		bench.simulator.setSessionStatus(id, 'EXPIRED');
		expect(await result(wait(id))).toMatchObject({
			status: 'EXPIRED',
			previousStatus: null,
			timedOut: false,
			learnedFrom: 'read',
		});
		expect(bench.simulator.requests.map(({ path }) => path)).toEqual([
			`/api/v1/checkout-sessions/${id}`,
		]);
	});

	it('ends with any update, also one of the same status', async () => {
		const id = session();
		const running = wait(id, { waitFor: 'anyUpdate' });
		await streams(1);
		bench.simulator.setSessionStatus(id, 'PENDING');
		expect(await result(running)).toMatchObject({ status: 'PENDING', previousStatus: 'PENDING' });
	});

	it('ends with one of the chosen statuses', async () => {
		const id = session();
		const running = wait(id, { waitFor: 'statuses', statuses: ['PROCESSING', 'COMPLETED'] });
		await streams(1);
		bench.simulator.setSessionStatus(id, 'PARTIAL_PAYMENT');
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		expect(await result(running)).toMatchObject({ status: 'PROCESSING', isFinal: false });
	});

	it('fails when the payment comes to another end than the wanted one', async () => {
		const id = session();
		const running = wait(id, { waitFor: 'statuses', statuses: ['COMPLETED'] });
		await streams(1);
		bench.simulator.setSessionStatus(id, 'CANCELLED');
		const { error } = await running;
		expect(error).toMatchObject({
			message: expect.stringContaining(
				'The checkout session has ended as CANCELLED and not as COMPLETED',
			),
			description: expect.stringContaining('add CANCELLED to Statuses'),
		});
	});

	it('fails at once when it had come to another end before', async () => {
		const id = session();
		bench.simulator.setSessionStatus(id, 'FAILED');
		const { error } = await wait(id, { waitFor: 'statuses', statuses: ['COMPLETED'] });
		expect(error?.message).toContain('has ended as FAILED');
	});

	it('fails when the time is over', async () => {
		const { error } = await wait(session(), { timeout: 3 });
		expect(error).toMatchObject({
			message: expect.stringContaining('is still PENDING after 3 seconds'),
			description: expect.stringContaining('Raise Timeout'),
		});
	});

	it('returns the state as it is when the time is over and that is wanted', async () => {
		const id = session();
		expect(await result(wait(id, { timeout: 3, onTimeout: 'output' }))).toMatchObject({
			id,
			status: 'PENDING',
			timedOut: true,
		});
	});

	it('ends at once when the execution is cancelled, and closes every socket', async () => {
		const cancelling = new AbortController();
		const { signal } = cancelling;
		const running = wait(session(), {}, { signal, items: [{ json: {} }, { json: {} }] });
		await streams(2);
		cancelling.abort();
		const { error } = await running;
		expect(error?.message).toContain('The execution was stopped');
		await bench.simulator.waitFor(({ openSockets }) => openSockets === 0);
		expect((await bench.host.openHandles()).sockets).toBe(0);
	});

	it('lets many items wait side by side, and keeps their order', async () => {
		const ids = Array.from({ length: 30 }, session);
		const running = bench.run(
			'checkoutSession.waitForUpdate',
			{ sessionId: '={{ $json.id }}' },
			{ items: ids.map((id) => ({ json: { id } })) },
		);
		await streams(30);
		for (const id of [...ids].reverse()) bench.simulator.setSessionStatus(id, 'COMPLETED');
		const { items, error } = await running;
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.id)).toEqual(ids);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
	});

	it('learns by reading what happened while the stream was cut', async () => {
		const id = session();
		const running = wait(id);
		await streams(1);
		bench.simulator.faults.add({ kind: 'dropEvents' });
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		bench.simulator.faults.clear();
		bench.simulator.streams.cutAll();
		expect(await result(running)).toMatchObject({ status: 'COMPLETED', learnedFrom: 'read' });
	});

	const onStream = { operationId: 'checkoutSession.waitForUpdate' };
	it.each([
		['406', { kind: 'status', status: 406 } as const],
		['a web page', { kind: 'html' } as const],
		['404', { kind: 'status', status: 404 } as const],
		['a redirect', { kind: 'redirect', to: 'https://example.invalid/' } as const],
	])('reads the status again and again when streaming is refused with %s', async (_what, fault) => {
		bench.simulator.faults.add({ ...fault, match: onStream });
		const id = session();
		const before = bench.host.logs.length;
		const running = wait(id);
		await bench.host.waitForLog('is read instead', { after: before });
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect(await result(running)).toMatchObject({ status: 'COMPLETED', learnedFrom: 'read' });
		expect((await running).nodes.KuvarPay.hints).toEqual([
			expect.stringContaining('KuvarPay refused the event stream'),
		]);
	});

	it('hints at streams that are refused once for all items, and not at those that were heard', async () => {
		const ids = [session(), session()];
		const waitForAll = async () =>
			await bench.run(
				'checkoutSession.waitForUpdate',
				{ sessionId: '={{ $json.id }}' },
				{ items: ids.map((id) => ({ json: { id } })) },
			);
		const heard = waitForAll();
		await streams(2);
		for (const id of ids) bench.simulator.setSessionStatus(id, 'PROCESSING');
		bench.simulator.faults.add({ kind: 'status', status: 406, match: onStream });
		const before = bench.host.logs.length;
		const read = waitForAll();
		await bench.host.waitForLog(`${ids[1]}, so its state is read`, { after: before });
		for (const id of ids) bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect((await heard).nodes.KuvarPay.hints).toEqual([]);
		expect((await read).nodes.KuvarPay.hints).toHaveLength(1);
	});

	it('sends a token of the user in the place of the key', async () => {
		const id = session();
		const authToken = bench.simulator.authTokenOf(id);
		const running = wait(id, { authToken });
		await streams(1);
		const [stream] = bench.simulator.requests.filter(({ path }) => path.includes('/sse/'));
		expect(stream.headers.authorization).toBe(`Bearer ${authToken}`);
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect(await result(running)).toMatchObject({ status: 'COMPLETED', learnedFrom: 'stream' });
	});

	it('goes on reading when a read fails in between', async () => {
		bench.simulator.faults.add({ kind: 'status', status: 406, match: onStream });
		const id = session();
		const before = bench.host.logs.length;
		const running = wait(id);
		await bench.host.waitForLog('is read instead', { after: before });
		const onRead = { operationId: 'checkoutSession.get' };
		bench.simulator.faults.add({ kind: 'resetBefore', times: 5, match: onRead });
		await bench.host.waitForLog('could not be read', {
			after: before,
			timeoutMs: 25_000,
		});
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect(await result(running)).toMatchObject({ status: 'COMPLETED', learnedFrom: 'read' });
	}, 60_000);

	it('ends as the read tells when the stream is refused because the payment is over', async () => {
		const id = session();
		bench.simulator.faults.add({ kind: 'http204' });
		const running = wait(id);
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect(await result(running)).toMatchObject({ status: 'COMPLETED' });
	});

	it('tells what is wrong when the session does not exist', async () => {
		const { error } = await wait('nothing');
		expect(error).toMatchObject({ httpCode: '404' });
	});
});

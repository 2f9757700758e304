import { randomUUID } from 'node:crypto';
import type { Trigger } from '../../engine';
import { Bench, ENGINES } from '../support/engine';

describe.each(ENGINES)('the KuvarPay Trigger on the %s engine', (engine) => {
	let bench: Bench;
	let trigger: Trigger | undefined;
	beforeAll(async () => (bench = await Bench.start(engine, { retry: 50 }, 5)));
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());
	afterEach(async () => {
		await trigger?.close();
		trigger = undefined;
		await bench.simulator.waitFor(({ openSockets }) => openSockets === 0);
		expect(bench.host.uncaught).toEqual([]);
	});

	const activate = async (
		parameters: Record<string, unknown>,
		options: Record<string, unknown> = {},
	): Promise<Trigger> =>
		(trigger = await bench.host.activate({
			node: { type: 'kuvarPayTrigger', name: 'KuvarPay Trigger', parameters },
			credentials: bench.credentials,
			...options,
		}));
	const session = () => bench.simulator.createSession({ amount: 25000, currency: 'NGN' }).sessionId;
	const watch = (...ids: string[]) => ({ watch: 'checkoutSession', sessionIds: ids.join(', ') });

	it('starts the workflow at each status and ends the stream at a final one', async () => {
		const id = session();
		const active = await activate(watch(id));
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		const first = await active.next();
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		const second = await active.next();

		expect(first.items[0].json).toMatchObject({
			event: 'session_update',
			resource: 'checkoutSession',
			id,
			status: 'PROCESSING',
			previousStatus: 'PENDING',
			isFinal: false,
			receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
			learnedFrom: 'stream',
			data: { sessionId: id, amount: 25000, status: 'PROCESSING' },
		});
		expect(second.items[0].json).toMatchObject({
			status: 'COMPLETED',
			previousStatus: 'PROCESSING',
			isFinal: true,
		});
		await bench.simulator.waitFor(({ streams }) => streams.open === 0);
	});

	it('watches a transaction', async () => {
		const { id } = bench.simulator.createTransaction({});
		const active = await activate({ watch: 'transaction', transactionIds: [id] });
		bench.simulator.setTransactionStatus(id, 'COMPLETED');
		const { items } = await active.next();
		expect(items[0].json).toMatchObject({
			event: 'transaction_update',
			resource: 'transaction',
			id,
			data: { id },
		});
	});

	it('starts only at the chosen statuses', async () => {
		const id = session();
		const active = await activate({ ...watch(id), statuses: ['COMPLETED'] });
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		const { items } = await active.next();
		expect(items[0].json).toMatchObject({ status: 'COMPLETED', previousStatus: 'PROCESSING' });
		expect(active.emissions).toHaveLength(1);
	});

	it('tells the state that it finds when asked to', async () => {
		const id = session();
		const active = await activate({ ...watch(id), options: { emitCurrentState: true } });
		const { items } = await active.next();
		expect(items[0].json).toMatchObject({ id, status: 'PENDING', previousStatus: null });
	});

	it('keeps the data short when asked to', async () => {
		const id = session();
		const active = await activate({
			...watch(id),
			options: { emitCurrentState: true, simplify: true },
		});
		const { items } = await active.next();
		expect(Object.keys(items[0].json.data as object).length).toBeLessThanOrEqual(10);
	});

	it.each([
		['a wrong key', { apiKey: 'wrong-key-1' }, '401', 'Authorization Format'],
		['an unknown session', {}, '404', 'Check that the ID exists'],
	])('fails to activate with one clear message on %s', async (_what, credential, code, advice) => {
		const credentials = { kuvarPayApi: { ...bench.simulator.credential, ...credential } };
		const failure = await activate(watch(code === '404' ? 'nothing' : session()), {
			credentials,
		}).catch((error) => error);
		expect(failure).toMatchObject({ httpCode: code, description: expect.stringContaining(advice) });
	});

	it.each(['http204', 'wrongType', 'html'] as const)(
		'reads the status where a stream is answered with %s',
		async (kind) => {
			bench.simulator.faults.add({ kind, match: { path: '/sse/' } });
			const id = session();
			const active = await activate({ ...watch(id), options: { pollInterval: 1 } });
			bench.simulator.setSessionStatus(id, 'COMPLETED');
			expect((await active.next()).items[0].json).toMatchObject({
				event: 'session_update',
				status: 'COMPLETED',
				previousStatus: 'PENDING',
				learnedFrom: 'read',
			});
			expect(active.errors).toEqual([]);
		},
	);

	it.each([
		[{ watch: 'checkoutSession', sessionIds: '={{ "" }}' }, 'Session IDs is empty'],
		[{ watch: 'checkoutSession', sessionIds: '..' }, 'Session ID ".." is not an ID'],
		[
			{ watch: 'checkoutSession', sessionIds: 'a', options: { authToken: 'a\r\nb: c' } },
			'Auth Token has characters',
		],
	])('refuses bad parameters %j', async (parameters, message) => {
		await expect(activate(parameters)).rejects.toThrow(message);
		expect(bench.simulator.requests).toHaveLength(0);
	});

	it('activates although the server is busy, and connects later', async () => {
		bench.simulator.faults.add({ kind: 'status', status: 503, times: 1 });
		const id = session();
		const active = await activate(watch(id));
		await bench.simulator.waitFor(({ streams }) => streams.open === 1);
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect((await active.next()).items[0].json).toMatchObject({ status: 'COMPLETED' });
	});

	it('recovers from a stream that is cut in the middle of an event', async () => {
		const id = session();
		const active = await activate(watch(id));
		bench.simulator.faults.add({ kind: 'cutMidEvent', times: 1 });
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		const { items } = await active.next();
		expect(items[0].json).toMatchObject({ status: 'PROCESSING' });
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect((await active.next()).items[0].json).toMatchObject({ status: 'COMPLETED' });
		expect(active.emissions).toHaveLength(2);
	});

	it('tells what changed while it was not connected', async () => {
		const id = session();
		const active = await activate(watch(id));
		bench.simulator.faults.add({ kind: 'dropEvents' });
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		bench.simulator.faults.clear();
		bench.simulator.streams.cutAll();
		expect((await active.next()).items[0].json).toMatchObject({
			status: 'COMPLETED',
			event: 'session_update',
		});
	});

	it('lets a slow server repeat all that was missed, before it takes what REST says', async () => {
		const id = session();
		const active = await activate(watch(id));
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		await active.next();
		bench.simulator.streams.cutAll();
		await bench.simulator.waitFor(({ streams }) => streams.open === 0);
		for (const status of ['PARTIAL_PAYMENT', 'COMPLETED'])
			bench.simulator.setSessionStatus(id, status);
		// Far longer than a silent server is given.
		bench.simulator.faults.add({ kind: 'trickle', ms: 1 });
		const told = [await active.next(20_000), await active.next(20_000)];
		expect(told.map(({ items }) => items[0].json.status)).toEqual(['PARTIAL_PAYMENT', 'COMPLETED']);
	}, 60_000);

	it('loses nothing when a stream that had nothing to say cannot come back at once', async () => {
		const id = session();
		const active = await activate({ ...watch(id), options: { idleTimeout: 3 } });
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		await active.next();
		bench.simulator.faults.add({ kind: 'status', status: 503, times: 1, match: { path: '/sse/' } });
		await bench.simulator.waitFor(({ streams }) => streams.open === 0);
		for (const status of ['PARTIAL_PAYMENT', 'COMPLETED'])
			bench.simulator.setSessionStatus(id, status);
		const told = [await active.next(20_000), await active.next(20_000)];
		expect(told.map(({ items }) => items[0].json.status)).toEqual(['PARTIAL_PAYMENT', 'COMPLETED']);
	}, 60_000);

	it('goes on after an event that cannot be read, and reports it', async () => {
		const id = session();
		const active = await activate(watch(id));
		bench.simulator.faults.add({ kind: 'malformedEvents', times: 1 });
		bench.simulator.setSessionStatus(id, 'PROCESSING');
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		expect((await active.next()).items[0].json).toMatchObject({ status: 'COMPLETED' });
		// n8n 1.x has no failed executions that a trigger reports.
		if (engine !== '1.x') expect(active.failedExecutions[0]?.message).toContain('cannot be read');
	});

	it('reports a refusal for good once and closes', async () => {
		const id = session();
		const active = await activate(watch(id));
		bench.simulator.faults.add({ kind: 'status', status: 403 });
		bench.simulator.streams.cutAll();
		expect(await active.nextError()).toMatchObject({
			httpCode: '403',
			message: expect.stringContaining(id),
		});
		expect(active.errors).toHaveLength(1);
	});

	it('goes on with the others when one of several sessions vanishes, and reports that one', async () => {
		const [gone, stays] = [session(), session()];
		const active = await activate({ ...watch(gone, stays), options: { pollInterval: 1 } });
		bench.simulator.faults.add({ kind: 'status', status: 404, match: { path: gone } });
		bench.simulator.streams.cutAll({ id: gone });
		// n8n 1.x has no failed executions that a trigger reports.
		if (engine !== '1.x') {
			await active.until(() => active.failedExecutions.length === 1);
			expect(active.failedExecutions[0].message).toContain(gone);
		}
		bench.simulator.setSessionStatus(stays, 'COMPLETED');
		expect((await active.next()).items[0].json).toMatchObject({ id: stays, status: 'COMPLETED' });
		expect(active.errors).toEqual([]);
	});

	it('is not activated when all of several sessions have vanished', async () => {
		const workflowId = randomUUID();
		const ids = [session(), session()];
		const before = await activate(watch(...ids), { workflowId });
		await bench.simulator.waitFor(({ streams }) => streams.open === 2);
		await before.close();
		trigger = undefined;
		bench.simulator.faults.add({ kind: 'status', status: 404 });
		await expect(activate(watch(...ids), { workflowId })).rejects.toThrow('404');
	});

	it('tells of a refund after the end', async () => {
		const id = session();
		const active = await activate({ ...watch(id), options: { pollInterval: 1 } });
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		await active.next();
		await bench.simulator.waitFor(({ streams }) => streams.open === 0);
		const { opened } = bench.simulator.streams;
		bench.simulator.setSessionStatus(id, 'REFUNDED');
		expect((await active.next()).items[0].json).toMatchObject({
			status: 'REFUNDED',
			previousStatus: 'COMPLETED',
			learnedFrom: 'read',
		});
		expect(bench.simulator.streams.opened).toBe(opened);
	});

	it('looks no more at what has ended when it is told to', async () => {
		const id = session();
		const active = await activate({ ...watch(id), options: { watchAfterEnd: 0, pollInterval: 1 } });
		bench.simulator.setSessionStatus(id, 'COMPLETED');
		await active.next();
		const before = bench.simulator.requests.length;
		// Another one is read meanwhile, so time has passed for both.
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		expect(bench.simulator.requests.length).toBe(before);
	});

	it('uses a session token in the place of the key', async () => {
		const [{ json }] = await bench.output('checkoutSession.create', {
			amount: '1',
			currency: 'NGN',
		});
		const { sessionId, authToken } = json as { sessionId: string; authToken: string };
		await activate({ ...watch(sessionId), options: { authToken } });
		const [stream] = bench.simulator.requests.filter(({ path }) => path.includes('/sse/'));
		expect(stream.headers.authorization).toBe(`Bearer ${authToken}`);
		expect(JSON.stringify(stream.headers)).not.toContain(bench.simulator.apiKey);
	});

	it('shows the current state in a test run and leaves nothing open', async () => {
		const id = session();
		const test = await activate(watch(id), { mode: 'manual' });
		const { items } = await test.next();
		expect(items[0].json).toMatchObject({ id, status: 'PENDING', previousStatus: null });
	});

	it('tells in a test run what is wrong', async () => {
		const test = await activate(watch('nothing'), { mode: 'manual' });
		await expect(test.next()).rejects.toThrow(/404/);
	});

	it('leaves nothing open after closing while it waits to reconnect', async () => {
		const active = await activate(watch(session()));
		bench.simulator.faults.add({ kind: 'status', status: 503 });
		bench.simulator.streams.cutAll();
		await bench.simulator.waitFor(({ streams }) => streams.open === 0);
		await active.close();
		trigger = undefined;
	});
});

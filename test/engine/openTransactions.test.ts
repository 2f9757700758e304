import { randomUUID } from 'node:crypto';
import type { Trigger } from '../../engine';
import { readRows } from '../../nodes/KuvarPay/stream/rows';
import { Bench, ENGINES } from '../support/engine';

describe.each(ENGINES)('all open transactions on the %s engine', (engine) => {
	let bench: Bench;
	const active: Trigger[] = [];
	beforeAll(async () => (bench = await Bench.start(engine, { retry: 50 }, 15)));
	afterAll(async () => await bench.stop());
	beforeEach(() => {
		bench.reset();
		bench.simulator.state.transactions.clear();
	});
	afterEach(async () => {
		for (const trigger of active.splice(0)) await trigger.close();
		await bench.simulator.waitFor(({ openSockets }) => openSockets === 0);
		expect(bench.host.uncaught).toEqual([]);
	});

	const activate = async (
		options: Record<string, unknown> = {},
		settings: Record<string, unknown> = {},
	): Promise<Trigger> => {
		const trigger = await bench.host.activate({
			node: {
				type: 'kuvarPayTrigger',
				name: 'KuvarPay Trigger',
				parameters: { watch: 'openTransactions', options: { discoveryInterval: 1, ...options } },
			},
			credentials: bench.credentials,
			workflowId: randomUUID(),
			...settings,
		});
		active.push(trigger);
		return trigger;
	};
	const close = async (trigger: Trigger) => {
		active.splice(active.indexOf(trigger), 1);
		await trigger.close();
	};
	const transaction = (fields = {}) => bench.simulator.createTransaction(fields).id;
	const move = (id: string, status: string) => bench.simulator.setTransactionStatus(id, status);
	const streams = async (count: number) =>
		await bench.simulator.waitFor((simulator) => simulator.streams.open === count);
	/** How often the list was read, or its reading was begun. */
	const rounds = () =>
		bench.simulator.requests.filter(({ path }) => path === '/api/v1/transactions').length;
	/** Waits until a round that begins from now on has ended: another one has begun. */
	const nextRound = async () => {
		const goal = rounds() + 2;
		await bench.simulator.waitFor(() => rounds() >= goal);
	};
	const told = ({ emissions }: Trigger, id?: string) =>
		emissions
			.map(({ items }) => items[0].json)
			.filter((json) => id === undefined || json.id === id)
			.map(({ status }) => status);

	it('opens a stream for each open transaction and tells what becomes of it', async () => {
		const [first, second, done] = [transaction(), transaction(), transaction()];
		move(done, 'COMPLETED');
		const trigger = await activate();
		await streams(2);
		move(second, 'PROCESSING');
		move(first, 'COMPLETED');
		await trigger.until(() => trigger.emissions.length === 2);
		// Each has its own stream: which of the two is heard first is chance.
		expect(trigger.emissions.map(({ items }) => items[0].json)).toContainEqual(
			expect.objectContaining({
				event: 'transaction_update',
				resource: 'transaction',
				id: first,
				status: 'COMPLETED',
				previousStatus: 'PENDING',
			}),
		);
		await streams(1);
		expect(told(trigger, done)).toEqual([]);
	});

	it('tells of a new transaction at its first sight, and opens its stream', async () => {
		const trigger = await activate();
		const id = transaction();
		expect((await trigger.next()).items[0].json).toMatchObject({
			id,
			status: 'PENDING',
			previousStatus: null,
		});
		await streams(1);
		move(id, 'COMPLETED');
		expect((await trigger.next()).items[0].json).toMatchObject({ id, status: 'COMPLETED' });
	});

	it('tells of one that was made and completed between two rounds', async () => {
		const trigger = await activate();
		const id = transaction();
		move(id, 'COMPLETED');
		expect((await trigger.next()).items[0].json).toMatchObject({
			id,
			status: 'COMPLETED',
			previousStatus: null,
			isFinal: true,
		});
		await nextRound();
		expect(told(trigger)).toEqual(['COMPLETED']);
		expect(bench.simulator.streams.open).toBe(0);
	});

	it('tells each status once, however often the list shows it', async () => {
		const id = transaction();
		const trigger = await activate();
		await streams(1);
		move(id, 'PROCESSING');
		await nextRound();
		expect(told(trigger)).toEqual(['PROCESSING']);
	});

	it('reads the oldest ones in each round when there are more than streams, and drops none', async () => {
		const ids = Array.from({ length: 5 }, (_, n) =>
			transaction({ createdAt: new Date(Date.now() - 60_000 + n * 1_000).toISOString() }),
		);
		const trigger = await activate({ maxStreams: 2 });
		await streams(2);
		const watched = bench.simulator.requests
			.filter(({ path }) => path.includes('/sse/'))
			.map(({ path }) => path.split('/').at(-1));
		expect(watched.sort()).toEqual(ids.slice(3).sort());

		for (const id of ids) move(id, 'PROCESSING');
		await trigger.until(() => trigger.emissions.length === 5);
		expect(bench.simulator.streams.open).toBe(2);
		// Where a stream ends, the next one takes its place.
		for (const id of ids.slice(3)) move(id, 'COMPLETED');
		await bench.simulator.waitFor(
			({ streams: { open, opened } }) => open === 2 && opened >= watched.length + 2,
		);
		for (const id of ids.slice(0, 3)) move(id, 'COMPLETED');
		await trigger.until(() => trigger.emissions.length === 10);
		await nextRound();
		for (const id of ids) expect(told(trigger, id)).toEqual(['PROCESSING', 'COMPLETED']);
	});

	it('finds open ones on further pages', async () => {
		const ids = Array.from({ length: 130 }, () => transaction());
		for (const id of ids.slice(10)) move(id, 'COMPLETED');
		await activate();
		await streams(10);
	});

	it('repeats nothing after a restart, and tells what happened meanwhile', async () => {
		const workflowId = randomUUID();
		const [kept, moved] = [transaction(), transaction()];
		const before = await activate({}, { workflowId });
		await streams(2);
		move(kept, 'PROCESSING');
		await before.next();
		await close(before);

		move(moved, 'COMPLETED');
		const made = transaction();
		const after = await activate({}, { workflowId });
		await after.until(() => after.emissions.length === 2);
		await nextRound();
		expect(told(after, kept)).toEqual([]);
		expect(told(after, moved)).toEqual(['COMPLETED']);
		expect(told(after, made)).toEqual(['PENDING']);
	});

	it('remembers what it found at its start although nothing was told yet', async () => {
		const workflowId = randomUUID();
		const id = transaction();
		await close(await activate({}, { workflowId }));
		move(id, 'COMPLETED');
		const after = await activate({}, { workflowId });
		expect((await after.next()).items[0].json).toMatchObject({
			id,
			status: 'COMPLETED',
			previousStatus: 'PENDING',
		});
	});

	it('forgets finished transactions once they are old', async () => {
		const workflowId = randomUUID();
		const old = new Date(Date.now() - 5 * 3_600_000).toISOString();
		for (let n = 0; n < 20; n++) move(transaction({ createdAt: old }), 'COMPLETED');
		const open = transaction({ createdAt: old });
		const trigger = await activate({ watchAfterEnd: 0 }, { workflowId });
		transaction();
		await trigger.next();
		await nextRound();
		const seen = readRows((await trigger.staticData()).seen);
		expect(seen).toHaveLength(2);
		expect(seen.map(([id]) => id)).toContain(open);
		expect(told(trigger)).toEqual(['PENDING']);
	});

	it('goes on when the stream of one is refused, and reads that one instead', async () => {
		const [refused, fine] = [transaction(), transaction()];
		bench.simulator.faults.add({
			kind: 'status',
			status: 404,
			match: { path: `/sse/transaction/${refused}` },
		});
		const trigger = await activate();
		await streams(1);
		move(fine, 'PROCESSING');
		await trigger.next();
		await nextRound();
		// Not tried again in every round.
		const tries = bench.simulator.requests.filter(({ path }) =>
			path.endsWith(`sse/transaction/${refused}`),
		);
		expect(tries).toHaveLength(1);
		move(refused, 'COMPLETED');
		expect((await trigger.next()).items[0].json).toMatchObject({
			id: refused,
			status: 'COMPLETED',
		});
		expect(trigger.errors).toEqual([]);
	});

	it('reports a key that is refused once, although many streams end by it', async () => {
		for (let n = 0; n < 10; n++) transaction();
		const trigger = await activate();
		await streams(10);
		bench.simulator.faults.add({ kind: 'status', status: 401 });
		bench.simulator.streams.cutAll();
		expect(await trigger.nextError()).toMatchObject({ httpCode: '401' });
		await bench.simulator.waitFor(({ openSockets }) => openSockets === 0);
		expect(trigger.errors).toHaveLength(1);
	});

	it('fails to activate when the key is refused', async () => {
		bench.simulator.faults.add({ kind: 'status', status: 401 });
		await expect(activate()).rejects.toMatchObject({ httpCode: '401' });
	});

	it('starts although the list cannot be read for a while', async () => {
		const id = transaction();
		bench.simulator.faults.add({ kind: 'status', status: 503, times: 5 });
		await activate();
		await streams(1);
		expect(bench.simulator.requests.some(({ path }) => path.includes(id))).toBe(true);
	}, 60_000);

	it('opens nothing and tells nothing after it was closed in the middle of a round', async () => {
		const trigger = await activate();
		bench.simulator.faults.add({
			kind: 'latency',
			ms: 2_000,
			match: { operationId: 'transaction.getAll' },
		});
		const before = rounds();
		const { opened } = bench.simulator.streams;
		transaction();
		await bench.simulator.waitFor(() => rounds() > before);
		await close(trigger);
		await bench.simulator.waitFor(({ openSockets }) => openSockets === 0);
		expect(bench.simulator.streams.opened).toBe(opened);
		expect(trigger.emissions).toEqual([]);
		expect((await bench.host.openHandles()).sockets).toBe(0);
	});

	it('shows the newest transaction in a test run', async () => {
		transaction({ createdAt: new Date(Date.now() - 60_000).toISOString() });
		const id = transaction();
		const test = await activate({}, { mode: 'manual' });
		expect((await test.next()).items[0].json).toMatchObject({ id, status: 'PENDING' });
	});

	it('waits in a test run for the first transaction, and can be stopped', async () => {
		const waiting = await activate({}, { mode: 'manual' });
		await bench.simulator.waitFor(() => rounds() >= 1);
		const id = transaction();
		expect((await waiting.next()).items[0].json).toMatchObject({ id });

		bench.simulator.state.transactions.clear();
		const before = rounds();
		const stopped = await activate({}, { mode: 'manual' });
		await bench.simulator.waitFor(() => rounds() > before);
		await close(stopped);
	});
});

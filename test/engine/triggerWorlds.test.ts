import { randomUUID } from 'node:crypto';
import type { EngineHost, Trigger } from '../../engine';
import { Simulator, type SimulatorOptions } from '../../simulator';
import { ENGINES, hostOf } from '../support/engine';
import { followed } from '../support/followed';

/** The trigger in KuvarPays that could be: who may open a stream, what it says, how lists come. */
describe.each(ENGINES)('the KuvarPay Trigger on the %s engine', (engine) => {
	let host: EngineHost;
	let simulator: Simulator;
	let trigger: Trigger;
	beforeAll(async () => (host = await hostOf(engine, { hurry: 15 })));
	afterAll(async () => await host.stop());
	afterEach(async () => {
		await trigger?.close();
		await simulator.waitFor(({ openSockets }) => openSockets === 0);
		await simulator.close();
		expect(host.uncaught).toEqual([]);
	});

	const open = async (dialect: SimulatorOptions['dialect']) =>
		(simulator = await Simulator.start({ dialect, retry: 50 }));
	const activate = async (parameters: object, options: object = {}) =>
		(trigger = await host.activate({
			node: {
				type: 'kuvarPayTrigger',
				name: 'KuvarPay Trigger',
				parameters: {
					...parameters,
					options: { pollInterval: 1, discoveryInterval: 1, ...options },
				},
			},
			credentials: { kuvarPayApi: { ...simulator.credential } },
			workflowId: randomUUID(),
		}));
	const told = async () => (await trigger.next()).items[0].json;

	const worlds: Array<[string, SimulatorOptions['dialect'], string]> = [
		['the key opens streams', {}, 'stream'],
		['the token of the session does', { streams: { openedBy: ['token'], token: 'get' } }, 'stream'],
		[
			'a token does that is told nowhere',
			{ streams: { openedBy: ['token'], token: 'never' } },
			'read',
		],
		['nobody may', { streams: { openedBy: [], refusal: 403 } }, 'read'],
		['nobody knows of streams', { streams: { openedBy: [], refusal: 404 } }, 'read'],
		[
			'events have another name',
			{ streams: { event: { session: 'payment.changed', transaction: 'x' } } },
			'stream',
		],
		[
			'a greeting and a snapshot come first',
			{ streams: { greeting: 'message', snapshot: true } },
			'stream',
		],
		['events are only hints', { streams: { payload: 'hint' } }, 'read'],
		[
			'objects are flat and have no times',
			{ streams: { payload: 'flat' }, answers: { times: false, enveloped: false } },
			'stream',
		],
		['statuses are in lower case', { answers: { statuses: 'lower' } }, 'stream'],
	];

	it('finds everything where the user says that it is', async () => {
		await open({
			paths: {
				'transaction.getAll': 'GET /api/v2/list',
				'transaction.get': 'GET /api/v2/one/{transactionId}',
				'transaction.waitForUpdate': 'GET /api/v2/listen/{transactionId}',
			},
		});
		const { id } = simulator.createTransaction();
		await activate(
			{ watch: 'openTransactions' },
			{
				listPathOverride: '/api/v2/list',
				readPathOverride: '/api/v2/one/{transactionId}',
				pathOverride: '/api/v2/listen/{transactionId}',
			},
		);
		await simulator.waitFor(({ requests }) => requests.some(({ path }) => path.includes('/one/')));
		simulator.setTransactionStatus(id, 'COMPLETED');
		expect(await told()).toMatchObject({ id, status: 'COMPLETED', learnedFrom: 'stream' });
		const asked = new Set(simulator.requests.map(({ path, status }) => `${status} ${path}`));
		expect([...asked].sort()).toEqual([
			'200 /api/v2/list',
			`200 /api/v2/listen/${id}`,
			`200 /api/v2/one/${id}`,
		]);
	});

	it.each(worlds)('watches a session where %s', async (_where, dialect, learnedFrom) => {
		await open(dialect);
		const { sessionId } = simulator.createSession();
		await activate({ watch: 'checkoutSession', sessionIds: sessionId });
		if (learnedFrom === 'stream') await followed(simulator, 1);
		simulator.setSessionStatus(sessionId, 'COMPLETED');
		expect(await told()).toMatchObject({
			id: sessionId,
			status: 'COMPLETED',
			previousStatus: 'PENDING',
			learnedFrom,
		});
		expect(trigger.errors).toEqual([]);
		expect(trigger.emissions).toHaveLength(1);
	});

	const ids = ['id', 'uid', 'uuid', '_id', 'named'] as const;
	it.each([
		...worlds.slice(1, 5).map(([, dialect]) => dialect),
		...ids.map((id) => ({ answers: { id } })),
		{ lists: { order: 'oldest' as const, size: 20, cap: 20 } },
		{ lists: { order: 'none' as const, figures: 'none' as const }, answers: { times: false } },
	])('watches all open transactions where %j', async (dialect) => {
		await open(dialect);
		for (let n = 0; n < 45; n++)
			simulator.setTransactionStatus(simulator.createTransaction({}).id, 'COMPLETED');
		const { sessionId } = simulator.createSession();
		const before = simulator.createTransaction({ checkoutSessionId: sessionId });
		await activate({ watch: 'openTransactions' });
		simulator.setTransactionStatus(before.id, 'PROCESSING');
		expect(await told()).toMatchObject({ id: before.id, status: 'PROCESSING' });
		const { id } = simulator.createTransaction({});
		expect(await told()).toMatchObject({ id, status: 'PENDING', previousStatus: null });
		simulator.setTransactionStatus(id, 'COMPLETED');
		expect(await told()).toMatchObject({ id, status: 'COMPLETED', previousStatus: 'PENDING' });
		expect(trigger.errors).toEqual([]);
	});

	it('says of each trigger that reading takes the place of streams', async () => {
		await open({ streams: { openedBy: [] } });
		const { sessionId } = simulator.createSession();
		const activates = async (line: string) => {
			const after = host.logs.length;
			await activate({ watch: 'checkoutSession', sessionIds: sessionId });
			await host.waitForLog(line, { after });
		};
		await activates('streams are tried again in an hour');
		await trigger.close();
		await activates('found out within the last hour');
	});

	it('reads the list and not each transaction where streams are refused', async () => {
		await open({ streams: { openedBy: [] } });
		const all = Array.from({ length: 30 }, () => simulator.createTransaction({}).id);
		// One finds out for all, and is read to see whether it tells a token. On a busy machine the
		// others would not wait for it, as the trigger's clock goes faster than the server answers.
		const after = host.logs.length;
		await activate({ watch: 'transaction', transactionIds: all[0] });
		await host.waitForLog('streams are tried again in an hour', { after });
		await trigger.close();
		simulator.requests.length = 0;
		await activate({ watch: 'openTransactions' });
		await simulator.waitFor(
			({ requests }) => requests.filter(({ path }) => path === '/api/v1/transactions').length >= 4,
		);
		for (const id of all) simulator.setTransactionStatus(id, 'COMPLETED');
		await trigger.until(() => trigger.emissions.length === all.length);
		expect(trigger.emissions[0].items[0].json).toMatchObject({ learnedFrom: 'list' });
		const single = simulator.requests.filter(({ path }) => /\/transactions\/./.test(path));
		expect(single).toEqual([]);
	});

	// The panel sets the one, who writes a workflow by hand may set the other.
	it.each(['operation', 'statuses'])(
		'watches subscriptions by their list, with %s',
		async (name) => {
			await open({ lists: { size: 2, cap: 2 } });
			const all = Array.from({ length: 5 }, () => simulator.create.subscription());
			await activate({ watch: 'subscription', [name]: ['PAST_DUE', 'ACTIVE'] });
			simulator.setSubscriptionStatus(all[1].id, 'CANCELLED');
			simulator.setSubscriptionStatus(all[0].id, 'PAST_DUE');
			expect(await told()).toMatchObject({
				event: 'subscription_update',
				resource: 'subscription',
				id: all[0].id,
				status: 'PAST_DUE',
				learnedFrom: 'list',
				data: { id: all[0].id },
			});
			const { id } = simulator.create.subscription({ status: 'ACTIVE' });
			expect(await told()).toMatchObject({ id, isNew: true, previousStatus: null });
		},
	);

	it('tells of a key that is refused from one moment to the next, once', async () => {
		await open({ streams: { openedBy: [] } });
		const [{ sessionId }] = simulator.seed(1);
		await activate({ watch: 'checkoutSession', sessionIds: sessionId });
		simulator.faults.add({ kind: 'status', status: 401 });
		expect(await trigger.nextError()).toMatchObject({
			httpCode: '401',
			message: expect.stringContaining(sessionId),
		});
		expect(trigger.errors).toHaveLength(1);
	});

	it('starts anew when something else is watched', async () => {
		await open({});
		const workflowId = randomUUID();
		const { sessionId } = simulator.createSession();
		const { id } = simulator.createTransaction({});
		const node = (parameters: object) => ({
			node: { type: 'kuvarPayTrigger', name: 'KuvarPay Trigger', parameters: parameters as never },
			credentials: { kuvarPayApi: { ...simulator.credential } },
			workflowId,
		});
		const first = await host.activate(node({ watch: 'checkoutSession', sessionIds: sessionId }));
		await first.close();
		trigger = await host.activate(node({ watch: 'openTransactions' }));
		await simulator.waitFor(({ streams }) => streams.open === 1);
		expect(
			simulator.requests.filter(({ path }) => path.includes(`transactions/${sessionId}`)),
		).toEqual([]);
		simulator.setTransactionStatus(id, 'COMPLETED');
		expect(await told()).toMatchObject({ id, status: 'COMPLETED' });
	});
});

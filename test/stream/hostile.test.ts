import { randomUUID } from 'node:crypto';
import { createGzip } from 'node:zlib';
import type { EngineHost, Trigger } from '../../engine';
import { Simulator, type FaultRule, type SimulatorOptions } from '../../simulator';
import { ENGINES, hostOf } from '../support/engine';
import { RawServer } from './server';

const MB = 1024 * 1024;

/** Without what ends by itself, such as a file that is being closed. */
const lasting = (handles: string[]) => handles.filter((name) => !/Req(Callback)?$/.test(name));

describe.each(ENGINES)('a hostile server on the %s engine', (engine) => {
	let host: EngineHost;
	/** What keeps the process alive before anything was activated; n8n 2.8 has a timer once it was used. */
	let idle: string[];
	beforeAll(async () => {
		// What it keeps and what keeps it alive is measured.
		host = await hostOf(engine, { hurry: 5, fresh: true });
		await host.run({ node: { type: 'n8n-nodes-base.noOp' }, items: [{ json: {} }] });
		idle = lasting((await host.openHandles()).keptAliveBy);
	});
	afterAll(async () => await host.stop());

	const active: Trigger[] = [];
	const cleanups: Array<() => Promise<void>> = [];
	afterEach(async () => {
		for (const trigger of active.splice(0)) await trigger.close();
		for (const cleanup of cleanups.splice(0)) await cleanup();
		expect(host.uncaught).toEqual([]);
	});

	const simulate = async (options: SimulatorOptions = {}) => {
		const simulator = await Simulator.start({ retry: 10, heartbeat: 0, ...options });
		cleanups.push(async () => {
			// What was closed lets go of its sockets by itself.
			await simulator
				.waitFor(({ openSockets }) => openSockets === 0)
				.finally(async () => await simulator.close());
		});
		return simulator;
	};
	const serve = async () => {
		const server = await RawServer.start();
		cleanups.push(async () => {
			await server
				.waitFor(() => server.sockets.size === 0)
				.finally(async () => await server.close());
		});
		return server;
	};
	const activate = async (
		credential: object,
		sessionIds: string,
		parameters: Record<string, unknown> = {},
		timeoutMs?: number,
	): Promise<Trigger> => {
		const trigger = await host.activate(
			{
				node: {
					type: 'kuvarPayTrigger',
					name: 'KuvarPay Trigger',
					parameters: { watch: 'checkoutSession', sessionIds, ...parameters },
				},
				credentials: { kuvarPayApi: { ...credential } },
				workflowId: randomUUID(),
			},
			timeoutMs,
		);
		active.push(trigger);
		return trigger;
	};
	const reading = { options: { pollInterval: 1 } };
	const impatient = { options: { idleTimeout: 1 } };
	const onStream = { operationId: 'checkoutSession.waitForUpdate' };

	it.each([
		['sends nothing at all', { kind: 'halfOpen', match: onStream } as FaultRule],
		['opens the stream and says nothing', { kind: 'silent' } as FaultRule],
	])(
		'that %s is given up and tried again',
		async (_what, fault) => {
			const simulator = await simulate();
			const [{ sessionId }] = simulator.seed(1);
			simulator.faults.add(fault);
			const trigger = await activate(simulator.credential, sessionId, impatient);
			const tries = () => simulator.requests.filter(({ path }) => path.includes('/sse/')).length;
			await simulator.waitFor(() => tries() >= 3, 20_000);
			simulator.faults.clear();
			simulator.setSessionStatus(sessionId, 'COMPLETED');
			expect((await trigger.next(20_000)).items[0].json).toMatchObject({ status: 'COMPLETED' });
			expect(trigger.errors).toEqual([]);
		},
		60_000,
	);

	it('whose streams never come is read instead', async () => {
		const simulator = await simulate();
		const [{ sessionId }] = simulator.seed(1);
		simulator.faults.add({ kind: 'status', status: 503, match: onStream });
		const before = host.logs.length;
		const trigger = await activate(simulator.credential, sessionId, impatient);
		await host.waitForLog('is down, so its state is read', { after: before, timeoutMs: 20_000 });
		simulator.setSessionStatus(sessionId, 'COMPLETED');
		expect((await trigger.next(20_000)).items[0].json).toMatchObject({ status: 'COMPLETED' });
	}, 60_000);

	it('that answers no reads and cuts again and again has one read open for each stream', async () => {
		const simulator = await simulate();
		const [{ sessionId }] = simulator.seed(1);
		const trigger = await activate(simulator.credential, sessionId);
		simulator.faults.add({ kind: 'halfOpen', match: { operationId: 'checkoutSession.get' } });
		const reads = () => simulator.requests.filter(({ path }) => !path.includes('/sse/')).length;
		for (let cut = 0; cut < 3; cut++) {
			const before = reads();
			simulator.streams.cutAll();
			await simulator.waitFor(() => reads() > before, 20_000);
		}
		// The stream's own and that of the latest read.
		await simulator.waitFor(({ openSockets }) => openSockets === 2);
		simulator.faults.clear();
		simulator.setSessionStatus(sessionId, 'COMPLETED');
		expect((await trigger.next()).items[0].json).toMatchObject({ status: 'COMPLETED' });
	}, 60_000);

	it('that sends one byte at a time is listened to', async () => {
		const simulator = await simulate();
		const [{ sessionId }] = simulator.seed(1);
		simulator.faults.add({ kind: 'trickle', ms: 2 });
		const trigger = await activate(simulator.credential, sessionId, impatient);
		simulator.setSessionStatus(sessionId, 'COMPLETED');
		expect((await trigger.next(20_000)).items[0].json).toMatchObject({ status: 'COMPLETED' });
		expect(simulator.streams.opened).toBe(1);
	}, 60_000);

	it('that sends a line of 50 MB is not listened to but read, and fills no memory', async () => {
		const simulator = await simulate();
		const [{ sessionId }] = simulator.seed(1);
		const { heapUsed } = await host.openHandles();
		const before = host.logs.length;
		simulator.faults.add({ kind: 'hugeLine' });
		const trigger = await activate(simulator.credential, sessionId, reading);
		await host.waitForLog('The event stream of KuvarPay cannot be read', {
			after: before,
			timeoutMs: 20_000,
		});
		simulator.setSessionStatus(sessionId, 'COMPLETED');
		expect((await trigger.next()).items[0].json).toMatchObject({ learnedFrom: 'read' });
		expect((await host.openHandles()).heapUsed - heapUsed).toBeLessThan(10 * MB);
	}, 60_000);

	it('that floods is read no faster than it is taken, and can be closed', async () => {
		const simulator = await simulate({ record: false });
		const [{ sessionId }] = simulator.seed(1);
		const { heapUsed } = await host.openHandles();
		simulator.faults.add({ kind: 'flood' });
		const trigger = await activate(simulator.credential, sessionId, { emitOn: 'anyUpdate' });
		// All that came has left again: more of it than may be kept.
		for (let received = 0; received < 50 * MB;) {
			const handles = await host.openHandles();
			expect(handles.heapUsed - heapUsed).toBeLessThan(25 * MB);
			({ received } = handles);
		}
		// All say the same. The first may be told when too many came before the state was read.
		expect(trigger.emissions.length).toBeLessThanOrEqual(1);
		await trigger.close();
		active.pop();
		await simulator.waitFor(({ openSockets }) => openSockets === 0);
	}, 60_000);

	it('that compresses the stream is understood', async () => {
		const simulator = await simulate();
		const [{ sessionId }] = simulator.seed(1);
		simulator.faults.add({ kind: 'gzip' });
		const trigger = await activate(simulator.credential, sessionId);
		simulator.setSessionStatus(sessionId, 'COMPLETED');
		expect((await trigger.next()).items[0].json).toMatchObject({ status: 'COMPLETED' });
	});

	it('that sends a bomb of gzip fills no memory', async () => {
		const server = await serve();
		const { heapUsed } = await host.openHandles();
		server.onStream((response) => {
			server.begin(response, { 'content-encoding': 'gzip' });
			const gzip = createGzip();
			gzip.pipe(response);
			// 300 MB of one line, in about 300 kB.
			const chunk = Buffer.alloc(MB, 'x');
			gzip.write('data: ');
			for (let n = 0; n < 300; n++) gzip.write(chunk);
			gzip.end();
		});
		const before = host.logs.length;
		await activate(server.credential, 'cs_1');
		await host.waitForLog('cannot be read', { after: before, timeoutMs: 20_000 });
		expect((await host.openHandles()).heapUsed - heapUsed).toBeLessThan(10 * MB);
	}, 60_000);

	it.each([301, 302, 303, 307, 308])(
		'that redirects (%i) to another host is read, and that host hears nothing',
		async (status) => {
			const [server, other] = [await serve(), await serve()];
			server.onStream((response) => {
				const location = `http://localhost:${other.port}/api/v1/sse/session/cs_1`;
				response.writeHead(status, { location }).end();
			});
			const before = host.logs.length;
			await activate(server.credential, 'cs_1');
			await host.waitForLog(`KuvarPay answered ${status}`, { after: before });
			expect(other.streamRequests).toEqual([]);
			expect(other.sockets.size).toBe(0);
		},
	);

	it.each([
		['a web page', { kind: 'html' }, 'text/html'],
		['204', { kind: 'http204' }, 'has ended (204)'],
		['JSON', { kind: 'wrongType' }, 'application/json'],
	] as const)(
		'that answers with %s later is read, and the log says why',
		async (_what, fault, text) => {
			const simulator = await simulate();
			const [{ sessionId }] = simulator.seed(1);
			const trigger = await activate(simulator.credential, sessionId, reading);
			const before = host.logs.length;
			simulator.faults.add({ ...fault, match: onStream });
			simulator.streams.cutAll();
			await host.waitForLog('is read instead', { after: before });
			simulator.setSessionStatus(sessionId, 'COMPLETED');
			expect((await trigger.next()).items[0].json).toMatchObject({ learnedFrom: 'read' });
			expect(JSON.stringify(host.logs.slice(before))).toContain(text);
			expect(JSON.stringify(host.logs)).not.toContain(simulator.apiKey);
			expect(trigger.errors).toEqual([]);
		},
	);

	it('that ends a stream with 204 because the payment is over: its end is told', async () => {
		const simulator = await simulate();
		const [{ sessionId }] = simulator.seed(1);
		const trigger = await activate(simulator.credential, sessionId);
		simulator.faults.add({ kind: 'http204' }, { kind: 'dropEvents' });
		simulator.setSessionStatus(sessionId, 'EXPIRED');
		simulator.streams.cutAll();
		expect((await trigger.next()).items[0].json).toMatchObject({ status: 'EXPIRED' });
		expect(trigger.errors).toEqual([]);
	});

	it('that sends nonsense brings nothing down: each is reported or left out', async () => {
		const server = await serve();
		const nonsense = [
			'null',
			'[]',
			'"text"',
			'{"data": [1]}',
			'{"status": {"a": 1}, "updatedAt": 5}',
			'{"status": null, "updatedAt": "yesterday"}',
			'{"status": "PENDING", "updatedAt": {}, "createdAt": []}',
			'{"__proto__": {"status": "COMPLETED"}, "constructor": 1}',
			`{"status": "PENDING", "deep": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
			'{"status": "PENDING", "n": 1e999999999999999999999}',
			'\u0000',
			'{',
		];
		server.onStream((response) => {
			server.begin(response);
			for (const text of nonsense) response.write(`event: session_update\ndata: ${text}\n\n`);
			response.write('data: {"status": "COMPLETED", "updatedAt": "2099-01-01T00:00:00Z"}\n\n');
		});
		const trigger = await activate(server.credential, 'cs_1', { emitOn: 'anyUpdate' });
		await trigger.until(() =>
			trigger.emissions.some(({ items }) => items[0].json.status === 'COMPLETED'),
		);
		// n8n 1.x has no failed executions that a trigger reports.
		if (engine !== '1.x') expect(trigger.failedExecutions[0].message).toContain('cannot be read');
		// One for each run of bad events, not one for each event.
		expect(trigger.failedExecutions.length).toBeLessThanOrEqual(4);
		expect(trigger.errors).toEqual([]);
	});

	it('cannot make a closed trigger do anything: no socket, no memory, no callback', async () => {
		const simulator = await simulate({ record: false, validateResponses: false });
		// What the engine adds is the same for few as for many, so the many are on one of them.
		const count = engine === 'newest' ? 1_000 : 200;
		const openAndClose = async () => {
			const ids = simulator.seed(count).map(({ sessionId }) => sessionId);
			const trigger = await activate(simulator.credential, ids.join(), {}, 120_000);
			await simulator.waitFor(({ streams }) => streams.open === count, 60_000);
			await trigger.close();
			active.pop();
			await simulator.waitFor(({ openSockets }) => openSockets === 0);
			for (const id of ids.slice(0, 50)) simulator.setSessionStatus(id, 'COMPLETED');
			return trigger;
		};
		// The first time loads code and fills caches.
		await openAndClose();
		const before = await host.openHandles();
		const trigger = await openAndClose();
		const after = await host.openHandles();

		expect(after.sockets).toBe(0);
		expect(after.heapUsed).toBeLessThan(before.heapUsed * 1.1);
		expect(lasting(after.keptAliveBy)).toEqual(idle);
		expect(trigger.emissions).toEqual([]);
		expect(trigger.errors).toEqual([]);
	}, 240_000);
});

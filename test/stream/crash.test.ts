import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readState, type ActivateParams, type EngineHost } from '../../engine';
import { writeRows } from '../../nodes/KuvarPay/stream/rows';
import { Simulator } from '../../simulator';
import { ENGINES, hostOf } from '../support/engine';

/**
 * The process dies (SIGKILL) between the server's update and the end of the execution that the
 * update starts, and is started again with what had been saved. n8n writes the static data and the
 * execution at the same moment in two transactions, so either may be there without the other.
 */
describe.each(ENGINES)('a crash of n8n on the %s engine', (engine) => {
	let simulator: Simulator;
	let folder: string;
	let stateFile: string;
	let id: string;
	const hosts: EngineHost[] = [];
	beforeEach(async () => {
		simulator = await Simulator.start({ retry: 50 });
		folder = mkdtempSync(join(tmpdir(), 'kuvarpay-crash-'));
		stateFile = join(folder, 'state.jsonl');
		id = simulator.createSession().sessionId;
	});
	afterEach(async () => {
		for (const host of hosts.splice(0)) {
			expect(host.uncaught).toEqual([]);
			await host.stop();
		}
		await simulator.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const workflowId = randomUUID();
	const activate = async (options: Partial<ActivateParams> = {}) => {
		const host = await hostOf(engine, { stateFile });
		hosts.push(host);
		const trigger = await host.activate({
			node: {
				id: 'trigger-node',
				type: 'kuvarPayTrigger',
				name: 'KuvarPay Trigger',
				parameters: { watch: 'checkoutSession', sessionIds: id },
			},
			credentials: { kuvarPayApi: { ...simulator.credential } },
			workflowId,
			...options,
		});
		return { host, trigger };
	};
	/** Statuses of all executions that were started, before and after the crash. */
	const executions = () => readState(stateFile).executions.map(({ items }) => items[0].json.status);
	/** Waits until everything that could still come has come: a further change is told after it. */
	const settle = async ({ trigger }: Awaited<ReturnType<typeof activate>>) => {
		await simulator.waitFor(({ streams }) => streams.open === 1);
		simulator.setSessionStatus(id, 'COMPLETED');
		const isLast = () =>
			trigger.executions.some(({ items }) => items[0]?.json.status === 'COMPLETED');
		await trigger.until(isLast, 20_000);
	};
	const killed = async ({ host }: { host: EngineHost }) => {
		await host.kill();
		hosts.splice(hosts.indexOf(host), 1);
	};
	/** The process ends itself at that point; the update comes through the stream. */
	const crash = async (after: 'staticData' | 'execution') => {
		const { host } = await activate({ crash: { emission: 1, after } });
		simulator.setSessionStatus(id, 'PROCESSING');
		await simulator.waitFor(({ openSockets }) => openSockets === 0);
		hosts.splice(hosts.indexOf(host), 1);
		await host.stop();
	};

	/** Older n8n takes no deduplication key, so something is lost or repeated in that moment. */
	const keyed = engine === 'newest';

	it('after the static data and before the execution', async () => {
		await crash('staticData');
		expect(executions()).toEqual([]);
		const after = await activate();
		await settle(after);
		// Without a key nothing tells that the execution is missing: that is the window of older n8n.
		expect(executions()).toEqual([...(keyed ? ['PROCESSING'] : []), 'COMPLETED']);
	});

	it('after the execution and before the static data', async () => {
		await crash('execution');
		expect(executions()).toEqual(['PROCESSING']);
		const after = await activate();
		await settle(after);
		// Without a key the change looks new once more: that is the other side of the window.
		expect(executions()).toEqual(['PROCESSING', ...(keyed ? [] : ['PROCESSING']), 'COMPLETED']);
	});

	it('while the execution runs', async () => {
		const before = await activate({ holdExecutions: true });
		simulator.setSessionStatus(id, 'PROCESSING');
		await before.trigger.next();
		await killed(before);
		const after = await activate();
		await settle(after);
		expect(executions()).toEqual(['PROCESSING', 'COMPLETED']);
	});

	it('while it is not connected: what happened meanwhile is told once', async () => {
		const before = await activate();
		await killed(before);
		simulator.setSessionStatus(id, 'PROCESSING');
		const after = await activate();
		await after.trigger.next();
		await settle(after);
		expect(executions()).toEqual(['PROCESSING', 'COMPLETED']);
	});

	it('again and again: each change starts one execution', async () => {
		for (const status of ['PROCESSING', 'PARTIAL_PAYMENT', 'COMPLIANCE_HOLD']) {
			const before = await activate();
			simulator.setSessionStatus(id, status);
			await before.trigger.nextExecution();
			await killed(before);
		}
		await settle(await activate());
		expect(executions()).toEqual(['PROCESSING', 'PARTIAL_PAYMENT', 'COMPLIANCE_HOLD', 'COMPLETED']);
	}, 60_000);

	it('with the final status: it is told once, and no stream is opened for it again', async () => {
		const before = await activate({ holdExecutions: true });
		simulator.setSessionStatus(id, 'COMPLETED');
		await before.trigger.next();
		await killed(before);
		await simulator.waitFor(({ openSockets }) => openSockets === 0);
		const { opened } = simulator.streams;
		const { trigger } = await activate();
		if (keyed) await trigger.until(() => trigger.duplicates.length === 1);
		expect(simulator.streams.opened).toBe(opened);
		expect(executions()).toEqual(['COMPLETED']);
	});

	it('leaves nothing to repeat after the execution has ended and another one was told', async () => {
		const before = await activate();
		for (const status of ['PROCESSING', 'PARTIAL_PAYMENT']) {
			simulator.setSessionStatus(id, status);
			await before.trigger.nextExecution();
		}
		await killed(before);
		const { trigger } = await activate();
		// Only of the last one n8n could not save that it had ended.
		if (keyed) await trigger.until(() => trigger.duplicates.length === 1);
		expect(trigger.emissions).toEqual([]);
		expect(trigger.duplicates.length).toBeLessThanOrEqual(1);
	});

	it('repeats nothing that is old: n8n may have deleted its execution, and so its key', async () => {
		const hourAgo = Date.now() - 3_600_000;
		const updated = Date.parse(simulator.state.sessions.get(id)?.updatedAt ?? '');
		const { trigger } = await activate({
			staticData: {
				kind: 'checkoutSession',
				seen: writeRows([[id, 'PENDING', hourAgo, updated]]),
				pending: writeRows([['kuvarpay-old', id, 'PENDING', '', hourAgo, 'session_update']]),
			},
		});
		expect(await trigger.staticData()).toMatchObject({ pending: '' });
		expect(trigger.emissions).toEqual([]);
	});
});

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readState, type ActivateParams, type EngineHost, type Trigger } from '../../engine';
import { writeRow } from '../../nodes/KuvarPay/stream/rows';
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
	let host: EngineHost;
	beforeAll(async () => {
		simulator = await Simulator.start({ retry: 50 });
		folder = mkdtempSync(join(tmpdir(), 'kuvarpay-crash-'));
		stateFile = join(folder, 'state.jsonl');
		await start();
	});
	afterAll(async () => {
		await host?.stop();
		await simulator.close();
		rmSync(folder, { recursive: true, force: true });
	});
	afterEach(() => expect(host.uncaught).toEqual([]));

	const start = async () => {
		host = await hostOf(engine, { stateFile, fresh: true });
	};
	/** Starts the process again, with what it had saved when it died. */
	const restart = async () => {
		await host.kill();
		await simulator.waitFor(({ openSockets }) => openSockets === 0);
		await start();
	};

	/** A session, the workflow that watches it, and all that this starts before and after a crash. */
	class Watched {
		readonly id = simulator.createSession().sessionId;
		trigger!: Trigger;
		private readonly workflowId = randomUUID();
		private streamsBefore = 0;

		async activate(options: Partial<ActivateParams> = {}): Promise<void> {
			this.streamsBefore = this.streamsOpened;
			this.trigger = await host.activate({
				node: {
					id: 'trigger-node',
					type: 'kuvarPayTrigger',
					name: 'KuvarPay Trigger',
					parameters: { watch: 'checkoutSession', sessionIds: this.id },
				},
				credentials: { kuvarPayApi: { ...simulator.credential } },
				workflowId: this.workflowId,
				...options,
			});
		}

		become(status: string): void {
			simulator.setSessionStatus(this.id, status);
		}

		/** Statuses of all executions that were started, before and after the crash. */
		get executions(): unknown[] {
			return readState(stateFile)
				.executions.filter(({ workflowId }) => workflowId === this.workflowId)
				.map(({ items }) => items[0].json.status);
		}

		get streamsOpened(): number {
			const { requests } = simulator;
			return requests.filter(({ path }) => path.includes(`/sse/session/${this.id}`)).length;
		}

		/** Waits until everything that could still come has come: a further change is told after it. */
		async settle(): Promise<void> {
			await simulator.waitFor(() => this.streamsOpened > this.streamsBefore);
			this.become('COMPLETED');
			const isLast = () =>
				this.trigger.executions.some(({ items }) => items[0]?.json.status === 'COMPLETED');
			await this.trigger.until(isLast, 20_000);
		}
	}

	/** Older n8n takes no deduplication key, so something is lost or repeated in that moment. */
	const keyed = engine === 'newest';

	describe('in the moment in which an execution is stored', () => {
		/** The process ends itself at that point; the update comes through the stream. */
		const crash = async (after: 'staticData' | 'execution') => {
			const watched = new Watched();
			await watched.activate({ crash: { emission: 1, after } });
			watched.become('PROCESSING');
			await expect(watched.trigger.until(() => false)).rejects.toThrow('SIGKILL');
			return watched;
		};

		it('after the static data and before the execution', async () => {
			const watched = await crash('staticData');
			expect(watched.executions).toEqual([]);
			await restart();
			await watched.activate();
			await watched.settle();
			// Without a key nothing tells that the execution is missing: that is the window of older n8n.
			expect(watched.executions).toEqual([...(keyed ? ['PROCESSING'] : []), 'COMPLETED']);
		});

		it('after the execution and before the static data', async () => {
			const watched = await crash('execution');
			expect(watched.executions).toEqual(['PROCESSING']);
			await restart();
			await watched.activate();
			await watched.settle();
			// Without a key the change looks new once more: that is the other side of the window.
			const again = keyed ? [] : ['PROCESSING'];
			expect(watched.executions).toEqual(['PROCESSING', ...again, 'COMPLETED']);
		});
	});

	it('again and again: each change starts one execution', async () => {
		const watched = new Watched();
		for (const status of ['PROCESSING', 'PARTIAL_PAYMENT', 'COMPLIANCE_HOLD']) {
			await watched.activate();
			watched.become(status);
			await watched.trigger.nextExecution();
			await restart();
		}
		await watched.activate();
		await watched.settle();
		expect(watched.executions).toEqual([
			...['PROCESSING', 'PARTIAL_PAYMENT', 'COMPLIANCE_HOLD', 'COMPLETED'],
		]);
	}, 60_000);

	describe('while five workflows are active', () => {
		let running: Watched;
		let absent: Watched;
		let final: Watched;
		let ended: Watched;
		let opened: number;
		/** One crash for all of them: each looks at its own workflow. */
		beforeAll(async () => {
			[running, absent, final, ended] = [1, 2, 3, 4].map(() => new Watched());
			await running.activate({ holdExecutions: true });
			await absent.activate();
			await final.activate({ holdExecutions: true });
			await ended.activate();
			running.become('PROCESSING');
			final.become('COMPLETED');
			for (const status of ['PROCESSING', 'PARTIAL_PAYMENT']) {
				ended.become(status);
				await ended.trigger.nextExecution();
			}
			await running.trigger.next();
			await final.trigger.next();
			opened = final.streamsOpened;
			await restart();
		}, 60_000);

		it('what runs is not started again', async () => {
			await running.activate();
			await running.settle();
			expect(running.executions).toEqual(['PROCESSING', 'COMPLETED']);
		});

		it('what happened while it was not connected is told once', async () => {
			absent.become('PROCESSING');
			await absent.activate();
			await absent.trigger.next();
			await absent.settle();
			expect(absent.executions).toEqual(['PROCESSING', 'COMPLETED']);
		});

		it('the final status is told once, and no stream is opened for it again', async () => {
			await final.activate();
			if (keyed) await final.trigger.until(() => final.trigger.duplicates.length === 1);
			expect(final.streamsOpened).toBe(opened);
			expect(final.executions).toEqual(['COMPLETED']);
		});

		it('what has ended, with another one told after it, leaves nothing to repeat', async () => {
			await ended.activate();
			const { trigger } = ended;
			// Only of the last one n8n could not save that it had ended.
			if (keyed) await trigger.until(() => trigger.duplicates.length === 1);
			expect(trigger.emissions).toEqual([]);
			expect(trigger.duplicates.length).toBeLessThanOrEqual(1);
		});

		it('nothing old is repeated: n8n may have deleted its execution, and so its key', async () => {
			const old = new Watched();
			const hourAgo = Date.now() - 3_600_000;
			const updated = Date.parse(simulator.state.sessions.get(old.id)?.updatedAt ?? '');
			await old.activate({
				staticData: {
					kind: 'checkoutSession',
					seen: { [old.id]: writeRow(['PENDING', hourAgo, updated]) },
					pending: {
						'kuvarpay-old': writeRow([old.id, 'PENDING', '', hourAgo, 'session_update']),
					},
				},
			});
			expect(await old.trigger.staticData()).toMatchObject({ pending: {} });
			expect(old.trigger.emissions).toEqual([]);
		});
	});
});

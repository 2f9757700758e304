// A real n8n to be broken, with a workflow that tells what it was told.
import { execFile } from 'node:child_process';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { startN8n, type N8n } from '../../test/e2e/host';
import { Sqlite } from '../../test/e2e/sqlite';
import { executionsOf, toldOf } from '../n8n/database';

const run = promisify(execFile);

/** How long the workflow may take to be told of everything, in ms. */
const PATIENCE = 90_000;

/** Executions that come later are waited for so long, in ms: the trigger tries again after 5 s. */
const QUIET = 8_000;

/** Takes what the workflow posts, and counts it. */
class Sink {
	readonly posts = new Map<string, number>();
	private readonly server = http.createServer((request, response) => {
		const id = request.url!.slice(1);
		this.posts.set(id, (this.posts.get(id) ?? 0) + 1);
		response.end('{}');
	});

	async open(): Promise<string> {
		await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
	}

	close(): void {
		this.server.close();
		this.server.closeAllConnections();
	}
}

export interface StandOptions {
	/** Further environment of n8n. */
	env?: NodeJS.ProcessEnv;
	/** Settings of the workflow. */
	settings?: Record<string, unknown>;
	simulator?: SimulatorOptions;
}

/** What the workflow was told. */
export interface Told {
	payments: number;
	/** Payments that started nothing. */
	lost: number;
	/** Starts beyond the first of each payment. */
	twice: number;
	/** Executions that were started and did not get to their end, as n8n was killed. */
	interrupted: number;
}

/** n8n on SQLite, a simulator, and a published workflow: the trigger, and a post to the sink. */
export class Stand {
	workflowId = '';
	private ids: string[] = [];
	private url = '';
	private published = 0;

	private constructor(
		readonly simulator: Simulator,
		readonly n8n: N8n,
		readonly database: Sqlite,
		private readonly sink: Sink,
	) {}

	static async start({ env, settings, simulator: options }: StandOptions): Promise<Stand> {
		const simulator = await startSimulator({ validateResponses: false, ...options });
		try {
			const n8n = await startN8n({ simulator, env });
			const stand = new Stand(simulator, n8n, Sqlite.open(n8n), new Sink());
			stand.url = await stand.sink.open();
			const workflow = await n8n.createWorkflow({
				name: 'Told',
				nodes: stand.nodes(),
				connections: { Trigger: { main: [[{ node: 'Tell', type: 'main', index: 0 }]] } },
				settings: { executionOrder: 'v1', ...settings },
			});
			stand.workflowId = workflow.id;
			return stand;
		} catch (error) {
			await simulator.close();
			throw error;
		}
	}

	/** Payments that are not paid yet. */
	make(count: number): string[] {
		const made = Array.from({ length: count }, () => this.simulator.createTransaction().id);
		this.ids.push(...made);
		return made;
	}

	/** Completes payments, all in the same moment. */
	complete(ids: string[] = this.ids): void {
		for (const id of ids) this.simulator.setTransactionStatus(id, 'COMPLETED');
	}

	/** Publishes the workflow, for the first time or with a change of the trigger, which starts it anew. */
	async publish(): Promise<void> {
		await this.n8n.publishAgain(this.workflowId, { nodes: this.nodes() });
	}

	async unpublish(): Promise<void> {
		await this.n8n.unpublish(this.workflowId);
	}

	/** Publishes the workflow and waits until each of so many new payments has its stream. */
	async watch(count: number): Promise<void> {
		this.make(count);
		await this.publish();
		await this.simulator.waitFor(({ streams }) => streams.open === count, PATIENCE);
	}

	/** Waits until the trigger has learnt that all are completed: it has closed their streams. */
	async untilLearnt(): Promise<void> {
		await this.simulator.waitFor(({ streams }) => streams.open === 0, PATIENCE);
		await setTimeout(500);
	}

	/** Waits until the workflow has posted for that many payments. */
	async untilPosted(count: number): Promise<void> {
		await until(() => this.sink.posts.size >= count);
	}

	/** Waits until n8n has written a line with this text. */
	async untilLogged(text: string): Promise<void> {
		await until(() => this.n8n.logs.some((line) => line.includes(text)));
	}

	/** Lets n8n write to no file, as on a full disk, or to all again. */
	async disk(is: 'full' | 'free'): Promise<void> {
		const limit = is === 'full' ? '0:' : 'unlimited:';
		await run('prlimit', ['--pid', String(this.n8n.pid), `--fsize=${limit}`]);
	}

	/** Lets n8n store no execution (or no static data) until it is undone. */
	async refuse(what: 'executions' | 'static data'): Promise<() => Promise<void>> {
		const when =
			what === 'executions'
				? 'before insert on execution_entity'
				: 'before update of "staticData" on workflow_entity';
		await this.database.execute(
			`create trigger full_disk ${when} begin select raise(abort, 'the disk is full'); end`,
		);
		return async () => await this.database.execute('drop trigger full_disk');
	}

	/** What came of it, once all is told or nothing more comes. */
	async told(): Promise<Told> {
		await until(async () => (await this.count()).every(({ started }) => started > 0)).catch(
			() => undefined,
		);
		await setTimeout(QUIET);
		await until(async () => {
			const { begun, ended } = await executionsOf(this.database, this.workflowId);
			return begun === ended;
		}).catch(() => undefined);
		const counts = await this.count();
		return {
			payments: counts.length,
			lost: counts.filter(({ started }) => started === 0).length,
			twice: counts.reduce((sum, { started }) => sum + Math.max(0, started - 1), 0),
			interrupted: counts.reduce((sum, { started, posts }) => sum + started - posts, 0),
		};
	}

	async close(): Promise<void> {
		await this.database.close();
		await this.n8n.stop();
		await this.simulator.close();
		this.sink.close();
	}

	/** An execution counts that n8n has a row of, or that has posted: not each leaves both. */
	private async count(): Promise<Array<{ started: number; posts: number }>> {
		const rows = await toldOf(this.database, this.workflowId, this.ids);
		return this.ids.map((id) => {
			const posts = this.sink.posts.get(id) ?? 0;
			return { started: Math.max(rows.get(id)!, posts), posts };
		});
	}

	private nodes(): Array<Record<string, unknown>> {
		return [
			{
				id: 'trigger',
				name: 'Trigger',
				type: 'n8n-nodes-kuvarpay.kuvarPayTrigger',
				typeVersion: 1,
				position: [0, 0],
				parameters: {
					watch: 'openTransactions',
					statuses: ['COMPLETED'],
					// A change that changes nothing but that n8n starts the trigger anew.
					options: { discoveryInterval: 2, maxStreams: 500 - this.published++ },
				},
				credentials: { kuvarPayApi: this.n8n.credential },
			},
			{
				id: 'tell',
				name: 'Tell',
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				position: [220, 0],
				parameters: { url: `=${this.url}/{{ $json.id }}`, options: {} },
			},
		];
	}
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
	const end = Date.now() + PATIENCE;
	while (!(await isSo())) {
		if (Date.now() > end) throw new Error(`It was not so within ${PATIENCE / 1000} s: ${isSo}`);
		await setTimeout(100);
	}
}

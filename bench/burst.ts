// Many payments that complete in the same moment, on the real n8n, beside as many posts to n8n's own
// Webhook node.
import { setTimeout } from 'node:timers/promises';
import { startQueueMode } from '../test/e2e/cluster';
import { startN8n, type N8n } from '../test/e2e/host';
import { missingServices } from '../test/e2e/services';
import { Sqlite } from '../test/e2e/sqlite';
import { after, chain, type Step } from '../test/e2e/workflows';
import { SimulatorProcess } from './lab';
import {
	executionsOf,
	noteStaticData,
	savedStaticData,
	toldOf,
	type Database,
	type Written,
} from './n8n/database';
import { Health } from './n8n/health';
import { goal, kB, many, median, ms, times, type Goal, type Report } from './report';
import type { Part, Settings } from './runner';

/** A fresh n8n of one kind, with its database and a simulator. */
interface Ground {
	n8n: N8n;
	database: Database;
	simulator: SimulatorProcess;
}

/** What one burst did. */
interface Outcome extends Written {
	/** Until the last execution had ended, in ms. */
	took: number;
	/** Slowest answer of `/healthz` meanwhile, in ms. */
	health: number;
	executions: number;
	/** How many of the payments or posts have exactly one execution. */
	once: number;
}

/** Starts executions for so many, all at once. */
interface Contender {
	name: string;
	/** Publishes a workflow and makes so many things that it can be told of; `fire` tells of them. */
	prepare(
		ground: Ground,
		count: number,
	): Promise<{ workflowId: string; ids: string[]; fire(): Promise<unknown> }>;
}

/** Executions that end at all end within this, in ms. */
const PATIENCE = 240_000;

/** Executions that come later than the last are looked for so long, in ms. */
const AFTERWARDS = 7_000;

/** A trigger that has asked for nothing for so long is done with what it does at first, in ms. */
const SETTLED = 2_000;

/** As a server has it, in ms: on a busy machine it takes longer than the idle timeout until all streams are open. */
const HEARTBEAT = 15_000;

/** How many go before what counts, so that n8n's code is loaded and compiled. */
const WARM_UP = 50;

/** A trigger and a node that does nothing. */
const workflowOf = (name: string, trigger: Omit<Step, 'name'>) =>
	chain(name, { name: 'Trigger', ...trigger }, after);

let published = 0;

/**
 * Waits until a workflow's triggers listen. n8n reads the credential from its database for every
 * stream; meanwhile it may answer that the database is not ready.
 */
async function untilListening(n8n: N8n, workflowId: string): Promise<void> {
	const end = performance.now() + PATIENCE;
	for (;;) {
		try {
			return await n8n.untilListening(workflowId);
		} catch (error) {
			if (!/answered 50[03]/.test((error as Error).message) || performance.now() > end) throw error;
			await setTimeout(500);
		}
	}
}

/** Waits until the trigger has read each payment once, as it does when its stream has been opened. */
async function untilSettled(simulator: SimulatorProcess): Promise<void> {
	do await setTimeout(SETTLED);
	while ((await simulator.ask('requests')).length > 0);
}

const trigger: Contender = {
	name: 'KuvarPay Trigger',
	async prepare({ n8n, simulator }, count) {
		const ids = await simulator.ask('transactions', count);
		const workflow = await n8n.createWorkflow(
			workflowOf(`Payments ${++published}`, {
				type: 'kuvarPayTrigger',
				parameters: { watch: 'openTransactions', statuses: ['COMPLETED'] },
			}),
		);
		const { versionId } = workflow;
		await n8n.rest(`/workflows/${workflow.id}/activate`, { body: { versionId } });
		await simulator.ask('streamsOpen', count);
		await untilListening(n8n, workflow.id);
		await untilSettled(simulator);
		return {
			workflowId: workflow.id,
			ids,
			fire: async () => await simulator.ask('complete', ids),
		};
	},
};

const webhook: Contender = {
	name: 'Webhook',
	async prepare({ n8n }, count) {
		const path = `burst-${++published}`;
		const workflow = await n8n.createWorkflow(
			workflowOf(`Posts ${published}`, {
				type: 'n8n-nodes-base.webhook',
				typeVersion: 2,
				webhookId: path,
				parameters: { httpMethod: 'POST', path },
			}),
		);
		await n8n.publish(workflow);
		const ids = Array.from({ length: count }, (_, index) => `${path}-${index}`);
		const post = async (id: string) => {
			const { status } = await fetch(`${n8n.url}/webhook/${path}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ id }),
			});
			if (status !== 200) throw new Error(`n8n answered ${status} to a webhook`);
		};
		return { workflowId: workflow.id, ids, fire: async () => await Promise.all(ids.map(post)) };
	},
};

/** One burst. The workflow is taken down at the end. */
async function measure(ground: Ground, contender: Contender, count: number): Promise<Outcome> {
	const { n8n, database } = ground;
	const { workflowId, ids, fire } = await contender.prepare(ground, count);
	const health = await Health.watch(n8n.url);
	const begun = performance.now();
	const fired = fire();
	const isOver = async () => (await executionsOf(database, workflowId)).ended >= count;
	while (!(await isOver()) && performance.now() - begun < PATIENCE) await setTimeout(100);
	const took = performance.now() - begun;
	await fired;
	const slowest = await health.slowest();
	await setTimeout(AFTERWARDS);
	const { begun: executions } = await executionsOf(database, workflowId);
	const told = await toldOf(database, workflowId, ids);
	await n8n.unpublish(workflowId);
	return {
		took,
		health: slowest,
		executions,
		once: [...told.values()].filter((number) => number === 1).length,
		...(await savedStaticData(database, workflowId)),
	};
}

/** Runs something on a fresh n8n and ends it. */
type Kind = (
	simulator: SimulatorProcess,
	task: (n8n: N8n, database: Database) => Promise<void>,
) => Promise<void>;

const kinds: Record<string, Kind> = {
	async SQLite(simulator, task) {
		const n8n = await startN8n({ simulator });
		const database = Sqlite.open(n8n);
		try {
			await task(n8n, database);
		} finally {
			await database.close();
			await n8n.stop();
		}
	},
	async 'PostgreSQL, queue mode'(simulator, task) {
		const { main, database, close } = await startQueueMode(simulator, {
			workers: 1,
			concurrency: 10,
		});
		try {
			await task(main, database);
		} finally {
			await close();
		}
	},
};

/** Turns on a fresh n8n each; who is first changes. */
async function turns(kind: string, { quick, say }: Settings): Promise<Map<string, Outcome[]>> {
	const outcomes = new Map<string, Outcome[]>([
		[trigger.name, []],
		[webhook.name, []],
	]);
	const count = quick ? 50 : 500;
	for (let turn = 0; turn < (quick ? 1 : 3); turn++) {
		const simulator = await SimulatorProcess.start({ heartbeat: HEARTBEAT });
		try {
			await kinds[kind](simulator, async (n8n, database) => {
				const ground = { n8n, database, simulator };
				await noteStaticData(database);
				const order = turn % 2 === 0 ? [trigger, webhook] : [webhook, trigger];
				for (const contender of order) await measure(ground, contender, WARM_UP);
				for (const contender of order) {
					const outcome = await measure(ground, contender, count);
					say(
						`${kind}, ${contender.name}: ${ms(outcome.took)}, /healthz ${ms(outcome.health)}, ` +
							`static data ${kB(outcome.largest)} at most, ${kB(outcome.sum)} in ${outcome.saves} saves, ` +
							`${outcome.executions} executions, ${outcome.once} once`,
					);
					outcomes.get(contender.name)!.push(outcome);
				}
			});
		} finally {
			await simulator.stop();
		}
	}
	return outcomes;
}

/** The middle one of each figure; of the executions, the worst. */
function middle(outcomes: Outcome[]): Outcome {
	const of = (figure: (outcome: Outcome) => number) => median(outcomes.map(figure));
	const worst = outcomes.reduce((a, b) =>
		a.once <= b.once && a.executions >= b.executions ? a : b,
	);
	return {
		took: of(({ took }) => took),
		health: of(({ health }) => health),
		saves: of(({ saves }) => saves),
		largest: Math.max(...outcomes.map(({ largest }) => largest)),
		sum: of(({ sum }) => sum),
		executions: worst.executions,
		once: worst.once,
	};
}

function judge(kind: string, count: number, ours: Outcome, theirs: Outcome): Goal[] {
	return [
		goal(
			`${kind}: ${many(count)} executions, each payment once`,
			ours.executions === count && ours.once === count,
			`${many(ours.executions)} executions, ${many(ours.once)} payments once`,
		),
		goal(
			`${kind}: at most 1.1 x the Webhook node's time`,
			ours.took <= 1.1 * theirs.took,
			times(ours.took / theirs.took),
		),
		goal(
			`${kind}: /healthz at most 100 ms slower than with the Webhook node`,
			ours.health <= theirs.health + 100,
			`${ms(ours.health)} and ${ms(theirs.health)}`,
		),
		goal(`${kind}: static data under 100 kB`, ours.largest < 100_000, kB(ours.largest)),
	];
}

export const burst: Part = async (settings) => {
	const count = settings.quick ? 50 : 500;
	const rows: string[][] = [];
	const goals: Goal[] = [];
	const missing = missingServices();
	for (const kind of Object.keys(kinds)) {
		if (kind !== 'SQLite' && missing) {
			goals.push(goal(`${kind} was measured`, false, missing));
			continue;
		}
		const outcomes = await turns(kind, settings);
		for (const [name, those] of outcomes) {
			const { took, health, largest, sum, saves, executions, once } = middle(those);
			rows.push([
				kind,
				name,
				ms(took),
				ms(health),
				kB(largest),
				kB(sum),
				many(saves),
				many(executions),
				many(once),
			]);
		}
		goals.push(
			...judge(
				kind,
				count,
				middle(outcomes.get(trigger.name)!),
				middle(outcomes.get(webhook.name)!),
			),
		);
	}
	const report: Report = {
		title: `Burst: ${many(count)} at the same moment on n8n 2.41.1 (medians)`,
		head: [
			'n8n',
			'node',
			'all ended after',
			'slowest /healthz',
			'largest static data',
			'all static data',
			'saves',
			'executions',
			'once',
		],
		rows,
		goals,
		notes: [
			'The largest static data is that of all turns; the executions are those of the worst turn.',
		],
	};
	return [report];
};

// The ways in which n8n is broken.
import { setTimeout } from 'node:timers/promises';
import type { FaultRule } from '../../simulator';
import type { Stand, StandOptions } from './n8nStand';

/** One way. */
export interface Trial extends StandOptions {
	name: string;
	/** Breaks n8n while so many payments complete. What the workflow was told is counted afterwards. */
	run(stand: Stand, payments: number): Promise<void>;
	/** Why n8n makes it impossible that nothing starts twice here; it is counted, and no goal. */
	impossible?: string;
}

const PRUNING_OFF = { EXECUTIONS_DATA_PRUNE: 'false' };
const NOT_SAVED = { saveDataSuccessExecution: 'none' };

/** How long what keeps n8n from saving goes on, in ms: longer than the trigger waits before it tries again. */
const TROUBLE = 8_000;

/** All are told; then the workflow is published again, taken down and published once more. */
async function publishAfterwards(stand: Stand, payments: number): Promise<void> {
	await stand.watch(payments);
	stand.complete();
	await stand.untilPosted(payments);
	await stand.publish();
	await stand.unpublish();
	await stand.publish();
}

/** All are told; then n8n is killed and started again. */
async function killAfterwards(stand: Stand, payments: number): Promise<void> {
	await stand.watch(payments);
	stand.complete();
	await stand.untilPosted(payments);
	await restart(stand);
}

async function restart({ n8n, workflowId }: Stand): Promise<void> {
	await n8n.kill();
	await n8n.restart();
	await n8n.untilListening(workflowId);
}

/** A list of 20 payments a page; a look is refused on one of them until it is given up. */
const interruptedLook = (page: number): Trial => ({
	name: `look interrupted on page ${page}`,
	simulator: { dialect: { lists: { cap: 20 } } },
	async run(stand, payments) {
		await stand.watch(1);
		const refusal: FaultRule = { kind: 'status', status: 503, skip: page - 1, times: 5 };
		stand.simulator.faults.add({ ...refusal, match: { operationId: 'transaction.getAll' } });
		// Made and paid between two looks: no stream tells of them, the list alone does.
		stand.make(Math.max(payments, 60) - 1);
		stand.complete();
	},
});

export const trials: Trial[] = [
	{ name: 'executions not saved', settings: NOT_SAVED, run: publishAfterwards },
	{
		name: 'executions not saved, pruning off',
		settings: NOT_SAVED,
		env: PRUNING_OFF,
		run: publishAfterwards,
	},
	{
		name: 'executions pruned after seconds',
		env: {
			EXECUTIONS_DATA_PRUNE_MAX_COUNT: '1',
			EXECUTIONS_DATA_PRUNE_SOFT_DELETE_INTERVAL: '0.03',
			EXECUTIONS_DATA_PRUNE_HARD_DELETE_INTERVAL: '0.03',
			EXECUTIONS_DATA_HARD_DELETE_BUFFER: '0',
		},
		async run(stand, payments) {
			await publishAfterwards(stand, payments);
			await setTimeout(TROUBLE);
			await stand.publish();
		},
	},
	{
		name: 'disk full',
		async run(stand, payments) {
			await stand.watch(payments);
			await stand.disk('full');
			stand.complete();
			await stand.untilLearnt();
			await setTimeout(TROUBLE);
			await stand.disk('free');
		},
	},
	{
		name: 'disk full, published again after it',
		async run(stand, payments) {
			await stand.watch(payments);
			await stand.disk('full');
			stand.complete();
			await stand.untilLearnt();
			await stand.disk('free');
			await stand.publish();
		},
	},
	{
		name: 'database locked',
		async run(stand, payments) {
			await stand.watch(payments);
			const unlock = await stand.database.lock();
			stand.complete();
			await stand.untilLearnt();
			await setTimeout(TROUBLE);
			await unlock();
		},
	},
	{
		name: 'published again in the burst',
		async run(stand, payments) {
			await stand.watch(payments);
			stand.complete();
			for (const part of [0.1, 0.4, 0.7]) {
				await stand.untilPosted(part * payments);
				await stand.publish();
			}
		},
	},
	{
		name: 'taken down in the burst, published again',
		async run(stand, payments) {
			await stand.watch(payments);
			stand.complete();
			await stand.untilPosted(0.3 * payments);
			await stand.unpublish();
			await stand.publish();
		},
	},
	{
		name: 'killed before anything is saved',
		async run(stand, payments) {
			await stand.watch(payments);
			const unlock = await stand.database.lock();
			stand.complete();
			await stand.untilLearnt();
			await stand.n8n.kill();
			await unlock();
			await stand.n8n.restart();
		},
	},
	{
		name: 'killed, static data saved, executions not',
		async run(stand, payments) {
			await stand.watch(payments);
			const allow = await stand.refuse('executions');
			stand.complete();
			await stand.untilLearnt();
			await stand.n8n.kill();
			await allow();
			await stand.n8n.restart();
		},
	},
	{
		name: 'killed, executions saved, static data not',
		async run(stand, payments) {
			await stand.watch(payments);
			const allow = await stand.refuse('static data');
			stand.complete();
			await stand.untilPosted(payments);
			await stand.n8n.kill();
			await allow();
			await stand.n8n.restart();
		},
	},
	{
		name: 'killed in the burst',
		async run(stand, payments) {
			await stand.watch(payments);
			stand.complete();
			await stand.untilPosted(0.3 * payments);
			await restart(stand);
		},
	},
	{ name: 'killed after it', run: killAfterwards },
	{ name: 'killed after it, executions not saved', settings: NOT_SAVED, run: killAfterwards },
	{
		name: 'killed after it, executions not saved, pruning off',
		settings: NOT_SAVED,
		env: PRUNING_OFF,
		run: killAfterwards,
		impossible:
			'n8n deletes such an execution as soon as it has ended, and its key with it: after a crash nothing tells that it ever was.',
	},
	...[1, 2, 3].map(interruptedLook),
];

import type { FaultRule } from '../../simulator';
import { startCluster, type Cluster } from './cluster';
import {
	creationsOf,
	executionsOf,
	heldOf,
	isOver,
	publishFulfilment,
	sessionsOf,
	until,
	type Execution,
} from './fulfilment';
import { missingServices } from './services';

const PAYMENTS = 500;
const CONCURRENCY = 5;
const PATIENCE = 240_000;
/** Few enough to wait in the queue all together before a held request is given up. */
const FEW = 100;
const missing = missingServices();

let cluster: Cluster;
let expectedHeld = 0;
let workflow: { id: string; catchUpId: string };

/** Pays that many, once the trigger watches all of them. Gives their IDs. */
async function pay(count: number): Promise<string[]> {
	const { simulator } = cluster;
	const ids = Array.from({ length: count }, () => simulator.createTransaction({}).id);
	await simulator.waitFor(({ streams }) => streams.open === count, PATIENCE);
	for (const id of ids) simulator.setTransactionStatus(id, 'COMPLETED');
	return ids;
}

/** Leaves some requests that create a session without an answer. */
function hold(rule: Omit<FaultRule, 'kind'>): void {
	const match = { operationId: 'checkoutSession.create' };
	cluster.simulator.faults.add({ kind: 'halfOpen', match, ...rule });
	expectedHeld += rule.times ?? 0;
}

/** Waits until all of these have come. */
async function untilHeld(): Promise<void> {
	await cluster.simulator.waitFor((sim) => heldOf(sim).length === expectedHeld, PATIENCE);
}

function expectOneSessionEach(payments: string[]): void {
	const sessions = sessionsOf(cluster.simulator);
	expect(payments.filter((id) => sessions.get(id) !== 1)).toEqual([]);
	expect(cluster.simulator.contractViolations).toEqual([]);
}

/** The last execution before a test, so that it counts only its own. */
async function lastExecution(): Promise<number> {
	const [{ last }] = await cluster.database.query<{ last: number }>(
		'select coalesce(max(id), 0) as last from execution_entity',
	);
	return last;
}

/** Waits until that many executions have come and all have ended. */
async function ended(count: number, from: number): Promise<Execution[]> {
	return await until(
		async () => await executionsOf(cluster, workflow.id, from),
		(executions) => executions.length >= count && isOver(executions),
		PATIENCE,
	);
}

const countOf = (executions: Execution[], wanted: string) =>
	executions.filter(({ status }) => status === wanted).length;

const distinct = (executions: Execution[]) =>
	new Set(executions.map(({ deduplicationKey }) => deduplicationKey)).size;

function report(what: string, from: number): void {
	console.log(`${what}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
}

if (missing && process.env.CI) {
	it('runs in queue mode', () => {
		throw new Error(missing);
	});
}

(missing ? describe.skip : describe)(missing ?? 'queue mode: one main, two workers', () => {
	beforeAll(async () => {
		const began = performance.now();
		cluster = await startCluster({
			workers: 2,
			concurrency: CONCURRENCY,
			env: {
				// n8n reads the credential at every request, with 2 connections unless told otherwise.
				DB_POSTGRESDB_POOL_SIZE: '10',
				// A third of n8n's own times, so that a dead worker is noticed sooner.
				QUEUE_WORKER_LOCK_DURATION: '20000',
				QUEUE_WORKER_LOCK_RENEW_TIME: '4000',
				QUEUE_WORKER_STALLED_INTERVAL: '10000',
			},
		});
		workflow = await publishFulfilment(cluster);
		report('Started the cluster', began);
	}, PATIENCE);
	afterAll(async () => await cluster?.close(), PATIENCE);

	it(
		'starts and finishes an execution for each of 500 payments, on both workers',
		async () => {
			const { simulator, main, workers } = cluster;
			const from = await lastExecution();
			const made = performance.now();
			const payments = await pay(PAYMENTS);
			report(`Found and watched ${PAYMENTS} payments`, made);
			const paid = performance.now();
			const executions = await ended(PAYMENTS, from);
			report(`Started and finished ${PAYMENTS} executions`, paid);

			// The trigger has never failed, so nothing had to be caught up with.
			const failures = main.logs.filter((line) =>
				/failed at runtime|NodeApiError|could not be/.test(line),
			);
			expect(failures).toEqual([]);
			expect(await executionsOf(cluster, workflow.catchUpId)).toEqual([]);

			expect(executions).toHaveLength(PAYMENTS);
			expect(countOf(executions, 'success')).toBe(PAYMENTS);
			expect(distinct(executions)).toBe(PAYMENTS);
			expect(creationsOf(simulator)).toHaveLength(PAYMENTS);
			expectOneSessionEach(payments);

			const shares = workers.map(({ started }) => started.length);
			console.log(`Shares of the workers: ${shares.join(' and ')}`);
			expect(Math.min(...shares)).toBeGreaterThan(0);
			const ran = workers.flatMap(({ started }) => started).filter((id) => Number(id) > from);
			expect(ran.sort((a, b) => +a - +b)).toEqual(executions.map(({ id }) => id));
		},
		2 * PATIENCE,
	);

	it(
		'does all 500 payments when a worker is killed among them, none twice',
		async () => {
			const [, victim] = cluster.workers;
			const from = await lastExecution();
			// Every place of both workers is taken: by sessions that were made, and by some that were not.
			hold({ skip: 100, times: CONCURRENCY, afterWork: true });
			hold({ skip: 100 + CONCURRENCY, times: CONCURRENCY });
			const payments = await pay(PAYMENTS);
			await untilHeld();
			await victim.kill();
			const killed = performance.now();
			const executions = await ended(PAYMENTS, from);
			report('Finished the rest, and the interrupted ones as failed', killed);

			// What the worker was at fails, as n8n does not start an execution again. The rest succeeds.
			expect(executions).toHaveLength(PAYMENTS);
			expect(distinct(executions)).toBe(PAYMENTS);
			const failed = executions.filter(({ status }) => status === 'error');
			expect(failed).toHaveLength(CONCURRENCY);
			expect(countOf(executions, 'success')).toBe(PAYMENTS - CONCURRENCY);
			expect(victim.started).toEqual(expect.arrayContaining(failed.map(({ id }) => id)));

			// n8n has run the error workflow for each of these.
			const repairs = await until(
				async () => await executionsOf(cluster, workflow.catchUpId, from),
				(found) => found.length >= CONCURRENCY && isOver(found),
				PATIENCE,
			);
			report('Caught up with the interrupted ones', killed);
			expect(repairs.map(({ status }) => status)).toEqual(Array(CONCURRENCY).fill('success'));
			expectOneSessionEach(payments);
		},
		3 * PATIENCE,
	);

	it(
		'goes on when the main process is killed while payments wait for a worker',
		async () => {
			const { simulator, main, workers } = cluster;
			const [survivor] = workers;
			const from = await lastExecution();
			const before = creationsOf(simulator).length;
			const enqueued = () => main.logs.filter((line) => line.includes('Enqueued')).length;
			const atFirst = enqueued();
			hold({ times: CONCURRENCY });
			const payments = await pay(FEW);
			await untilHeld();
			await until(
				async () => enqueued() - atFirst,
				(count) => count === FEW,
				PATIENCE,
			);
			const running = survivor.started.slice(-CONCURRENCY);
			await main.kill();
			await main.restart();

			// n8n replaces those that wait by those that the trigger tells again.
			const executions = await ended(FEW, from);
			expect(executions).toHaveLength(FEW);
			expect(countOf(executions, 'success')).toBe(FEW);
			expect(distinct(executions)).toBe(FEW);
			expect(executions.map(({ id }) => id)).toEqual(expect.arrayContaining(running));
			// Once for each, and once more for those that got no answer, or none in time.
			const asked = creationsOf(simulator).length - before;
			expect(asked).toBeGreaterThanOrEqual(FEW + CONCURRENCY);
			expectOneSessionEach(payments);
		},
		2 * PATIENCE,
	);
});

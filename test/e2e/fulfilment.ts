// The workflow of the queue tests: every completed payment makes one checkout session.
import type { Simulator } from '../../simulator';
import type { Cluster } from './cluster';
import { chain } from './workflows';

/** The session's metadata names the payment; its key makes it one for each payment. */
const fulfil = {
	name: 'Fulfil',
	type: 'kuvarPay',
	parameters: {
		resource: 'checkoutSession',
		operation: 'create',
		amount: '1000',
		currency: 'NGN',
		additionalFields: {
			metadata: { entry: [{ key: 'payment', value: '={{ $json.id }}' }] },
		},
		options: { idempotencyKey: '=fulfil-{{ $json.id }}', timeout: 20 },
	},
};

const trigger = {
	name: 'Payment Completed',
	type: 'kuvarPayTrigger',
	parameters: {
		watch: 'openTransactions',
		statuses: ['COMPLETED'],
		options: { discoveryInterval: 1, maxStreams: 500 },
	},
};

/** What n8n runs when an execution fails: it fulfils whatever has been paid and not fulfilled. */
const catchUp = chain(
	'Catch up',
	{ name: 'Execution Failed', type: 'n8n-nodes-base.errorTrigger' },
	{
		name: 'Payments',
		type: 'kuvarPay',
		parameters: {
			resource: 'transaction',
			operation: 'getAll',
			returnAll: true,
			filters: { status: 'COMPLETED' },
		},
	},
	fulfil,
);

/** Publishes both workflows. */
export async function publishFulfilment({ main }: Cluster) {
	const errorWorkflow = await main.createWorkflow(catchUp);
	await main.publish(errorWorkflow);
	const onPayment = chain('Fulfil', trigger, fulfil);
	const settings = { ...onPayment.settings, errorWorkflow: errorWorkflow.id };
	const workflow = await main.createWorkflow({ ...onPayment, settings });
	await main.publish(workflow);
	return { id: workflow.id, catchUpId: errorWorkflow.id };
}

/** An execution as the database has it. */
export interface Execution {
	id: string;
	status: string;
	deduplicationKey: string | null;
}

/** The executions of a workflow from one on, oldest first. */
export async function executionsOf({ database }: Cluster, workflowId: string, from = 0) {
	return await database.query<Execution>(
		`select id::text, status, "deduplicationKey" from execution_entity
		where "workflowId" = '${workflowId}' and id > ${from} order by execution_entity.id`,
	);
}

/** Asks the database until the answer is good. Rejects when it never is. */
export async function until<T>(
	ask: () => Promise<T>,
	isGood: (answer: T) => boolean,
	timeoutMs: number,
): Promise<T> {
	const end = Date.now() + timeoutMs;
	for (;;) {
		const answer = await ask();
		if (isGood(answer)) return answer;
		if (Date.now() > end)
			throw new Error(`Not in ${timeoutMs / 1000} s: ${JSON.stringify(answer).slice(0, 2000)}`);
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
}

/** Whether nothing waits or runs any more. */
export const isOver = (executions: Execution[]): boolean =>
	executions.every(({ status }) => status !== 'new' && status !== 'running');

/** How many sessions each payment has, of those payments that have any. */
export function sessionsOf({ state }: Simulator): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { metadata } of state.sessions.values()) {
		const payment = String((metadata as { payment?: string } | undefined)?.payment);
		counts.set(payment, (counts.get(payment) ?? 0) + 1);
	}
	return counts;
}

/** Requests that create a session, in the order in which they came. */
export const creationsOf = ({ requests }: Simulator) =>
	requests.filter(({ operationId }) => operationId === 'checkoutSession.create');

/** Those of them that were given no answer. */
export const heldOf = (simulator: Simulator) =>
	creationsOf(simulator).filter(({ fault }) => fault?.includes('halfOpen'));

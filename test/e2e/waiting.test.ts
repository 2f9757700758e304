import { setTimeout } from 'node:timers/promises';
import { readExample } from '../examples/workflows';
import { executionsOf, hasFailed } from './executions';
import { setStage, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
});
afterAll(async () => await stage?.close());

/** Creates an example in n8n, impatient; steps that would send an email pass on what they get. */
async function create(name: string) {
	const { nodes, connections, settings } = readExample(name);
	for (const node of nodes) {
		node.disabled = node.type === 'n8n-nodes-base.emailSend';
		if (node.type.endsWith('kuvarPayTrigger')) node.parameters.options = { discoveryInterval: 1 };
	}
	return await stage.n8n.createWorkflow({ name: `${name}, tried`, nodes, connections, settings });
}

/** The only execution of a workflow, when it has that status. */
async function untilExecution(workflowId: string, status: string): Promise<void> {
	for (;;) {
		const executions = await executionsOf(stage.n8n, workflowId);
		if (executions.some((execution) => execution.status === status)) {
			expect(executions).toHaveLength(1);
			return;
		}
		if (executions.some(hasFailed))
			throw new Error(`The execution ended as ${JSON.stringify(executions)}`);
		await setTimeout(100);
	}
}

it('keeps a waiting execution over a restart, and wakes it when the payment has come', async () => {
	const { simulator, n8n } = stage;
	const waiting = await create('payment-wait-for-days');
	// Published and started by a webhook: what a person starts in the editor is not the same.
	const { nodes } = waiting as unknown as { nodes: Array<Record<string, unknown>> };
	const start = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger')!;
	Object.assign(start, {
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: 'f1f3f0f4-26d0-5a0e-8f43-1b1a5e0f3c11',
		parameters: { path: 'wait-for-days' },
	});
	const changed = await n8n.rest<{ id: string; versionId: string }>(`/workflows/${waiting.id}`, {
		method: 'PATCH',
		body: { nodes, versionId: waiting.versionId },
	});
	await n8n.publish(changed);
	await n8n.publish(await create('payment-wait-wake-up'));
	await fetch(`${n8n.url}/webhook/wait-for-days`);
	await untilExecution(waiting.id, 'waiting');

	await n8n.restart();
	const [session] = [...simulator.state.sessions.values()].slice(-1);
	expect(session.callbackUrl).toMatch(/^http:.*\/webhook-waiting\/\d+/);
	const opened = simulator.streams.opened;
	const { id } = simulator.createTransaction({ checkoutSessionId: session.sessionId });
	await simulator.waitFor(({ streams }) => streams.opened > opened, 90_000);
	simulator.setTransactionStatus(id, 'COMPLETED');
	await untilExecution(waiting.id, 'success');
});

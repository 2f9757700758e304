import type { Editor } from './editor';
import { executionsOf } from './executions';
import { setStage, type Stage } from './stage';
import { after, chain } from './workflows';

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await setStage();
	editor = await stage.open();
});
afterAll(async () => await stage?.close());

/** A workflow that starts with the trigger and passes on what it gets. */
async function createWorkflow(name: string, parameters: Record<string, unknown>) {
	const trigger = { name: 'KuvarPay Trigger', type: 'kuvarPayTrigger', parameters };
	return await stage.n8n.createWorkflow(chain(name, trigger, after));
}

/** Waits in the editor's list of executions until it shows so many that have succeeded. */
async function waitInList(workflowId: string, count: number): Promise<void> {
	await editor.page.goto(`${stage.n8n.url}/workflow/${workflowId}/executions`);
	await editor.page
		.locator('[data-test-execution-status="success"]')
		.nth(count - 1)
		.waitFor();
}

/** What the trigger gave in an execution, as n8n stored it. */
async function emitted(executionId: string): Promise<string> {
	const { data } = await stage.n8n.rest<{ data: string }>(`/executions/${executionId}`);
	return data;
}

describe('the trigger', () => {
	it('shows the current state of a payment when it is tested in the editor', async () => {
		const session = stage.simulator.createSession({ amount: 5000, currency: 'NGN' });
		const workflow = await createWorkflow('Test in the editor', {
			watch: 'checkoutSession',
			sessionIds: session.sessionId,
		});
		await editor.page.goto(`${stage.n8n.url}/workflow/${workflow.id}/KuvarPay%20Trigger`);
		await editor.executeStep();
		await editor.output.getByText(String(session.sessionId)).first().waitFor();
		await stage.simulator.waitFor(({ streams }) => streams.open === 0);
		expect(editor.errors).toEqual([]);
	});

	it('starts a published workflow when a payment moves', async () => {
		const session = stage.simulator.createSession({ amount: 7000, currency: 'NGN' });
		const workflow = await createWorkflow('Published', {
			watch: 'checkoutSession',
			sessionIds: session.sessionId,
			options: { emitCurrentState: false },
		});
		await stage.n8n.publish(workflow);
		await stage.simulator.waitFor(({ streams }) => streams.open === 1);
		stage.simulator.setSessionStatus(String(session.sessionId), 'COMPLETED');

		await waitInList(workflow.id, 1);
		const executions = await executionsOf(stage.n8n, workflow.id);
		expect(executions).toMatchObject([{ status: 'success', mode: 'trigger' }]);
		const stored = await emitted(executions[0].id);
		expect(stored).toContain(String(session.sessionId));
		expect(stored).toContain('COMPLETED');
		expect(editor.errors).toEqual([]);
	});

	it('brings the change that happened while n8n was dead, once', async () => {
		const session = stage.simulator.createSession({ amount: 9000, currency: 'NGN' });
		const id = String(session.sessionId);
		const workflow = await createWorkflow('Survives', {
			watch: 'checkoutSession',
			sessionIds: id,
			options: { emitCurrentState: false },
		});
		await stage.n8n.publish(workflow);
		await stage.simulator.waitFor(({ streams }) => streams.open === 1);
		stage.simulator.setSessionStatus(id, 'PROCESSING');
		await waitInList(workflow.id, 1);

		await stage.n8n.kill();
		await stage.simulator.waitFor(({ streams }) => streams.open === 0);
		stage.simulator.setSessionStatus(id, 'COMPLETED');
		await stage.n8n.restart();

		await waitInList(workflow.id, 2);
		await stage.n8n.restart();
		await stage.n8n.untilListening(workflow.id);
		const executions = await executionsOf(stage.n8n, workflow.id);
		expect(executions.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(await emitted(executions[1].id)).toContain('COMPLETED');
	});
});

import { setStage, type Stage } from './stage';
import { chain } from './workflows';

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
});
afterAll(async () => await stage?.close());

const webhookId = '6b1f6f0e-5d0c-4f2b-9a2e-0c7a5e1d4b3f';

interface Execution {
	id: string;
	status: string;
	mode: string;
}

describe('the webhook trigger', () => {
	it('takes a signed delivery at its real address, and refuses a forged or repeated one', async () => {
		const workflow = await stage.n8n.createWorkflow(
			chain('Webhook', { name: 'Webhook', type: 'kuvarPayWebhookTrigger', webhookId }),
		);
		await stage.n8n.publish(workflow);
		const url = `${stage.n8n.url}/webhook/${webhookId}/webhook`;
		const event = 'transaction.completed';
		const body = { event, data: { transactionId: 'trxn_1', status: 'COMPLETED' } };
		const send = async (options: object) =>
			await stage.simulator.sendWebhook(event, body, { url, ...options });

		expect(await send({ deliveryId: 'forged', signature: `sha256=${'0'.repeat(64)}` })).toBe(401);
		expect(await send({ deliveryId: 'unsigned', signature: null })).toBe(401);
		expect(await send({ deliveryId: 'one' })).toBe(200);
		expect(await send({ deliveryId: 'one' })).toBe(200);

		const editor = await stage.open();
		await editor.page.goto(`${stage.n8n.url}/workflow/${workflow.id}/executions`);
		await editor.page.locator('[data-test-execution-status="success"]').first().waitFor();
		const { results } = await stage.n8n.rest<{ results: Execution[] }>('/executions');
		expect(results).toMatchObject([{ status: 'success', mode: 'webhook' }]);
		const { data } = await stage.n8n.rest<{ data: string }>(`/executions/${results[0].id}`);
		expect(data).toContain('trxn_1');
		expect(data).not.toContain(stage.simulator.webhookSecret);
		expect(editor.errors).toEqual([]);
	});
});

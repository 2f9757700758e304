import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Theme } from './browser';
import type { Editor } from './editor';
import { storedExample } from './examples';
import { buyShirt } from './shop';
import { setStage, type Stage } from './stage';

const folder = resolve(__dirname, '../../docs/screenshots');

let stage: Stage;
beforeAll(async () => {
	mkdirSync(folder, { recursive: true });
	stage = await setStage();
});
afterAll(async () => await stage?.close());

/** The invoice form, filled as in the README. */
async function fillInvoice(editor: Editor): Promise<void> {
	await editor.newWorkflow();
	await editor.add('Create invoice');
	await editor.fill('customerName', 'Ada Obi');
	await editor.fill('customerEmail', 'ada@example.com');
	await editor.whileListing(async () => {
		await editor.page.getByRole('button', { name: 'Add Item' }).click();
	});
	await editor.choose('currency', 'NGN (Nigerian Naira)');
	await editor.fill('description', 'Cotton shirt, blue');
	await editor.fill('quantity', '2');
	await editor.fill('unitPrice', '4500');
	await editor.get('tab-params').click();
}

describe.each<Theme>(['light', 'dark'])('screenshots, %s', (theme) => {
	const file = (name: string) => resolve(folder, `${name}-${theme}.png`);
	let editor: Editor;

	beforeAll(async () => {
		editor = await stage.open(theme);
	});
	afterAll(async () => await editor.window.close());

	it('node panel', async () => {
		await editor.newWorkflow();
		await editor.openKuvarPay('Triggers');
		await editor.screenshot(file('node-panel'));
	});

	it('credential', async () => {
		await editor.page.goto(`${stage.n8n.url}/home/credentials/${stage.n8n.credential.id}`);
		await editor.get('editCredential-modal').waitFor();
		await editor.get('credentials-config-container-test-success').waitFor();
		await editor.screenshot(file('credential'));
	});

	it('invoice form and its output', async () => {
		await fillInvoice(editor);
		await editor.screenshot(file('invoice-form'));
		await editor.executeStep();
		await editor.output.getByText('9000').first().waitFor();
		await editor.dismissNotice();
		await editor.screenshot(file('invoice-output'));
	});

	it('trigger panel', async () => {
		await editor.newWorkflow();
		await editor.add('On payment completed', 'Triggers');
		await editor.field('watch').waitFor();
		await editor.screenshot(file('trigger'));
	});

	const openExample = async (name: string) =>
		await editor.openWorkflow((await storedExample(stage.n8n, name)).id);

	it('canvas of a finished workflow', async () => {
		await openExample('payment-received-fulfil-and-email');
		await editor.get('canvas-node').nth(3).waitFor();
		await editor.screenshot(file('canvas'), { x: 180, y: 300, width: 1120, height: 470 });
	});

	it('check connection', async () => {
		stage.simulator.createTransaction();
		await openExample('check-connection');
		const node = editor.get('canvas-node').filter({ hasText: 'Check Connection' });
		await node.dblclick();
		await editor.get('ndv').waitFor();
		await editor.executeStep();
		await editor.output.getByText('Report').first().waitFor();
		await editor.dismissNotice();
		await editor.screenshot(file('check-connection'));
	});

	it('finished execution', async () => {
		const session = stage.simulator.createSession({ amount: 5000, currency: 'NGN' });
		const workflow = await stage.n8n.createWorkflow({
			name: `Payment completed (${theme})`,
			nodes: [
				{
					id: 'trigger',
					name: 'Payment Completed',
					type: 'n8n-nodes-kuvarpay.kuvarPayTrigger',
					typeVersion: 1,
					position: [0, 0],
					parameters: {
						watch: 'checkoutSession',
						sessionIds: session.sessionId,
						options: { emitCurrentState: false },
					},
				},
				{
					id: 'after',
					name: 'Fulfil the Order',
					type: 'n8n-nodes-base.noOp',
					typeVersion: 1,
					position: [220, 0],
					parameters: {},
				},
			],
			connections: {
				'Payment Completed': {
					main: [[{ node: 'Fulfil the Order', type: 'main', index: 0 }]],
				},
			},
			settings: { executionOrder: 'v1' },
		});
		const opened = stage.simulator.streams.opened;
		await stage.n8n.publish(workflow);
		await stage.simulator.waitFor(({ streams }) => streams.opened > opened);
		stage.simulator.setSessionStatus(session.sessionId, 'COMPLETED');
		await editor.page.goto(`${stage.n8n.url}/workflow/${workflow.id}/executions`);
		await editor.page.locator('[data-test-execution-status="success"]').first().waitFor();
		await editor.dismissChecklist();
		await editor.page.getByText('1 item').first().waitFor();
		await editor.screenshot(file('execution'));
	});
});

it('the way to the first sale', async () => {
	const editor = await stage.open();
	await buyShirt(
		stage,
		editor,
		async (step) => await editor.screenshot(resolve(folder, `first-sale-${step}.png`)),
	);
});

import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Theme } from './browser';
import type { Editor } from './editor';
import { storedExample } from './examples';
import { fillInvoice } from './invoiceForm';
import { buyShirt } from './shop';
import { setStage, type Stage } from './stage';
import { after, chain } from './workflows';

const folder = resolve(__dirname, '../../docs/screenshots');

let stage: Stage;
beforeAll(async () => {
	mkdirSync(folder, { recursive: true });
	stage = await setStage();
});
afterAll(async () => await stage?.close());

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
		await editor.get('tab-params').click();
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
		stage.simulator.seedSamples();
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
		const parameters = { watch: 'checkoutSession', sessionIds: session.sessionId };
		const workflow = await stage.n8n.createWorkflow(
			chain(
				`Payment completed (${theme})`,
				{ name: 'Payment Completed', type: 'kuvarPayTrigger', parameters },
				{ ...after, name: 'Fulfil the Order' },
			),
		);
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

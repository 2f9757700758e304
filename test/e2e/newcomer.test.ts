import type { Editor } from './editor';
import { setStage, type Stage } from './stage';
import { after, chain } from './workflows';

/** A KuvarPay in which next to nothing is as our best guess has it. */
const OTHER = {
	key: { forms: ['bearer' as const] },
	streams: { openedBy: ['token' as const], token: 'get' as const },
	lists: { cap: 20, size: 20, order: 'oldest' as const },
	paths: { 'transaction.calculateAmount': 'POST /api/v1/calculate-payment' },
};

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await setStage({ dialect: OTHER });
	// More than a page, so that the newest payment is not on the first.
	for (let index = 0; index < 45; index++) stage.simulator.createSession();
	editor = await stage.open();
});
afterAll(async () => await stage?.close());

/** A workflow of one KuvarPay step, open in the editor. */
async function openStep(parameters: object): Promise<void> {
	const { id } = await stage.n8n.createWorkflow(
		chain(
			'One step',
			{ name: 'Start', type: 'n8n-nodes-base.manualTrigger' },
			{ name: 'KuvarPay', type: 'kuvarPay', parameters },
		),
	);
	await editor.page.goto(`${stage.n8n.url}/workflow/${id}/KuvarPay`);
	await editor.field('resource').waitFor();
}

describe('a newcomer at a KuvarPay that nobody knew, with no setting touched', () => {
	it('connects with the key and the addresses alone', async () => {
		const { apiKey, baseUrl, businessBaseUrl } = stage.simulator.credential;
		await editor.createCredential({ apiKey, baseUrl, businessBaseUrl });
		await editor.get('credentials-config-container-test-success').waitFor();
		stage.n8n.credential = await stage.n8n.newestCredential();
	});

	it('calculates, creates a session, and waits until it is paid', async () => {
		await openStep({
			...{ resource: 'transaction', operation: 'calculateAmount' },
			...{ fromCurrency: 'USDT', fromNetwork: 'TRON', toCurrency: 'NGN', toAmount: '5000' },
		});
		await editor.executeStep();
		await editor.output.getByText('fromAmount').first().waitFor();

		await openStep({
			...{ resource: 'checkoutSession', operation: 'create', amount: '5000', currency: 'NGN' },
		});
		await editor.executeStep();
		await editor.output.getByText(/cs_/).first().waitFor();
		const sessionId = [...stage.simulator.state.sessions.keys()].at(-1)!;

		await openStep({ resource: 'checkoutSession', operation: 'waitForUpdate', sessionId });
		await editor.executeStep();
		await stage.simulator.waitFor(({ streams }) => streams.open > 0);
		stage.simulator.setSessionStatus(sessionId, 'COMPLETED');
		await editor.output.getByText('COMPLETED').first().waitFor();
	});

	it('is told of a payment by the trigger', async () => {
		const { simulator, n8n } = stage;
		const trigger = { name: 'KuvarPay Trigger', type: 'kuvarPayTrigger' };
		const workflow = await n8n.createWorkflow(chain('Told', trigger, after));
		const transaction = simulator.createTransaction({ customerEmail: 'new@example.com' });
		await n8n.publish(workflow);
		// It belongs to no session, so no token opens its stream: it is found in the list.
		simulator.setTransactionStatus(transaction.id, 'COMPLETED');
		await editor.page.goto(`${n8n.url}/workflow/${workflow.id}/executions`);
		const succeeded = editor.page.locator('[data-test-execution-status="success"]').first();
		await succeeded.waitFor({ timeout: 90_000 });
	});

	it('leaves no key in the log, and none at another server', () => {
		const { apiKey } = stage.simulator.credential;
		expect(stage.n8n.logs.filter((line) => line.includes(apiKey))).toEqual([]);
		expect(editor.errors).toEqual([]);
	});
});

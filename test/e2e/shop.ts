// The way of a newcomer who has started `npm run n8n`: from the example of a shop to the email of an order.
import type { Editor } from './editor';
import { storedExample } from './examples';
import type { Stage } from './stage';

/** Called at each step, such as for a picture of it. */
type Look = (step: string) => Promise<void>;

/**
 * Publishes the example, buys a shirt in the shop, pays on the simulator's page, and looks at the execution.
 * Nothing is set by hand. Gives the email to the customer.
 */
export async function buyShirt(stage: Stage, editor: Editor, look: Look): Promise<string> {
	const { page } = editor;
	const { id } = await storedExample(stage.n8n, 'pay-page-shop');
	await editor.openWorkflow(id);
	await editor.publish();
	await look('1-published');
	await page.goto(await productionUrl(editor, 'Shop Opened'));

	await page.getByLabel('Your name').fill('Ada Obi');
	await page.getByLabel('Your email').fill('ada@example.com');
	await look('2-shop');
	await page.getByRole('button', { name: 'Buy now' }).click();
	const frame = page.frameLocator('iframe');
	await frame.getByRole('button', { name: 'Continue' }).click();
	await frame.getByText('Send 15.78125 USDT').waitFor();
	await look('3-pay');
	await frame.getByRole('button', { name: 'Pay 15.78125 USDT' }).click();
	await page.getByText('Thank you! We send you an email').waitFor();
	await look('4-paid');
	await frame.getByRole('button', { name: 'Done' }).click();
	await page.locator('iframe').waitFor({ state: 'detached' });

	const email = await stage.mailbox.emailTo('ada@example.com');
	await page.goto(`${stage.n8n.url}/workflow/${id}/executions`);
	// The page, the order, the payment; whose last step is the sixth.
	await page.locator('[data-test-execution-status="success"]').nth(2).waitFor();
	await page.getByText('1 item').nth(4).waitFor();
	await look('5-execution');
	return email;
}

/** Where a webhook of the open workflow is reached once it is published, as its form shows it. */
async function productionUrl(editor: Editor, node: string): Promise<string> {
	await editor.get('canvas-node').filter({ hasText: node }).dblclick();
	const form = editor.get('ndv');
	// n8n's styled switch lies over the control that belongs to the label.
	await form.getByRole('radio', { name: 'Production URL' }).click({ force: true });
	return (await form.locator('.webhook-url').innerText()).trim();
}

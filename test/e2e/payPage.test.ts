// The whole way of a customer: from a shop's page or a link to the email that the workflow sends.
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Editor } from './editor';
import { exampleFor } from './examples';
import { buyShirt } from './shop';
import { PLAYGROUND, setStage, type Stage } from './stage';

const folder = resolve(__dirname, '../../docs/screenshots');

let stage: Stage;
beforeAll(async () => {
	mkdirSync(folder, { recursive: true });
	stage = await setStage(PLAYGROUND);
	stage.simulator.seedSamples();
});
afterAll(async () => await stage?.close());

it('sells a shirt without a website: publish, page, order, payment, email', async () => {
	const editor = await stage.open();
	const email = await buyShirt(stage, editor, async () => {});
	expect(email).toContain('your payment of 25000 NGN has arrived');
	const session = [...stage.simulator.state.sessions.values()].at(-1)!;
	expect(session.transactions).toMatchObject([{ status: 'COMPLETED', toAmount: 25000 }]);
	expect(email).toContain(String(session.description));
	expect(stage.simulator.contractViolations).toEqual([]);
	expect(editor.errors).toEqual([]);
});

it('leads from a payment link to the email, by keyboard alone', async () => {
	const { simulator, mailbox, n8n } = stage;
	const { nodes, ...others } = exampleFor(simulator, 'payment-received-fulfil-and-email');
	for (const { name, parameters } of nodes)
		if (name === 'Payment Completed') parameters.options = { discoveryInterval: 1 };
	await n8n.publish(await n8n.createWorkflow({ ...others, name: 'Impatient', nodes }));
	const answer = await fetch(`${simulator.businessBaseUrl}/api/v1/payment-links`, {
		method: 'POST',
		headers: { authorization: simulator.apiKey, 'content-type': 'application/json' },
		body: JSON.stringify({ title: 'Workshop', currency: 'NGN', amount: 40000 }),
	});
	const { data } = (await answer.json()) as { data: { id: string; paymentUrl: string } };
	const editor = await stage.open('dark');
	const { page, errors } = editor;
	const { keyboard } = page;
	await page.goto(data.paymentUrl);
	await keyboard.press('Tab');
	await keyboard.type('Bayo Ade');
	await keyboard.press('Tab');
	await keyboard.type('bayo@example.com');
	await keyboard.press('Enter');
	await page.getByText('How would you like to pay?').waitFor();
	await keyboard.press('Tab');
	await keyboard.press('ArrowDown');
	await keyboard.press('Enter');
	await page.getByText('Address on BEP20').waitFor();
	await page.getByRole('button', { name: /^Pay \d/ }).press('Enter');
	await page.getByText('Your payment has arrived').waitFor();

	const email = await mailbox.emailTo('bayo@example.com');
	expect(email).toContain('your payment of 40000 NGN has arrived');
	expect(simulator.state.paymentLinks.get(data.id)?.transactionCount).toBe(1);
	expect(errors).toEqual([]);
});

describe('the stand-in for the browser SDK', () => {
	let editor: Editor;
	let sessionId: string;
	// A server of its own: Chromium lets a page that came from nowhere load nothing from this machine.
	const shop = createServer();
	beforeAll(async () => {
		editor = await stage.open();
		await once(shop.listen(0, '127.0.0.1'), 'listening');
	});
	afterAll(() => {
		shop.closeAllConnections();
		shop.close();
	});
	beforeEach(() => {
		({ sessionId } = stage.simulator.createSession({ amount: 5000, currency: 'NGN' }));
	});

	/** A shop that opens a payment at once and writes down what it is told. */
	async function openShop(payment: object) {
		const { page } = editor;
		const html = `<output></output>
			<script src="${stage.simulator.baseUrl}/kuvarpay-sdk.js" data-api-key="publishable"></script>
			<script>
				const tell = (what) => (detail) => {
					document.querySelector('output').textContent += what + ' ' + (detail ?? '') + ';';
				};
				const told = { onSuccess: tell('success'), onCancel: tell('cancel'), onError: tell('error') };
				KuvarPay.openPayment(${JSON.stringify(payment)}, told);
			</script>`;
		shop.removeAllListeners('request').on('request', (_request, response) => {
			response.setHeader('content-type', 'text/html').end(html);
		});
		await page.goto(`http://127.0.0.1:${(shop.address() as AddressInfo).port}/`);
		const told = page.locator('output');
		return {
			frame: page.frameLocator('iframe'),
			isTold: async (text: string) => {
				await told.filter({ hasText: text }).waitFor();
				// Closing what is left must not be told as a second end.
				const close = page.getByRole('button', { name: 'Close the payment' });
				if (await close.isVisible()) await close.click();
				await page.locator('iframe').waitFor({ state: 'detached' });
				expect(await told.innerText()).toBe(`${text};`);
			},
		};
	}

	it('tells of success once, and closes with the page', async () => {
		const { isTold } = await openShop({ sessionId });
		stage.simulator.setSessionStatus(sessionId, 'COMPLETED');
		await isTold(`success ${sessionId}`);
	});

	it('tells when the customer cancels, or goes away by keyboard', async () => {
		const { frame, isTold } = await openShop({ sessionId });
		await frame.getByRole('button', { name: 'Cancel' }).click();
		await isTold('cancel ');
		const { sessionId: other } = stage.simulator.createSession();
		const second = await openShop({ sessionId: other });
		await second.frame.getByRole('button', { name: 'Continue' }).press('Escape');
		await second.isTold('cancel ');
		expect(stage.simulator.state.sessions.get(other)?.status).toBe('PENDING');
	});

	it('tells what went wrong', async () => {
		const { frame, isTold } = await openShop({ sessionId });
		await frame.getByRole('button', { name: 'Let it expire' }).click();
		await isTold('error Error: The payment expired');
		const refused = await openShop({ sessionId, authToken: 'wrong' });
		await refused.isTold('error Error: The payment could not be opened');
		const none = await openShop({});
		await none.isTold('error Error: openPayment needs a sessionId');
	});
});

it.each([
	['light', 'light', { width: 1200, height: 760 }],
	['dark', 'dark', { width: 1200, height: 760 }],
	['phone', 'light', { width: 390, height: 1010 }],
] as const)('screenshot of the pay page, %s', async (name, theme, size) => {
	const { sessionId } = stage.simulator.createSession({
		amount: 25000,
		currency: 'NGN',
		description: 'Cotton shirt, blue',
		customerName: 'Ada Obi',
		customerEmail: 'ada@example.com',
	});
	const editor = await stage.open(theme);
	await editor.page.setViewportSize(size);
	await editor.page.goto(`${stage.simulator.baseUrl}/checkout/${sessionId}`);
	await editor.page.getByRole('button', { name: 'Continue' }).click();
	await editor.page.getByText('Address on TRON').waitFor();
	await editor.screenshot(resolve(folder, `pay-page-${name}.png`));
	expect(editor.errors).toEqual([]);
	await editor.window.close();
});

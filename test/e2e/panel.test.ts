import { setTimeout } from 'node:timers/promises';
import type { Editor } from './editor';
import type { StoredWorkflow } from './host';
import { setStage, type Stage } from './stage';

let stage: Stage;
/** One window for all: what it has loaded of n8n's editor it has not to load again. */
let editor: Editor;
beforeAll(async () => {
	stage = await setStage();
	editor = await stage.open();
});
afterAll(async () => await stage?.close());
afterEach(() => expect(editor.errors).toEqual([]));

describe('n8n with the package', () => {
	it('loads the package without a word about it in its log', () => {
		expect(stage.n8n.logs.filter((line) => /kuvar/i.test(line))).toEqual([]);
		const trouble =
			/error loading|could not load|failed to load|cannot find module|credential type/i;
		expect(stage.n8n.logs.filter((line) => trouble.test(line))).toEqual([]);
	});

	it.each(['kuvar', 'crypto payment', 'usdt'])('finds the node by "%s"', async (text) => {
		await editor.newWorkflow();
		await editor.openNodePanel();
		await editor.search(text);
		await editor.entry('KuvarPay').waitFor();
		const names = await editor.get('node-creator-item-name').allInnerTexts();
		expect(names[0]).toBe('KuvarPay');
	});

	it.each(['light', 'dark'] as const)('shows its icon in the %s theme', async (theme) => {
		await editor.page.emulateMedia({ colorScheme: theme });
		await editor.newWorkflow();
		await editor.openNodePanel();
		await editor.search('kuvar');
		await editor.entry('KuvarPay').waitFor();
		const icon = editor.page.locator('img[src*="kuvarpay"]').first();
		await icon.waitFor();
		expect(await icon.getAttribute('src')).toMatch(
			theme === 'light' ? /kuvarpay\.svg$/ : /kuvarpay\.dark\.svg$/,
		);
		expect(
			await icon.evaluate((image: { naturalWidth: number }) => image.naturalWidth),
		).toBeGreaterThan(0);
	});
});

describe('the triggers in the node panel', () => {
	const of = (watch: string, name: string) => (status: string) => ({ watch, [name]: [status] });
	const payment = of('openTransactions', 'statuses');
	const subscription = of('subscription', 'operation');
	const event = (name: string) => ({ events: [name] });

	/** What the panel says, and the parameters that a node has then. */
	const KUVARPAY_TRIGGER = {
		'On payment cancelled': payment('CANCELLED'),
		'On payment completed': payment('COMPLETED'),
		'On compliance hold': payment('COMPLIANCE_HOLD'),
		'On overpayment': payment('EXCESS_PAYMENT'),
		'On payment expired': payment('EXPIRED'),
		'On payment failed': payment('FAILED'),
		'On underpayment': payment('PARTIAL_PAYMENT'),
		'On payment pending': payment('PENDING'),
		'On payment processing': payment('PROCESSING'),
		'On refund': payment('REFUNDED'),
		'On subscription active': subscription('ACTIVE'),
		'On subscription canceled': subscription('CANCELED'),
		'On subscription incomplete': subscription('INCOMPLETE'),
		'On subscription incomplete expired': subscription('INCOMPLETE_EXPIRED'),
		'On subscription past due': subscription('PAST_DUE'),
		'On subscription paused': subscription('PAUSED'),
		'On subscription trialing': subscription('TRIALING'),
		'On subscription unpaid': subscription('UNPAID'),
	};
	const WEBHOOK_TRIGGER = {
		'On checkout cancelled': event('checkout_session.cancelled'),
		'On checkout completed': event('checkout_session.completed'),
		'On checkout expired': event('checkout_session.expired'),
		'On checkout failed': event('checkout_session.failed'),
		'On checkout payment received': event('checkout_session.payment_received'),
		'On invoice paid': event('invoice.paid'),
		'On payment completed': event('payment.completed'),
		'On subscription created': event('subscription.created'),
		'On webhook test': event('webhook.test'),
	};

	/** What n8n has stored of a new workflow, once it has so many nodes. */
	async function stored(url: string, count: number) {
		const id = /workflow\/([^/?]+)/.exec(url)![1];
		for (;;) {
			const { nodes } = await stage.n8n.rest<StoredWorkflow>(`/workflows/${id}`);
			if (nodes.length === count) return nodes;
			await setTimeout(100);
		}
	}

	it.each([
		['KuvarPay', 'kuvarPayTrigger', KUVARPAY_TRIGGER, { watch: 'openTransactions' }],
		['KuvarPay Webhook', 'kuvarPayWebhookTrigger', WEBHOOK_TRIGGER, {}],
	])('%s: lists all, and each adds a node that is set', async (entry, type, triggers, defaults) => {
		const names = Object.keys(triggers);
		await editor.newWorkflow();
		await editor.openKuvarPay('Triggers', entry);
		const listed = await editor.get('node-creator-item-name').allInnerTexts();
		expect(listed.filter((name) => name.startsWith('On '))).toEqual(names);
		for (const name of names) {
			if (name !== names[0]) await editor.openKuvarPay('Triggers', entry);
			await editor.entry(name).click();
			await editor.get('ndv').waitFor();
			await editor.closeForm();
		}
		const nodes = await stored(editor.page.url(), names.length);
		expect(nodes.map(({ type: stored }) => stored)).toEqual(
			names.map(() => `n8n-nodes-kuvarpay.${type}`),
		);
		// What is as n8n would have it anyway is not stored.
		expect(
			nodes.map(({ parameters: { options: _options, ...set } }) => ({ ...defaults, ...set })),
		).toEqual(Object.values(triggers));
	});
});

import type { Simulator } from '../../simulator';
import type { Json } from '../../simulator/state';
import { useVisitor, type Visitor } from './browser';
import { ask } from './client';

let simulator: Simulator;
let visitor: Visitor;

useVisitor((started, its) => {
	simulator = started;
	visitor = its;
});

const create = async (path: string, body: Json, business = false) =>
	(await ask(simulator, `/api/v1/${path}`, { body, business })).json.data;

/** Chooses a coin on the open page and pays; gives the session once it is complete. */
async function pay() {
	await visitor.send({ token: 'tok_usdt_tron' });
	await visitor.send({ do: 'PAY' });
	const [session] = [...simulator.state.sessions.values()].slice(-1);
	await simulator.waitFor(() => session.status === 'COMPLETED');
	return session;
}

describe('an invoice', () => {
	it('is paid at its paymentUrl, by a session of its own', async () => {
		const invoice = await create(
			'invoices',
			{
				customerName: 'Ada Obi',
				customerEmail: 'ada@example.com',
				items: [{ description: 'Design', quantity: 2, unitPrice: 50_000, currency: 'NGN' }],
				taxRate: 7.5,
				metadata: { project: 'x' },
			},
			true,
		);
		await visitor.open(invoice.paymentUrl);
		expect(visitor.html).toContain('2 × Design');
		expect(visitor.html).toContain('107,500 NGN');
		expect(simulator.state.sessions.size).toBe(0);
		await visitor.send();
		expect(await pay()).toMatchObject({
			amount: 107_500,
			currency: 'NGN',
			customerEmail: 'ada@example.com',
			description: `Invoice ${invoice.invoiceNumber}`,
			metadata: { project: 'x', invoiceId: invoice.id, invoiceNumber: invoice.invoiceNumber },
			transactions: [{ status: 'COMPLETED', customerEmail: 'ada@example.com' }],
		});
		expect(simulator.state.invoices.get(invoice.id)?.status).toBe('PAID');

		await visitor.open(invoice.paymentUrl);
		await visitor.send();
		expect([visitor.status, simulator.state.sessions.size]).toEqual(['PAID', 1]);
	});

	it('can be paid once more after a try that expired', async () => {
		const { id, paymentUrl } = simulator.create.invoice();
		await (await visitor.open(String(paymentUrl))).send();
		await visitor.send({ do: 'EXPIRE' });
		expect(visitor.html).toContain(`href="/invoice/${id}"`);
		expect(simulator.state.invoices.get(id)?.status).toBe('PENDING');
		await (await visitor.open(String(paymentUrl))).send();
		await pay();
		expect(simulator.state.invoices.get(id)?.status).toBe('PAID');
	});
});

describe('a payment link', () => {
	const WORKSHOP = { title: 'Workshop', currency: 'NGN', amount: 25_000, slug: 'a/b?c' };
	const ADA = { name: 'Ada Obi', email: 'ada@example.com' };

	it('is paid by anybody, as often as they like', async () => {
		const successUrl = 'https://shop.example.com/thanks';
		const { id, paymentUrl } = await create('payment-links', { ...WORKSHOP, successUrl }, true);
		for (const name of ['Ada Obi', 'Bayo Ade']) {
			await (await visitor.open(paymentUrl)).send({ ...ADA, name, amount: '1' });
			expect(await pay()).toMatchObject({
				amount: 25_000,
				description: 'Workshop',
				customerName: name,
				redirectUrl: successUrl,
				metadata: { paymentLinkId: id },
			});
		}
		expect(simulator.state.paymentLinks.get(id)?.transactionCount).toBe(2);
	});

	it('lets the customer choose the amount within its limits', async () => {
		const limits = { allowCustomAmount: true, minAmount: 500, maxAmount: 1000 };
		const { paymentUrl } = await create('payment-links', { ...WORKSHOP, ...limits }, true);
		for (const [amount, problem] of [
			['499', 'The least to pay here is 500 NGN'],
			['1001', 'The most to pay here is 1,000 NGN'],
			['', 'Say how much'],
		]) {
			await (await visitor.open(paymentUrl)).send({ ...ADA, amount });
			expect(visitor.answer.status).toBe(422);
			expect(visitor.html).toContain(problem);
		}
		await (await visitor.open(paymentUrl)).send({ ...ADA, amount: '750.5' });
		expect([...simulator.state.sessions.values()].map(({ amount }) => amount)).toEqual([750.5]);
	});

	it('takes nothing once it has expired', async () => {
		const expiresAt = '2020-01-01T00:00:00.000Z';
		const { paymentUrl } = await create('payment-links', { ...WORKSHOP, expiresAt }, true);
		await (await visitor.open(paymentUrl)).send(ADA);
		expect(visitor.html).toContain('does not take payments any more');
		expect(simulator.state.sessions.size).toBe(0);
	});
});

describe('a subscription', () => {
	const USDC = 'tok_usdc_polygon';
	const customer = { email: 'ada@example.com' };
	const checkoutOf = async (body: Json) =>
		await create('subscriptions/checkout-sessions', { customer, ...body });

	it('begins when its approval_url is approved', async () => {
		const plan = simulator.create.plan({ name: 'Gold' });
		const price = simulator.create.price({ planId: plan.id, interval: 'YEARLY' });
		const { checkoutSession, subscription } = await checkoutOf({
			billingMode: 'FIXED',
			priceId: price.id,
		});
		await visitor.open(checkoutSession.approval_url);
		expect(visitor.html).toContain('Gold');
		expect(visitor.html).toContain('Every year');
		await visitor.send({ do: 'APPROVE', token: 'tok_usdt_tron' });
		expect(visitor.answer.status).toBe(422);
		await visitor.open(checkoutSession.approval_url);
		await visitor.send({ do: 'APPROVE', token: USDC });
		expect(visitor.status).toBe('confirmed');

		const { state } = simulator;
		expect(state.subscriptions.get(subscription.id)?.status).toBe('ACTIVE');
		expect(state.authorizations.get(subscription.id)?.status).toBe('ACTIVE');
		expect(state.invoicesOf.get(subscription.id)).toMatchObject([{ status: 'PAID' }]);
	});

	it('is paid by use up to a target', async () => {
		const targetPrice = { targetCurrency: 'NGN', targetAmount: '15000' };
		const { checkoutSession } = await checkoutOf({ billingMode: 'METERED', targetPrice });
		await visitor.open(checkoutSession.approval_url);
		expect(visitor.html).toContain('15,000 NGN');
		await visitor.send({ do: 'APPROVE', token: USDC });
		expect(visitor.status).toBe('confirmed');
	});

	it('does not begin when it is declined, and that cannot be undone', async () => {
		const { id: priceId } = simulator.create.price({ trialPeriodDays: 14 });
		const { checkoutSession, subscription } = await checkoutOf({ billingMode: 'FIXED', priceId });
		await visitor.open(checkoutSession.approval_url);
		expect(visitor.html).toContain('first 14 days are free');
		await visitor.send({ do: 'DECLINE' });
		await visitor.send({ do: 'APPROVE', token: USDC });
		expect(visitor.status).toBe('cancelled');
		const { status } = simulator.state.subscriptions.get(subscription.id)!;
		expect(status).toBe('INCOMPLETE_EXPIRED');
	});
});

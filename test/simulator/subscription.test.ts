import { startSimulator, type Simulator } from '../../simulator';
import { ask, type Ask } from './client';

let simulator: Simulator;

beforeEach(async () => {
	simulator = await startSimulator({ heartbeat: 0 });
});

afterEach(async () => {
	expect(simulator.contractViolations).toEqual([]);
	await simulator.close();
});

const call = async (path: string, body?: unknown, options: Ask = {}) =>
	(await ask(simulator, `/api/v1/${path}`, { body, ...options })).json;
const status = async (path: string, body?: unknown, options: Ask = {}) =>
	(await ask(simulator, `/api/v1/${path}`, { body, ...options })).status;

describe('a subscription', () => {
	const confirm = {
		walletAddress: '0x71C7656EC7ab88b098defB751B7401B5f6d8976F',
		tokenId: 'tok_usdt_polygon',
		limits: { capAmount: '60000000', maxPerCharge: '5000000' },
		schedule: { periodSeconds: 2_592_000, nextDue: 1_771_027_200, expiry: 1_802_563_200 },
	};
	const checkout = async (price: object = {}, more: object = {}) => {
		const plan = (await call('subscriptions/plans', { name: 'Pro' })).data;
		const body = { amount: '2999', currency: 'NGN', interval: 'month', ...price };
		const { id } = (await call(`subscriptions/plans/${plan.id}/prices`, body)).data;
		const { data } = await call('subscriptions/checkout-sessions', {
			billingMode: 'FIXED',
			priceId: id,
			customer: { email: 'ada@example.com', firstName: 'Ada' },
			...more,
		});
		return { ...data, plan, priceId: id };
	};

	it('goes from plan to cancellation', async () => {
		const { checkoutSession, subscription, customer, priceId, plan } = await checkout();
		expect(checkoutSession).toMatchObject({
			status: 'pending',
			approval_url: expect.stringContaining(checkoutSession.id),
		});
		expect(subscription.status).toBe('INCOMPLETE');
		expect((await call(`subscriptions/plans/${plan.id}`)).data.prices).toHaveLength(1);

		const path = `subscriptions/checkout-sessions/${checkoutSession.id}`;
		const confirmed = await call(`${path}/confirm`, confirm);
		expect(confirmed).toMatchObject({
			token: { symbol: 'USDT', decimals: 6, chainId: 137 },
			allowance: { method: 'approve', requiredAllowanceUnits: '60000000' },
			eip712: {
				domain: { name: 'SubscriptionSpender', version: '1', chainId: 137 },
				message: { subscriber: confirm.walletAddress, amount: '5000000', deadline: '1802563200' },
			},
			preview: { type: 'CHARGE', fromAmountHuman: '2999', fromAmountUnits: '2999000000' },
		});
		expect(await status(`${path}/confirm`, confirm)).toBe(409);
		expect((await call(path)).data.status).toBe('confirmed');

		const sub = `subscriptions/${subscription.id}`;
		expect((await call(sub)).data).toMatchObject({
			status: 'ACTIVE',
			customerId: customer.id,
			priceId,
		});
		const invoices = (await call(`${sub}/subscription-invoices`)).data;
		expect(invoices).toMatchObject([{ status: 'PAID', amount: '2999', attempt_count: 1 }]);
		const attempts = await call(`${sub}/subscription-invoices/${invoices[0].id}/charge-attempts`);
		expect(attempts.data).toMatchObject([{ status: 'SUCCEEDED', invoiceId: invoices[0].id }]);

		const relay = `${sub}/relay/authorizations`;
		expect((await call(`${relay}/status`)).data.status).toBe('PENDING');
		const signed = { authId: confirmed.auth.authId, signature: '0x12' };
		expect((await call(relay, signed)).data.status).toBe('ACTIVE');

		const dearer = (
			await call(`subscriptions/plans/${plan.id}/prices`, {
				amount: '9999',
				currency: 'NGN',
				interval: 'YEARLY',
			})
		).data;
		const upgrade = (await call(`${sub}/upgrade`, { priceId: dearer.id })).data;
		expect(upgrade).toMatchObject({
			renewalFor: subscription.id,
			checkoutSession: { status: 'pending' },
		});
		await call(`subscriptions/checkout-sessions/${upgrade.checkoutSession.id}/confirm`, confirm);
		const upgraded = (await call(sub)).data;
		expect(upgraded.priceId).toBe(dearer.id);
		expect(Date.parse(upgraded.currentPeriodEnd) - Date.now()).toBeGreaterThan(360 * 86_400_000);
		expect(await status(`${sub}/upgrade`, { priceId: dearer.id })).toBe(409);
		const lower = (await call(`${sub}/downgrade`, { priceId })).data;
		expect(lower).toMatchObject({
			subscription: { status: 'ACTIVE' },
			pendingPriceChangeId: expect.stringMatching(/^ppc_/),
		});

		expect((await call(`${sub}/renew`, undefined, { method: 'POST' })).data.renewalFor).toBe(
			subscription.id,
		);
		expect(await status(`${sub}/confirm-cancellation`, undefined, { method: 'POST' })).toBe(409);
		const cancel = { cancel_at_period_end: true, reason: 'moved' };
		expect((await call(sub, cancel, { method: 'DELETE' })).data).toMatchObject({
			status: 'ACTIVE',
			cancelAtPeriodEnd: true,
		});
		const gone = (await call(`${sub}/confirm-cancellation`, { txHash: '0x9' })).data;
		expect(gone.status).toBe('CANCELED');
		expect((await call(`${relay}/status`)).data).toMatchObject({
			status: 'REVOKED',
			txHash: '0x9',
		});
		expect(await status(`${relay}/revoke`, undefined, { method: 'POST' })).toBe(409);
		expect(await status(sub, { status: 'ACTIVE' }, { method: 'PATCH' })).toBe(409);
	});

	it('begins with a trial when its price has one', async () => {
		const { checkoutSession, subscription } = await checkout({ trialPeriodDays: 14 });
		const path = `subscriptions/checkout-sessions/${checkoutSession.id}/confirm`;
		expect((await call(path, confirm)).preview).toMatchObject({
			type: 'TRIAL',
			fromAmountUnits: '0',
		});
		expect((await call(`subscriptions/${subscription.id}`)).data.status).toBe('TRIALING');
	});

	it('cannot be confirmed with nonsense', async () => {
		const { checkoutSession } = await checkout();
		const path = `subscriptions/checkout-sessions/${checkoutSession.id}/confirm`;
		expect(await status(path, { ...confirm, tokenId: 'tok_usdt_tron' })).toBe(404);
		expect(await status(path, { ...confirm, limits: { capAmount: '1', maxPerCharge: '2' } })).toBe(
			422,
		);
		const schedule = { ...confirm.schedule, expiry: 1 };
		expect(await status(path, { ...confirm, schedule })).toBe(422);
	});

	it('can be metered: usage is invoiced with data to sign', async () => {
		const { checkoutSession, subscription } = await checkout(
			{},
			{
				billingMode: 'METERED',
				priceId: undefined,
				targetPrice: { targetCurrency: 'USDT', targetAmount: '50' },
			},
		);
		await call(`subscriptions/checkout-sessions/${checkoutSession.id}/confirm`, confirm);
		const sub = `subscriptions/${subscription.id}`;
		const usage = { amount: '12.50', currency: 'USDT', usage_description: '1,250 calls' };
		const { invoice, eip712 } = await call(`${sub}/metered-invoices`, usage);
		expect(invoice).toMatchObject({
			status: 'OPEN',
			billing_mode: 'METERED',
			attempt_count: 1,
			processing: true,
		});
		expect(eip712.message).toMatchObject({ amount: '12500000', subscriber: confirm.walletAddress });
		simulator.settleInvoice(invoice.id, 'FAILED');
		expect((await call(sub)).data.status).toBe('PAST_DUE');
		simulator.settleInvoice(invoice.id, 'SUCCEEDED');
		expect((await call(`${sub}/subscription-invoices/${invoice.id}`)).data).toMatchObject({
			status: 'PAID',
			charge_attempts: [{ status: 'FAILED' }, { status: 'SUCCEEDED' }],
		});
		const later = await call(`${sub}/metered-invoices`, { ...usage, charge_schedule: 'scheduled' });
		expect(later.invoice).toMatchObject({ status: 'DRAFT', attempt_count: 0 });
		expect(Date.parse(later.invoice.next_payment_attempt)).toBeGreaterThan(Date.now() + 86_000_000);
		expect(await status(`${sub}/upgrade`, { priceId: 'x' })).toBe(409);
		const fixed = simulator.create.subscription();
		expect(await status(`subscriptions/${fixed.id}/metered-invoices`, usage)).toBe(409);
		expect(await status(`subscriptions/${fixed.id}/subscription-invoices/${invoice.id}`)).toBe(404);
	});

	it('is created for a known customer and found by it', async () => {
		const customer = simulator.create.customer({ email: 'b@example.com' });
		const price = simulator.create.price();
		const body = { customer_id: customer.id, price_id: price.id };
		const { data } = await call('subscriptions', body);
		expect(data.status).toBe('ACTIVE');
		simulator.create.subscription({ status: 'PAST_DUE' });
		expect((await call(`subscriptions?customerId=${customer.id}`)).data).toMatchObject([
			{ id: data.id },
		]);
		expect((await call('subscriptions?status=PAST_DUE')).data).toHaveLength(1);
		expect(await status('subscriptions', { ...body, customer_id: 'none' })).toBe(404);
		expect(await status('subscriptions', { ...body, price_id: 'none' })).toBe(404);
		const path = `subscriptions/${data.id}`;
		expect(
			(await call(path, { status: 'PAUSED', metadata: { a: 'b' } }, { method: 'PATCH' })).data,
		).toMatchObject({
			status: 'PAUSED',
			metadata: { a: 'b' },
		});
		// Nobody knows all statuses.
		expect(await status(path, { status: 'SLEEPING' }, { method: 'PATCH' })).toBe(200);
	});

	it('is sold at prices that can be changed and withdrawn', async () => {
		const price = simulator.create.price();
		const path = `subscriptions/prices/${price.id}`;
		expect((await call(path, { active: false }, { method: 'PATCH' })).data.active).toBe(false);
		const prices = `subscriptions/plans/${price.planId}/prices`;
		expect((await call(`${prices}?active=true`)).data).toEqual([]);
		expect((await call(`${prices}?active=false`)).data).toHaveLength(1);
		const body = { billingMode: 'FIXED', priceId: price.id, customer: { email: 'a@example.com' } };
		expect(await status('subscriptions/checkout-sessions', body)).toBe(409);
	});
});

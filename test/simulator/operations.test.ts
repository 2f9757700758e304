import { startSimulator, type Simulator } from '../../simulator';
import { ask, SESSION, TRANSACTION, type Ask } from './client';

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

describe('payments', () => {
	it('a transaction belongs to its session and takes it along', async () => {
		const { sessionId } = (await call('checkout-sessions', SESSION)).data;
		const { data } = await call('transactions', { ...TRANSACTION, checkoutSessionId: sessionId });
		expect(data).toMatchObject({
			status: 'PENDING',
			reference: expect.stringMatching(/^RS-\d{8}-[A-Z0-9]{6}$/),
			depositAddress: expect.stringMatching(/^T\w{33}$/),
			fromAmount: 315.625,
			exchangeRate: 1600,
			customerName: 'Ada Obi',
		});
		const forced = await call('sandbox/simulator/force-status', {
			transactionId: data.id,
			status: 'processing',
		});
		expect(forced.data.status).toBe('PROCESSING');
		await call('sandbox/simulator/force-scenario', { transactionId: data.id, scenario: 'SUCCESS' });
		const session = (await call(`checkout-sessions/${sessionId}`)).data;
		expect(session).toMatchObject({
			status: 'COMPLETED',
			fromCurrency: 'USDT',
			depositAddress: data.depositAddress,
			transactions: [
				{ id: data.id, status: 'COMPLETED', payoutStatus: 'PAID', actualAmount: 315.625 },
			],
		});
		expect(
			await status('sandbox/simulator/force-status', { transactionId: data.id, status: 'X' }),
		).toBe(422);
		expect(
			await status('sandbox/simulator/force-scenario', { transactionId: data.id, scenario: 'X' }),
		).toBe(422);
		expect(await status('transactions', { ...TRANSACTION, checkoutSessionId: 'none' })).toBe(404);
	});

	it('lists are filtered and paged, newest first', async () => {
		const made = Array.from({ length: 45 }, (_, index) =>
			simulator.createTransaction({ toAmount: index + 1, toCurrency: index % 3 ? 'NGN' : 'KES' }),
		);
		simulator.setTransactionStatus(made[4].id, 'COMPLETED');
		const first = await call('transactions');
		expect(first.pagination).toEqual({ page: 1, limit: 20, total: 45, totalPages: 3 });
		expect(first.data[0].id).toBe(made[44].id);
		const all: string[] = [];
		for (const page of [1, 2, 3, 4]) {
			const { data } = await call(`transactions?page=${page}&limit=15`);
			all.push(...data.map(({ id }: { id: string }) => id));
		}
		expect(all).toEqual(made.map(({ id }) => id).reverse());
		expect((await call('transactions?status=COMPLETED')).data).toHaveLength(1);
		expect((await call('transactions?currency=KES&limit=100')).data).toHaveLength(15);
		const start = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
		expect((await call(`transactions?startDate=${start}`)).data).toEqual([]);
		expect((await call(`transactions?endDate=${start}`)).pagination.total).toBe(45);
	});

	it('move by themselves when told so, the session behind its transaction', async () => {
		await simulator.close();
		simulator = await startSimulator({
			autoPay: { afterMs: 20, steps: ['PROCESSING', 'COMPLETED'], everyMs: 20 },
		});
		const alone = simulator.createSession();
		const { sessionId } = simulator.createSession();
		const { id } = simulator.createTransaction({ checkoutSessionId: sessionId });
		await simulator.waitFor(
			({ state }) =>
				state.transactions.get(id)?.status === 'COMPLETED' && alone.status === 'COMPLETED',
		);
		expect(simulator.state.sessions.get(sessionId)?.status).toBe('COMPLETED');
		expect(simulator.streams.log('session', alone.sessionId)).toHaveLength(2);
		// The transaction came, and then each of its steps: the session has no steps of its own.
		expect(simulator.streams.log('session', sessionId)).toHaveLength(3);
	});

	it('expire when nobody pays', async () => {
		await simulator.close();
		simulator = await startSimulator({ expiresInMs: 30 });
		const session = simulator.createSession();
		const paid = simulator.createTransaction();
		simulator.setTransactionStatus(paid.id, 'COMPLETED');
		await simulator.waitFor(() => session.status === 'EXPIRED');
		expect(paid.status).toBe('COMPLETED');
	});
});

describe('the business host', () => {
	it('adds an invoice up', async () => {
		const items = [
			{ description: 'Design', quantity: 1, unitPrice: 100_000, currency: 'NGN' },
			{ description: 'Hosting', quantity: 2.5, unitPrice: 10_000, currency: 'NGN' },
		];
		const body = {
			customerName: 'Ada',
			customerEmail: 'ada@example.com',
			items,
			taxRate: 7.5,
			discountAmount: 5000,
		};
		const { data, message } = await call('invoices', body, { business: true });
		expect(message).toBe('Invoice created successfully');
		expect(data).toMatchObject({
			invoiceNumber: expect.stringMatching(/^INV-\d{6}-0001$/),
			subtotal: 125_000,
			taxAmount: 9375,
			totalAmount: 129_375,
			items: [{ totalPrice: 100_000 }, { totalPrice: 25_000 }],
		});
		const path = `invoices/${data.id}/send-email`;
		const sent = await call(path, undefined, { method: 'POST', business: true });
		expect(sent.data.recipientEmail).toBe('ada@example.com');
		expect(simulator.state.invoices.get(data.id)?.status).toBe('SENT');
	});

	it('makes payment links, one for each slug', async () => {
		const link = { title: 'Workshop', currency: 'NGN', amount: 25000, slug: 'workshop' };
		const { data } = await call('payment-links', link, { business: true });
		expect(data).toMatchObject({
			amount: '25000',
			paymentUrl: 'https://kuvarpay.com/pay/workshop',
		});
		expect(await status('payment-links', link, { business: true })).toBe(409);
		const open = { title: 'Give', currency: 'NGN', allowCustomAmount: true };
		expect((await call('payment-links', open, { business: true })).data.amount).toBeNull();
		const odd = { ...open, minAmount: 5, maxAmount: 1 };
		expect(await status('payment-links', odd, { business: true })).toBe(422);
	});
});

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
		expect(await status(path, { status: 'SLEEPING' }, { method: 'PATCH' })).toBe(422);
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

it('lists currencies, networks and fees', async () => {
	const tickers = ({ data }: { data: { ticker: string }[] }) => data.map(({ ticker }) => ticker);
	expect(tickers(await call('currencies?network=tron'))).toEqual(['USDT']);
	expect(new Set(tickers(await call('subscription-currencies')))).toEqual(
		new Set(['USDT', 'USDC']),
	);
	expect(
		(await call('subscription-currencies/networks')).data.map(
			({ network }: { network: string }) => network,
		),
	).toEqual(['BEP20', 'POLYGON']);
	expect((await call('supported-currencies')).data[0]).toMatchObject({ code: 'NGN', symbol: '₦' });
	expect((await call('optimal-transfer-fee?currency=KES&amount=1000')).data).toMatchObject({
		currency: 'KES',
		paymentMethod: 'MOBILE_MONEY',
		totalFee: 15,
	});
	expect((await call('transactions/calculate-payment', TRANSACTION)).data).toMatchObject({
		fromAmount: 315.625,
		fees: 3.125,
	});
});

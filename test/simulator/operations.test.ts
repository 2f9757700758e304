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
		).toBe(200);
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
			paymentUrl: `${simulator.businessBaseUrl}/pay/workshop`,
		});
		expect(await status('payment-links', link, { business: true })).toBe(409);
		const open = { title: 'Give', currency: 'NGN', allowCustomAmount: true };
		expect((await call('payment-links', open, { business: true })).data.amount).toBeNull();
		const odd = { ...open, minAmount: 5, maxAmount: 1 };
		expect(await status('payment-links', odd, { business: true })).toBe(422);
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

import { Bench, ENGINES, byId } from '../support/engine';

describe.each(ENGINES)('the KuvarPay node on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => (bench = await Bench.start(engine)));
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());
	afterEach(() => expect(bench.simulator.contractViolations).toEqual([]));

	const session = { amount: '25000.50', currency: 'NGN' };

	it('creates a checkout session and reads it back', async () => {
		const [created] = await bench.output('checkoutSession.create', {
			...session,
			additionalFields: {
				customerName: 'Ada Obi',
				metadata: { entry: [{ key: 'order', value: '1042' }] },
			},
		});
		expect(created).toMatchObject({
			json: { status: 'PENDING', amount: 25000.5, currency: 'NGN', customerName: 'Ada Obi' },
			pairedItem: { item: 0 },
		});
		expect(bench.simulator.requests[0]).toMatchObject({
			method: 'POST',
			host: 'payments',
			path: '/api/v1/checkout-sessions',
			body: { amount: 25000.5, metadata: { order: '1042' } },
		});

		const sessionId = created.json.sessionId;
		const [full] = await bench.output('checkoutSession.get', { sessionId, simplify: false });
		expect(full.json).toMatchObject({ sessionId, transactions: [] });
		const [simple] = await bench.output('checkoutSession.get', { sessionId });
		expect(Object.keys(simple.json).length).toBeLessThanOrEqual(10);
		expect(simple.json).toMatchObject({ sessionId, status: 'PENDING' });
	});

	it('calculates, creates and reads a transaction', async () => {
		const target = {
			fromCurrency: 'USDT',
			fromNetwork: 'TRON',
			toCurrency: 'NGN',
			toAmount: '50000',
		};
		const [amount] = await bench.output('transaction.calculateAmount', target);
		expect(Number(amount.json.fromAmount ?? amount.json.cryptoAmount)).toBeGreaterThan(0);

		const [created] = await bench.output('transaction.create', {
			...target,
			customerEmail: 'ada@example.com',
			customerName: 'Ada Obi',
		});
		expect(created.json).toMatchObject({ status: 'PENDING', depositAddress: expect.any(String) });

		const [read] = await bench.output('transaction.get', { transactionId: byId(created.json.id) });
		expect(read.json).toMatchObject({ id: created.json.id, status: 'PENDING' });
	});

	it('creates an invoice on the business host and emails it', async () => {
		const [created] = await bench.output('invoice.create', {
			customerName: 'Ada Obi',
			customerEmail: 'ada@example.com',
			itemsSource: 'fields',
			items: {
				item: [{ description: 'Shirt', quantity: '2', unitPrice: '4500', currency: 'NGN' }],
			},
			additionalFields: { taxRate: '7.5', dueDate: '2026-12-31T17:00:00' },
		});
		expect(created.json).toMatchObject({ subtotal: 9000, taxAmount: 675, totalAmount: 9675 });
		expect(bench.simulator.requests[0]).toMatchObject({ host: 'business' });

		const [sent] = await bench.output('invoice.sendEmail', { invoiceId: created.json.id });
		expect(sent.json).toBeDefined();
		expect(bench.simulator.requests.at(-1)).toMatchObject({
			host: 'business',
			path: `/api/v1/invoices/${created.json.id}/send-email`,
		});
	});

	it('takes invoice items as JSON and keeps every digit', async () => {
		await bench.output('invoice.create', {
			customerName: 'Ada Obi',
			customerEmail: 'ada@example.com',
			itemsSource: 'json',
			itemsJson:
				'[{"description":"Dust","quantity":3,"unitPrice":0.123456789012345678,"currency":"USDT","sku":"D-1"}]',
		});
		expect(bench.simulator.requests[0].rawBody).toContain('"unitPrice":0.123456789012345678');
		expect(bench.simulator.requests[0].body).toMatchObject({ items: [{ sku: 'D-1' }] });
	});

	it('reads a list over several pages, up to the limit or all', async () => {
		for (let n = 0; n < 230; n++) bench.simulator.createTransaction({});
		const total = bench.simulator.state.transactions.size;

		const some = await bench.output('transaction.getAll', { limit: 120 });
		expect(some).toHaveLength(120);
		expect(bench.simulator.requests).toHaveLength(2);

		const all = await bench.output('transaction.getAll', { returnAll: true });
		expect(new Set(all.map(({ json }) => json.id)).size).toBe(total);

		const [raw] = await bench.output('transaction.getAll', { options: { rawResponse: true } });
		expect(raw.json).toMatchObject({ success: true, data: expect.any(Array) });
	});

	it('sends further properties, query parameters and another path', async () => {
		await bench.output('checkoutSession.create', {
			...session,
			options: {
				bodyProperties: '{"amount": 7, "customer": {"email": "ada@example.com"}}',
				queryParameters: '{"trace": "on"}',
			},
		});
		expect(bench.simulator.requests[0]).toMatchObject({
			body: { amount: 7, currency: 'NGN', customer: { email: 'ada@example.com' } },
			query: { trace: 'on' },
		});

		const { error } = await bench.run('invoice.sendEmail', {
			invoiceId: 'inv_1',
			options: { pathOverride: '/api/v2/mail/{invoiceId}' },
		});
		expect(error).toMatchObject({ httpCode: '404' });
		expect(bench.simulator.requests.at(-1)?.path).toBe('/api/v2/mail/inv_1');
	});
});

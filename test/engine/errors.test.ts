import { Bench, ENGINES, byId } from '../support/engine';

describe.each(ENGINES)('errors on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => (bench = await Bench.start(engine)));
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());

	const session = { amount: '100', currency: 'NGN' };
	const invoice = { customerName: 'Ada', customerEmail: 'ada@example.com' };

	describe('bad input is refused before any request, with the field and the item', () => {
		it.each([
			['an empty ID', 'checkoutSession.get', { sessionId: '={{ "" }}' }, 'Session ID is empty'],
			['".." as an ID', 'checkoutSession.get', { sessionId: '..' }, 'Session ID ".." is not an ID'],
			[
				'a line break in an ID',
				'transaction.get',
				{ transactionId: byId('={{ "a\\nb" }}') },
				'Transaction ID has a line break',
			],
			[
				'a negative amount',
				'checkoutSession.create',
				{ ...session, amount: '-5' },
				'Amount must be above zero, but it is "-5"',
			],
			[
				'words for an amount',
				'checkoutSession.create',
				{ ...session, amount: '1,000' },
				'Amount must be a number, but it is "1,000"',
			],
			[
				'an object for an amount',
				'checkoutSession.create',
				{ ...session, amount: '={{ { a: 1 } }}' },
				'Amount must be a number, but it is an object',
			],
			[
				'an invoice without items',
				'invoice.create',
				{ ...invoice, itemsSource: 'json', itemsJson: '[]' },
				'Items (JSON) is empty',
			],
			[
				'invalid JSON',
				'invoice.create',
				{ ...invoice, itemsSource: 'json', itemsJson: '[{' },
				'Items (JSON) is not valid JSON',
			],
			[
				'an invalid date',
				'invoice.create',
				{
					...invoice,
					itemsSource: 'json',
					itemsJson: '[{"description":"a","quantity":1,"unitPrice":2}]',
					additionalFields: { dueDate: '2026-02-30' },
				},
				'Due Date must be a date, but it is "2026-02-30"',
			],
			[
				'a metadata key twice',
				'checkoutSession.create',
				{
					...session,
					additionalFields: {
						metadata: {
							entry: [
								{ key: 'a', value: '1' },
								{ key: 'a', value: '2' },
							],
						},
					},
				},
				'Metadata has the key "a" twice',
			],
			[
				'a path that leaves the server',
				'checkoutSession.get',
				{ sessionId: 'cs_1', options: { pathOverride: '//evil.example/x' } },
				'Path Override "//evil.example/x" is not a path',
			],
			[
				'a header in the idempotency key',
				'checkoutSession.create',
				{ ...session, options: { idempotencyKey: '={{ "a\\r\\nX-Evil: 1" }}' } },
				'Idempotency Key may have up to 255 characters',
			],
		])('%s', async (_what, operation, parameters, message) => {
			const { error } = await bench.run(operation, parameters);
			expect(error?.message).toContain(message);
			expect(error?.message).toContain('[item 0]');
			expect(bench.simulator.requests).toHaveLength(0);
		});
	});

	it('refuses the whole run when a later item is wrong, and names that item', async () => {
		const { error } = await bench.run(
			'checkoutSession.create',
			{ ...session, amount: '={{ $json.amount }}' },
			{ items: [{ json: { amount: 5 } }, { json: { amount: 6 } }, { json: { amount: 0 } }] },
		);
		expect(error).toMatchObject({ message: 'Amount must be above zero, but it is "0" [item 2]' });
		expect(bench.simulator.requests).toHaveLength(0);
	});

	it('gives each item its own result with Continue On Fail', async () => {
		const { items, error } = await bench.run(
			'checkoutSession.create',
			{ ...session, amount: '={{ $json.amount }}' },
			{
				items: [{ json: { amount: 5 } }, { json: { amount: 'x' } }, { json: { amount: 7 } }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		expect(error).toBeUndefined();
		expect(items.map(({ json, pairedItem }) => [json.amount ?? json.error, pairedItem])).toEqual([
			[5, { item: 0 }],
			[expect.stringMatching(/^Amount must be a number.*\[item 1\]\. Use digits/), { item: 1 }],
			[7, { item: 2 }],
		]);
	});

	it('says what to do about a 404', async () => {
		const { error } = await bench.run('checkoutSession.get', { sessionId: 'nothing' });
		expect(error).toMatchObject({
			name: 'NodeApiError',
			httpCode: '404',
			message: expect.stringMatching(/^KuvarPay answered 404: .*not found.*\[item 0\]$/i),
			description: expect.stringContaining('Path Override'),
		});
	});

	it('sends an ID as one path segment', async () => {
		await bench.run('checkoutSession.get', { sessionId: 'a/b?c#d é' });
		expect(bench.simulator.requests[0].rawPath).toBe(
			'/api/v1/checkout-sessions/a%2Fb%3Fc%23d%20%C3%A9',
		);
	});

	it('names the authorization format on a wrong key', async () => {
		const { error } = await bench.run(
			'checkoutSession.get',
			{ sessionId: 'cs_1' },
			{ credentials: { kuvarPayApi: { ...bench.simulator.credential, apiKey: 'wrong-key-1' } } },
		);
		expect(error).toMatchObject({
			httpCode: '401',
			description: expect.stringContaining('Authorization Format'),
		});
	});

	it.each(['raw', 'bearer', 'legacy'])('is let in with the %s format', async (format) => {
		const credentials = {
			kuvarPayApi: {
				...bench.simulator.credential,
				authorizationFormat: format,
				businessId: 'b-1',
			},
		};
		await bench.output('checkoutSession.create', session, { credentials });
		const { headers } = bench.simulator.requests[0];
		const key = bench.simulator.apiKey;
		expect([headers.authorization, headers['x-api-key'], headers['x-business-id']]).toEqual([
			{ raw: key, bearer: `Bearer ${key}` }[format],
			format === 'legacy' ? key : undefined,
			'b-1',
		]);
	});

	it('refuses plain http for anything but this machine', async () => {
		const { error } = await bench.run('checkoutSession.create', session, {
			credentials: {
				kuvarPayApi: { ...bench.simulator.credential, baseUrl: 'http://payment.example.com' },
			},
		});
		expect(error?.message).toBe('Base URL in the KuvarPay credential must start with https://');
	});

	it('does not follow a redirect with the key', async () => {
		const other = await Bench.start(engine);
		bench.simulator.faults.add({ kind: 'redirect', to: `${other.simulator.baseUrl}/stolen` });
		const { error } = await bench.run('checkoutSession.create', session);
		await other.stop();
		expect(error).toMatchObject({
			description: expect.stringContaining('Redirects are not followed'),
		});
		expect(other.simulator.requests).toHaveLength(0);
	});

	it('tells a web page from an answer', async () => {
		bench.simulator.faults.add({ kind: 'html' });
		const { error } = await bench.run('checkoutSession.create', session);
		expect(error?.message).toContain('web page instead of data');
		expect(bench.simulator.requests).toHaveLength(1);
	});

	it('never shows the key', async () => {
		bench.simulator.faults.add({ kind: 'echoKey', status: 400 });
		const failing = [
			await bench.run('checkoutSession.create', session),
			await bench.run('checkoutSession.create', session, {
				node: { onError: 'continueRegularOutput' },
			}),
			await bench.run(
				'checkoutSession.create',
				{ ...session, options: { maxRetries: 0 } },
				{
					credentials: {
						kuvarPayApi: { ...bench.simulator.credential, baseUrl: 'http://127.0.0.1:9' },
					},
				},
			),
		];
		bench.simulator.faults.clear();
		const [created] = await bench.output('checkoutSession.create', session);
		const everything = JSON.stringify([failing, created, bench.host.logs, bench.host.uncaught]);
		expect(failing[0].error).toBeDefined();
		expect(everything).toContain('***');
		expect(everything).not.toContain(bench.simulator.apiKey);
	});
});

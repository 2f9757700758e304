import type { IDataObject } from 'n8n-workflow';
import { Bench, ENGINES } from '../support/engine';
import { readExample, runExample, runnable } from './workflows';

describe.each(ENGINES)('the examples with tables on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await Bench.start(engine);
	});
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());
	afterEach(() => {
		expect(bench.simulator.contractViolations).toEqual([]);
		expect(bench.host.uncaught).toEqual([]);
	});

	/** What n8n's Data Table node gives; `insert` takes the rows as they are. */
	const table = async (operation: string, name: string, rows: IDataObject[] = [{}]) => {
		const { items } = await bench.host.run({
			node: {
				type: 'n8n-nodes-base.dataTable',
				parameters: {
					resource: 'row',
					operation,
					dataTableId: { __rl: true, mode: 'name', value: name },
					columns: { mappingMode: 'autoMapInputData' },
				},
			},
			items: rows.map((json) => ({ json })),
		});
		return items.map(({ json }) => json);
	};
	const idsOf = (rows: IDataObject[]) => rows.map(({ transactionId }) => transactionId);

	it('invoice each customer once a month, also when notes of it were lost', async () => {
		const customer = { description: 'Hosting', amount: '12000', currency: 'NGN' };
		const names = ['Ada', 'Obi'];
		const rows = names.map((name) => ({ ...customer, name, email: `${name}@example.com` }));
		await table('insert', 'customers', rows);
		const { invoices, invoiceEmails } = bench.simulator.state;
		const counts = () => [invoices.size, invoiceEmails.length];
		const [before, mailed] = counts();

		await runExample(bench, 'invoices-monthly-from-table');
		expect(counts()).toEqual([before + 2, mailed + 2]);
		const made = [...invoices.values()].slice(-2);
		expect(made.map(({ customerName }) => customerName).sort()).toEqual(names);
		const notes = await table('get', 'invoices');
		expect(notes.map(({ invoiceId }) => invoiceId).sort()).toEqual(made.map(({ id }) => id).sort());

		bench.reset();
		await runExample(bench, 'invoices-monthly-from-table');
		expect(bench.simulator.requests).toEqual([]);

		await table('deleteRows', 'invoices');
		await runExample(bench, 'invoices-monthly-from-table');
		expect(counts()).toEqual([before + 2, mailed + 2]);
		expect(bench.simulator.requests).toHaveLength(4);
	});

	it('keep a ledger, and put right at night what is missing or different there', async () => {
		const { simulator, host, credentials } = bench;
		const make = (toAmount: number) => simulator.createTransaction({ toAmount }).id;
		const followed = make(1000);
		const workflow = runnable('payments-ledger-reconcile');
		const startNode = 'Payment Changed';
		const trigger = await host.activate({ workflow, startNode, credentials });
		await simulator.waitFor(({ streams }) => streams.open === 1);
		simulator.setTransactionStatus(followed, 'COMPLETED');
		await trigger.nextExecution();
		await trigger.close();
		expect(await table('get', 'payments')).toMatchObject([
			{ transactionId: followed, status: 'COMPLETED', amount: '1000', currency: 'NGN' },
		]);

		const [missing, different] = [make(2000), make(3000)];
		const stale = { transactionId: different, status: 'PROCESSING' };
		await table('insert', 'payments', [stale]);
		const night = async () =>
			await runExample(bench, 'payments-ledger-reconcile', { startNode: 'Every Night' });
		const { items } = await night();
		expect(items).toHaveLength(1);
		expect(items[0].json.subject).toBe('2 payments were missing or different in the ledger');
		for (const id of [missing, different]) expect(items[0].json.text).toContain(`${id}: PENDING, `);
		expect(items[0].json.text).not.toContain(followed);
		expect(idsOf(await table('get', 'payments')).sort()).toEqual(
			[followed, missing, different].sort(),
		);

		expect((await night()).nodes).not.toHaveProperty('Tell');
	});

	it('fulfil every completed payment once, whether trigger or list tells it', async () => {
		const name = 'payments-catch-up-hourly';
		const { simulator } = bench;
		const paid = [1, 2].map(() => simulator.createTransaction({}).id);
		for (const id of paid) simulator.setTransactionStatus(id, 'COMPLETED');
		const told = { json: { id: paid[0], status: 'COMPLETED', data: { toAmount: 1000 } } };
		const first = await runExample(bench, name, { startNode: 'Payment Completed', items: [told] });
		expect(idsOf(first.items.map(({ json }) => json))).toEqual([paid[0]]);

		const hour = async () => await runExample(bench, name, { startNode: 'Every Hour' });
		const caught = idsOf((await hour()).items.map(({ json }) => json));
		expect(caught).toContain(paid[1]);
		expect(caught).not.toContain(paid[0]);
		expect((await hour()).nodes).not.toHaveProperty('Fulfil the Order');
		const fulfilled = idsOf(await table('get', 'fulfilled'));
		expect(new Set(fulfilled).size).toBe(fulfilled.length);
	});
});

describe.each(ENGINES)('the tools of the agent on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await Bench.start(engine);
	});
	afterAll(async () => await bench.stop());

	const example = readExample('agent-with-approval');
	const tools = example.nodes.filter(({ type }) => type === 'n8n-nodes-kuvarpay.kuvarPayTool');

	it('are asked of a person when they change something, and else are not', () => {
		const behind = (tool: string) =>
			Object.values(example.connections[tool].ai_tool).flatMap((output) =>
				(output ?? []).map(({ node }) => node),
			);
		expect(Object.fromEntries(tools.map(({ name }) => [name, behind(name)]))).toEqual({
			'Find Payments': ['Agent'],
			'Find Subscriptions': ['Agent'],
			'Charge a Subscriber': ['Ask a Person'],
			'Cancel a Subscription': ['Ask a Person'],
		});
	});

	it.each(tools.map(({ name }) => name))('do what they say: %s', async (name) => {
		const { create } = bench.simulator;
		const customer = create.customer({ email: 'ada@example.com' });
		const { id } = create.subscription({ customerId: customer.id, status: 'ACTIVE' });
		const said: Record<string, string> = {
			subscriptionId: String(id),
			amount: '12.50',
			description: 'A new SIM card',
			reason: 'Asked for it',
		};
		const { parameters } = tools.find((tool) => tool.name === name)!;
		const filled = JSON.stringify(parameters).replace(
			/=\{\{ \$fromAI\('(\w+)'[^}]*\}\}/g,
			(_, field: string) => said[field],
		);
		expect(filled).not.toContain('$fromAI');
		const { resource, operation, ...others } = JSON.parse(filled) as Record<string, string>;
		const items = await bench.output(`${resource}.${operation}`, others);
		if (name.startsWith('Find')) expect(Array.isArray(items)).toBe(true);
		if (name === 'Find Subscriptions') expect(items.map(({ json }) => json.id)).toContain(id);
		if (name === 'Charge a Subscriber') expect(Number(items[0].json.amount)).toBe(12.5);
		if (name === 'Cancel a Subscription')
			expect(bench.simulator.state.subscriptions.get(id)).toMatchObject({
				cancelAtPeriodEnd: true,
			});
	});
});

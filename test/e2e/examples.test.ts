// The examples that are made of n8n's own nodes, in the real n8n, with its tables and a mail server.
import { setTimeout } from 'node:timers/promises';
import { publishExample } from './examples';
import { executionsOf, hasFailed } from './executions';
import type { StoredWorkflow } from './host';
import { setStage, type Stage } from './stage';

type Row = Record<string, unknown>;

let stage: Stage;
let tables: string;
beforeAll(async () => {
	stage = await setStage();
	const { id } = await stage.n8n.rest<{ id: string }>('/projects/personal');
	tables = `/projects/${id}/data-tables`;
});
afterAll(async () => await stage?.close());

/** Makes a table of texts, as the example's note asks for it. */
async function makeTable(name: string, ...columns: string[]) {
	const rest = stage.n8n.rest.bind(stage.n8n);
	const { id } = await rest<{ id: string }>(tables, {
		body: { name, columns: columns.map((column) => ({ name: column, type: 'string' })) },
	});
	const path = `${tables}/${id}`;
	return {
		insert: async (...data: Row[]) => await rest(`${path}/insert`, { body: { data } }),
		rows: async () => (await rest<{ data: Row[] }>(`${path}/rows?take=100`)).data,
		remove: async (columnName: string, value: string) => {
			const filters = [{ columnName, condition: 'eq', value }];
			const filter = encodeURIComponent(JSON.stringify({ type: 'and', filters }));
			await rest(`${path}/rows?filter=${filter}`, { method: 'DELETE' });
		},
	};
}

/**
 * Publishes an example whose lists are looked at each second, and whose schedule is a web address: a
 * month is long.
 */
async function publish(file: string): Promise<StoredWorkflow & { start: () => Promise<unknown> }> {
	const { n8n } = stage;
	const workflow = await publishExample(n8n, file, (node) => {
		if (node.type.endsWith('kuvarPayTrigger'))
			node.parameters.options = { ...(node.parameters.options as object), discoveryInterval: 1 };
		if (node.type.endsWith('scheduleTrigger'))
			Object.assign(node, {
				...{ type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: file },
				parameters: { path: file },
			});
	});
	return { ...workflow, start: async () => await fetch(`${n8n.url}/webhook/${file}`) };
}

/** Waits until so many executions of a workflow have ended well. */
async function untilDone({ id }: StoredWorkflow, count: number): Promise<void> {
	for (;;) {
		const executions = await executionsOf(stage.n8n, id);
		expect(executions.filter(hasFailed)).toEqual([]);
		if (executions.filter(({ status }) => status === 'success').length >= count) return;
		await setTimeout(100);
	}
}

it('invoices each customer of a table once a month', async () => {
	const customers = await makeTable(
		'customers',
		...['name', 'email', 'description', 'amount', 'currency'],
	);
	const noted = await makeTable('invoices', 'key', 'invoiceId');
	const hosting = { description: 'Hosting', amount: '12000', currency: 'NGN' };
	const names = ['Ada', 'Obi'];
	await customers.insert(
		...names.map((name) => ({ ...hosting, name, email: `${name.toLowerCase()}@example.com` })),
	);
	const { invoices, invoiceEmails } = stage.simulator.state;
	const before = [...invoices.keys()];

	const workflow = await publish('invoices-monthly-from-table');
	for (const month of [1, 2]) {
		await workflow.start();
		await untilDone(workflow, month);
	}
	const made = [...invoices.values()].filter(({ id }) => !before.includes(id));
	expect(made.map(({ customerName }) => customerName).sort()).toEqual(names);
	expect(invoiceEmails.length).toBe(2);
	expect((await noted.rows()).map(({ invoiceId }) => invoiceId).sort()).toEqual(
		made.map(({ id }) => id).sort(),
	);
});

it('keeps a ledger of payments, and tells at night what was missing in it', async () => {
	const { simulator } = stage;
	const ledger = await makeTable(
		'payments',
		...['transactionId', 'status', 'amount', 'currency', 'customerEmail'],
	);
	const workflow = await publish('payments-ledger-reconcile');
	const { id } = simulator.createTransaction({ toAmount: 1000 });
	await simulator.waitFor(({ streams }) => streams.open >= 1, 60_000);
	simulator.setTransactionStatus(id, 'COMPLETED');
	const rowOf = async () => (await ledger.rows()).find(({ transactionId }) => transactionId === id);
	while ((await rowOf())?.status !== 'COMPLETED') await setTimeout(100);
	expect(await rowOf()).toMatchObject({ amount: '1000', currency: 'NGN' });

	await ledger.remove('transactionId', id);
	await workflow.start();
	const email = await stage.mailbox.emailTo('accounts@example.com');
	expect(email).toContain('1 payments were missing or different in the ledger');
	expect(email).toContain(`${id}: COMPLETED, 1000 NGN`);
	expect(await rowOf()).toMatchObject({ status: 'COMPLETED' });
});

it('tells a person of a payment that came after the end', async () => {
	const { simulator } = stage;
	const { id } = simulator.createTransaction({ toAmount: 500 });
	await publish('refunds-and-late-payments-tell');
	simulator.setTransactionStatus(id, 'EXPIRED');
	const reads = () =>
		simulator.requests.filter(({ path }) => path.endsWith('/transactions')).length;
	const seen = reads() + 3;
	await simulator.waitFor(() => reads() >= seen, 60_000);
	simulator.setTransactionStatus(id, 'COMPLETED');
	const email = await stage.mailbox.emailTo('payments@example.com');
	expect(email).toContain(`Payment ${id} was paid late, after it had ended as EXPIRED`);
	expect(email).toContain('over 500 NGN');
});

it('reminds a subscriber whose payment is past due', async () => {
	const { simulator } = stage;
	const { create, state } = simulator;
	const customer = create.customer({ email: 'late@example.com' });
	const { id } = create.subscription({ customerId: customer.id, status: 'ACTIVE' });
	await publish('subscription-past-due-remind');
	Object.assign(state.subscriptions.get(id)!, {
		status: 'PAST_DUE',
		updatedAt: new Date().toISOString(),
	});
	const email = await stage.mailbox.emailTo('late@example.com');
	const [checkout] = [...state.subscriptionCheckouts.values()].slice(-1);
	expect(state.checkoutLinks.get(checkout.id)).toMatchObject({ subscriptionId: id });
	expect(email).toContain(checkout.approval_url);
});

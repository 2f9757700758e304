import type { INode } from 'n8n-workflow';
import { builtins } from '../../engine/builtins';
import { Bench, ENGINES } from '../support/engine';
import { agentParts, exampleNames, readExample, runExample, senders } from './workflows';

const STICKY = 'n8n-nodes-base.stickyNote';

describe.each(exampleNames)('the example %s', (name) => {
	const example = readExample(name);
	const notes = example.nodes.filter(({ type }) => type === STICKY);
	const steps = example.nodes.filter(({ type }) => type !== STICKY);

	it('holds no credentials and no data of executions', () => {
		for (const node of example.nodes) expect(node).not.toHaveProperty('credentials');
		expect(example).toMatchObject({ pinData: {}, settings: { executionOrder: 'v1' } });
	});

	it('has one name and one ID for each step, and every step is connected', () => {
		for (const key of ['id', 'name'] as const)
			expect(new Set(example.nodes.map((node) => node[key])).size).toBe(example.nodes.length);
		// What belongs to an agent has a line to it, and all else one from an earlier step.
		const targets = Object.entries(example.connections).flatMap(([source, kinds]) =>
			Object.entries(kinds).flatMap(([kind, outputs]) =>
				outputs.flatMap((output) =>
					(output ?? []).map(({ node }) => (kind === 'main' ? node : source)),
				),
			),
		);
		const starts = steps.filter(({ type }) => /trigger$|\.webhook$/i.test(type));
		const connected = new Set([...starts.map((step) => step.name), ...targets]);
		expect([...connected].sort()).toEqual(steps.map((step) => step.name).sort());
	});

	it('says on notes what to change, and no note lies over a step', () => {
		expect(notes[0].parameters.content).toMatch(/choose your \*\*KuvarPay API\*\* credential/);
		const boxes = [
			...notes.map((note) =>
				boxOf(note, Number(note.parameters.width), Number(note.parameters.height)),
			),
			// A step with the label below it.
			...steps.map((step) => boxOf(step, 96, 140)),
		];
		const overlaps = boxes.flatMap((box, index) =>
			boxes.slice(index + 1).filter((other) => overlap(box, other)),
		);
		expect(overlaps).toEqual([]);
	});
});

interface Box {
	name: string;
	left: number;
	top: number;
	right: number;
	bottom: number;
}

function boxOf({ name, position: [left, top] }: INode, width: number, height: number): Box {
	return { name, left, top, right: left + width, bottom: top + height };
}

const overlap = (one: Box, other: Box) =>
	one.left < other.right &&
	other.left < one.right &&
	one.top < other.bottom &&
	other.top < one.bottom;

describe.each(ENGINES)('the examples on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => {
		const autoPay = { afterMs: 100, steps: ['PROCESSING', 'COMPLETED'], everyMs: 100 };
		bench = await Bench.start(engine, { autoPay });
	});
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());
	afterEach(() => {
		expect(bench.simulator.contractViolations).toEqual([]);
		expect(bench.host.uncaught).toEqual([]);
	});

	const run = async (name: string) => await runExample(bench, name);
	const newest = <Value>(map: Map<string, Value>) => [...map.values()].at(-1);

	it('use only steps of this package and of every n8n', () => {
		const known = [...bench.host.nodeTypes, ...Object.keys(builtins), ...senders, ...agentParts];
		const used = exampleNames.flatMap((name) => readExample(name).nodes.map(({ type }) => type));
		expect(known).toEqual(expect.arrayContaining(used));
	});

	it('take a payment and watch it get paid', async () => {
		const { items, nodes } = await run('checkout-session-paid');
		expect(items).toMatchObject([
			{ json: { orderNumber: '1042', message: 'Order 1042 is paid: 25000 NGN.' } },
		]);
		expect(nodes).not.toHaveProperty('Not Paid');
		expect(newest(bench.simulator.state.sessions)).toMatchObject({
			status: 'COMPLETED',
			amount: 25000,
			currency: 'NGN',
			customerEmail: 'ada@example.com',
			metadata: { orderNumber: '1042' },
		});
	});

	it('create an invoice and email it', async () => {
		const before = bench.simulator.state.invoices.size;
		await run('invoice-create-and-email');
		const { invoices, invoiceEmails } = bench.simulator.state;
		expect(invoices.size).toBe(before + 1);
		const invoice = newest(invoices);
		expect(invoice).toMatchObject({
			subtotal: 125000,
			taxAmount: 9375,
			totalAmount: 134375,
			currency: 'NGN',
			status: 'SENT',
		});
		expect(invoiceEmails.at(-1)).toMatchObject({
			invoiceId: invoice?.id,
			recipientEmail: 'ada@example.com',
			subject: `Your invoice ${invoice?.invoiceNumber}`,
			message: 'Hello Ada Obi, here is your invoice over 134375 NGN.',
		});
	});

	it('invoice, email, wait until paid and thank', async () => {
		const { items, nodes } = await run('invoice-wait-until-paid-thank');
		const { invoices, invoiceEmails, sessions } = bench.simulator.state;
		const [invoice, session] = [newest(invoices), newest(sessions)];
		expect(session).toMatchObject({
			status: 'COMPLETED',
			amount: invoice?.totalAmount,
			metadata: { invoiceId: invoice?.id },
		});
		expect(invoiceEmails.at(-1)).toMatchObject({
			invoiceId: invoice?.id,
			message: expect.stringContaining(
				`https://shop.example.com/pay?session=${session?.sessionId}`,
			),
		});
		expect(nodes).not.toHaveProperty('Not Paid Yet');
		expect(items).toMatchObject([
			{
				json: {
					toEmail: 'ada@example.com',
					subject: `Thank you! Invoice ${invoice?.invoiceNumber} is paid`,
				},
			},
		]);
	});

	it('tell what the connection is like, and nothing to look at where all is well', async () => {
		const { nodes } = await run('check-connection');
		const checks = nodes['Check Connection'].outputs[0].map(({ json }) => json);
		expect(checks.at(-1)).toMatchObject({ check: 'Report', detail: expect.any(String) });
		expect(checks.length).toBeGreaterThan(5);
		expect(nodes['Needs a Look']).toBeUndefined();
	});

	it('show what of the connection needs a look', async () => {
		const match = { operationId: 'currency.getAll' };
		bench.simulator.faults.add({ kind: 'status', match, status: 403, times: 9 });
		const { nodes } = await run('check-connection');
		const refused = nodes['Needs a Look'].outputs[0].map(({ json }) => json);
		expect(refused).toMatchObject([{ result: 'refused', hint: expect.any(String) }]);
	});

	it.each([
		['REFUNDED', 'COMPLETED', 'was refunded'],
		['PARTIAL_PAYMENT', 'PENDING', 'was paid in part'],
		['COMPLETED', 'EXPIRED', 'was paid late, after it had ended as EXPIRED'],
	])('tell a person of %s after %s', async (status, previousStatus, words) => {
		const data = { toAmount: 500, toCurrency: 'NGN', customerEmail: 'ada@example.com' };
		const json = { resource: 'transaction', id: 'trxn_1', status, previousStatus, data };
		const { items } = await runExample(bench, 'refunds-and-late-payments-tell', {
			items: [{ json }],
		});
		expect(items).toMatchObject([
			{
				json: {
					subject: `Payment trxn_1 ${words}`,
					text: expect.stringContaining('over 500 NGN'),
				},
			},
		]);
	});

	it('tell nobody of an ordinary paid order', async () => {
		const json = { id: 'trxn_1', status: 'COMPLETED', previousStatus: 'PROCESSING', data: {} };
		const { nodes } = await runExample(bench, 'refunds-and-late-payments-tell', {
			items: [{ json }],
		});
		expect(nodes).not.toHaveProperty('Tell a Person');
	});
});

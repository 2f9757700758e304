/**
 * `npm run demo`: runs two of the examples on n8n's own engine against a KuvarPay simulator, and
 * tells what happens. Nothing leaves this machine.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { packAndUnpack, startEngine, type EngineHost, type RunResult } from '../engine';
import type { WorkflowSpec } from '../engine';
import { startSimulator, type Simulator } from '../simulator';

/** How fast the simulated customer pays, in ms: slow enough to be read along. */
const PAYING = { afterMs: 1500, steps: ['PROCESSING', 'COMPLETED'], everyMs: 1500 };

/** Longest wait for anything, in ms. */
const PATIENCE = 20_000;

interface Stage {
	host: EngineHost;
	simulator: Simulator;
	credentials: { kuvarPayApi: Simulator['credential'] & Record<string, string> };
}

type Style = Parameters<typeof styleText>[0];

const colourful = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (style: Style, text: string) => (colourful ? styleText(style, text) : text);

const say = (text = '') => process.stdout.write(`${text}\n`);
const heading = (text: string) => say(`\n${paint('bold', text)}`);
const step = (text: string) => say(`  ${paint('green', '✓')} ${text}`);
const detail = (text: string) => say(`      ${text}`);

const money = (amount: unknown, currency: unknown) =>
	`${Number(amount).toLocaleString('en-GB')} ${String(currency)}`;

/** What each status means to somebody who has never seen one. */
const MEANING: Record<string, string> = {
	PENDING: 'waiting for the customer to pay',
	PROCESSING: 'the customer has paid, the blockchain is confirming it',
	COMPLETED: 'the money has arrived',
};

async function main(): Promise<void> {
	const begun = performance.now();
	const cleanups: Array<() => Promise<unknown>> = [];
	const cleanUp = async () => {
		for (const done of cleanups.splice(0).reverse()) await done();
	};
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.once(signal, () => void cleanUp().finally(() => process.exit(1)));

	say(paint('bold', 'KuvarPay nodes for n8n: a demo'));
	say('Everything runs on this machine. No account is needed, and no real money moves.');
	try {
		const stage = await prepare(cleanups);
		await takePayment(stage);
		await sendInvoice(stage);
		const { contractViolations } = stage.simulator;
		if (contractViolations.length > 0) throw new Error(contractViolations[0]);
	} finally {
		await cleanUp();
	}
	const seconds = Math.round((performance.now() - begun) / 1000);
	heading(`Both workflows did what they should, in ${seconds} seconds.`);
	say('  The workflows are in examples/: import them into your n8n.');
	say('  To try them in an n8n with a simulated KuvarPay: npm run n8n (large download).');
}

async function prepare(cleanups: Array<() => Promise<unknown>>): Promise<Stage> {
	heading('Getting ready');
	const pack = await packAndUnpack();
	cleanups.push(pack.cleanup);
	step(
		`Packed this package as npm does, and unpacked it as n8n does (${pack.files.length} files).`,
	);

	const simulator = await startSimulator({ autoPay: PAYING });
	cleanups.push(async () => await simulator.close());
	step('Started a KuvarPay simulator. Its customers pay by themselves after a moment.');

	const host = await startEngine({ engine: 'newest', packageDir: pack.packageDir });
	cleanups.push(async () => await host.stop());
	step(`Started the workflow engine of n8n (n8n-core ${host.engineVersion}).`);
	return { host, simulator, credentials: { kuvarPayApi: { ...simulator.credential } } };
}

/** Starts an example. */
function start({ host, credentials }: Stage, name: string) {
	const file = `examples/${name}.json`;
	const workflow = JSON.parse(readFileSync(join(__dirname, '..', file), 'utf8')) as WorkflowSpec;
	heading(`Workflow: ${workflow.name?.replace('KuvarPay: ', '')}`);
	say(paint('gray', `  ${file}`));
	const result = host.run({ workflow, credentials, timeoutMs: PATIENCE }).then(succeeded);
	return {
		result,
		/** Waits for something while the workflow runs; a failure of the workflow ends the wait. */
		meanwhile: async <Value>(event: Promise<Value>): Promise<Value> =>
			await Promise.race([event, result.then(async () => await event)]),
	};
}

function succeeded(result: RunResult): RunResult {
	const { error } = result;
	if (!error) return result;
	const place = error.node ? `The step "${error.node}" failed: ` : '';
	throw new Error(`${place}${error.message}. ${error.description ?? ''}`);
}

async function takePayment(stage: Stage): Promise<void> {
	const { host, simulator, credentials } = stage;
	const { result, meanwhile } = start(stage, 'checkout-session-paid');
	await meanwhile(simulator.waitFor(({ state }) => state.sessions.size > 0, PATIENCE));
	const [session] = simulator.state.sessions.values();
	const { sessionId, amount, currency, customerName, description } = session;
	step(`The workflow asked for a payment: ${money(amount, currency)} by ${String(customerName)}.`);
	detail(`KuvarPay opened checkout session ${sessionId} for "${String(description)}".`);

	const parameters = {
		watch: 'checkoutSession',
		sessionIds: sessionId,
		options: { emitCurrentState: true },
	};
	const trigger = await host.activate({
		node: { type: 'kuvarPayTrigger', parameters },
		credentials,
	});
	const begun = performance.now();
	step('A KuvarPay Trigger listens to this session. It starts a workflow at each status:');
	for (let isFinal = false; !isFinal;) {
		const { items } = await meanwhile(trigger.next(PATIENCE));
		const status = String(items[0].json.status);
		detail(`${since(begun)}  ${paint('cyan', status.padEnd(10))}  ${MEANING[status] ?? ''}`);
		isFinal = items[0].json.isFinal === true;
	}
	await trigger.close();

	const { items } = await result;
	step('The workflow itself had waited for the payment too, and went on with this result:');
	detail(paint('bold', String(items[0]?.json.message)));
	if (items[0]?.json.status !== 'COMPLETED') throw new Error('The payment was not completed.');
}

const since = (begun: number) => `${((performance.now() - begun) / 1000).toFixed(1)} s`;

async function sendInvoice(stage: Stage): Promise<void> {
	const { state } = stage.simulator;
	const { result, meanwhile } = start(stage, 'invoice-create-and-email');
	await meanwhile(stage.simulator.waitFor(() => state.invoices.size > 0, PATIENCE));
	const [invoice] = state.invoices.values();
	const { currency } = invoice;
	step(
		`The workflow created invoice ${invoice.invoiceNumber} for ${String(invoice.customerName)}:`,
	);
	const rows = (invoice.items as Array<Record<string, unknown>>).map((item) => [
		`${String(item.quantity)} × ${String(item.description)}`,
		money(item.totalPrice, currency),
	]);
	rows.push(['Tax', money(invoice.taxAmount, currency)]);
	rows.push(['Total', money(invoice.totalAmount, currency)]);
	for (const [label, amount] of rows) detail(`${label.padEnd(24)}${amount.padStart(14)}`);

	await result;
	const [email] = state.invoiceEmails;
	if (!email) throw new Error('The invoice was not emailed.');
	step(`KuvarPay emailed it to ${String(email.recipientEmail)}:`);
	detail(`Subject: ${String(email.subject)}`);
	detail(String(email.message));
	detail(`The customer pays on ${String(invoice.paymentUrl)}`);
}

main().catch((error: Error) => {
	process.stderr.write(`\n${paint('red', 'The demo stopped.')} ${error.message}\n`);
	process.exitCode = 1;
});

// `npm run n8n`: the real n8n editor with this package, a KuvarPay simulator and the examples.
import { resolve } from 'node:path';
import { storedExample } from './examples';
import { installHost, step } from './install';
import { layGround, PLAYGROUND } from './stage';

const dataDir = resolve(__dirname, '../../.cache/n8n');

/** Always the same: the kept workflows name the pay page with it. */
const simulatorPort = 4100;

/** What a mail server shows of an email. */
const headOf = (email: string): string =>
	['To', 'Subject'].map((name) => new RegExp(`^${name}: .*`, 'm').exec(email)?.[0]).join(', ');

/** Resolves at Ctrl-C. Before everything runs, Ctrl-C ends at once what was started so far. */
function untilStopped(): { started(): Promise<void> } {
	let stop: () => void = () => process.exit(130);
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop());
	return {
		started: async () =>
			await new Promise<void>((done) => {
				stop = done;
			}),
	};
}

async function main(): Promise<void> {
	const stopped = untilStopped();
	await installHost();
	const { simulator, mailbox, n8n, close } = await step(
		console.log,
		'Starting n8n (5 to 30 s)',
		async () =>
			await layGround(
				{ ...PLAYGROUND, port: simulatorPort },
				{ dataDir, quiet: !process.argv.includes('--verbose') },
			),
	).catch((error: NodeJS.ErrnoException) => {
		if (error.code !== 'EADDRINUSE') throw error;
		throw new Error(`Port ${simulatorPort} is taken. Does \`npm run n8n\` run already?`);
	});
	simulator.seedSamples();
	mailbox.arrivals.on('email', (email) => console.log(`An email has come. ${headOf(email)}`));
	const shop = await storedExample(n8n, 'pay-page-shop');
	console.log(`
n8n runs with this package.

  Address    ${n8n.url}
  Email      ${n8n.email}
  Password   ${n8n.password}

Buy a shirt (1 minute):
  1. Open the example workflow ${n8n.url}/workflow/${shop.id} and click "Publish".
  2. Open the shop ${n8n.url}/webhook/kuvarpay-shop, order, and pay on the page that opens.
  3. Look at "Executions" of the workflow. The email that it sends is told in this window.

What else to try:
  - Open another example, click "Execute workflow" and look at the output.
  - Make a new workflow, press N and search for "kuvar": add "Create checkout session".
  - Publish an example that starts with the KuvarPay Trigger, create a payment,
    and watch the list of executions.

The credential "${n8n.credential.name}" belongs to a KuvarPay that runs on this machine
(${simulator.baseUrl}). Payments there start to move after 5 s and are complete after 10 s,
but not those whose pay page somebody has opened.

Workflows that you make are kept in .cache/n8n. Press Ctrl-C to stop everything.
`);
	await stopped.started();
	console.log('\nStopping n8n and the simulator ...');
	await close();
	console.log('Stopped.');
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exit(1);
});

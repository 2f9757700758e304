// `npm run n8n`: the real n8n editor with this package, a KuvarPay simulator and the examples.
import { resolve } from 'node:path';
import { startSimulator } from '../../simulator';
import { startN8n } from './host';
import { installHost, step } from './install';

const dataDir = resolve(__dirname, '../../.cache/n8n');

/** What the simulator does with every payment, so that there is something to see. */
const autoPay = { afterMs: 5_000, steps: ['PROCESSING', 'COMPLETED'], everyMs: 5_000 };

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
	const simulator = await startSimulator({ autoPay });
	simulator.seedSamples();
	const n8n = await step(console.log, 'Starting n8n (5 to 30 s)', async () =>
		startN8n({ simulator, dataDir, quiet: !process.argv.includes('--verbose') }),
	);
	console.log(`
n8n runs with this package.

  Address    ${n8n.url}
  Email      ${n8n.email}
  Password   ${n8n.password}

The credential "${n8n.credential.name}" belongs to a KuvarPay that runs on this machine
(${simulator.baseUrl}). Payments there start to move after 5 s and are complete after 10 s.

What to try:
  1. Open an example workflow, click "Execute workflow" and look at the output.
  2. Make a new workflow, press N and search for "kuvar": add "Create checkout session".
  3. Publish an example that starts with the KuvarPay Trigger, create a payment,
     and watch the list of executions.

Workflows that you make are kept in .cache/n8n. Press Ctrl-C to stop everything.
`);
	await stopped.started();
	console.log('\nStopping n8n and the simulator ...');
	await n8n.stop();
	await simulator.close();
	console.log('Stopped.');
}

main().catch((error: Error) => {
	console.error(error.message);
	process.exit(1);
});

import { readFileSync } from 'node:fs';

import { Command, InvalidArgumentError } from 'commander';

import {
	startSimulator,
	type DialectOptions,
	type FaultRule,
	type Simulator,
	type SimulatorOptions,
} from './index';

interface Flags {
	port: number;
	businessPort: number;
	key?: string;
	latency?: number;
	rateLimit?: number;
	fault: FaultRule[];
	heartbeat: number;
	replay: boolean;
	autoPay?: boolean | string;
	webhookUrl?: string;
	webhookSecret?: string;
	seed: number;
	dialect?: DialectOptions;
	data?: boolean;
}

function number(text: string): number {
	const value = Number(text);
	if (text.trim() === '' || !(value >= 0)) throw new InvalidArgumentError('Not a number.');
	return value;
}

function fault(text: string, earlier: FaultRule[]): FaultRule[] {
	try {
		return [...earlier, JSON.parse(text) as FaultRule];
	} catch {
		throw new InvalidArgumentError(`Not JSON. Example: '{"kind":"status","status":503,"every":5}'`);
	}
}

function dialect(text: string): DialectOptions {
	const json = text.trimStart().startsWith('{') ? text : readFileSync(text, 'utf8');
	try {
		return JSON.parse(json) as DialectOptions;
	} catch {
		throw new InvalidArgumentError(`Not JSON. Example: '{"key":{"forms":["bearer"]}}'`);
	}
}

const program = new Command('simulator')
	.description('A KuvarPay server on your own machine. No real money, no real keys.')
	.option('--port <number>', 'port for payments', number, 4000)
	.option('--business-port <number>', 'port for invoices and payment links; 0: any', number, 0)
	.option('--key <key>', 'the API key to accept (default: a new one)')
	.option('--latency <ms>', 'answer that much later', number)
	.option('--rate-limit <number>', 'answer 429 above so many requests a second', number)
	.option('--fault <json>', 'something that goes wrong; can be repeated', fault, [])
	.option('--heartbeat <ms>', 'pause between heartbeats on streams; 0: none', number, 15_000)
	.option('--no-replay', 'do not send what a returning stream client missed')
	.option('--auto-pay [ms]', 'payments complete by themselves, one step every so many ms (2000)')
	.option('--webhook-url <url>', 'post webhooks to this address')
	.option('--webhook-secret <secret>', 'sign webhooks with this (default: a new one)')
	.option('--seed <number>', 'makes faults by chance repeatable', number, 1)
	.option('--dialect <json>', 'another KuvarPay that could be: JSON, or a file of it', dialect)
	.option('--data', 'begin with some payments, plans and subscriptions');

function optionsFrom(flags: Flags): SimulatorOptions {
	const faults = [...flags.fault];
	if (flags.latency !== undefined) faults.unshift({ kind: 'latency', ms: flags.latency });
	const step = typeof flags.autoPay === 'string' ? number(flags.autoPay) : 2000;
	return {
		port: flags.port,
		businessPort: flags.businessPort,
		apiKey: flags.key,
		webhookSecret: flags.webhookSecret,
		heartbeat: flags.heartbeat,
		replay: flags.replay,
		seed: flags.seed,
		dialect: flags.dialect,
		faults,
		...(flags.rateLimit === undefined ? {} : { limit: { perSecond: flags.rateLimit } }),
		...(flags.autoPay
			? { autoPay: { afterMs: step, steps: ['PROCESSING', 'COMPLETED'], everyMs: step } }
			: {}),
		...(flags.webhookUrl === undefined ? {} : { webhooks: { url: flags.webhookUrl } }),
	};
}

function welcome(simulator: Simulator, flags: Flags): string {
	const { baseUrl, businessBaseUrl, apiKey, webhookSecret } = simulator;
	const authorization = `-H 'Authorization: ${apiKey}'`;
	const webhooks = flags.webhookUrl
		? `Webhooks are posted to ${flags.webhookUrl}.`
		: 'Webhooks are off; switch them on with --webhook-url.';
	return `
A KuvarPay server is running on this machine. Nothing here costs money.

  Payments                     ${baseUrl}
  Invoices and payment links   ${businessBaseUrl}
  API key                      ${apiKey}
  Webhook secret               ${webhookSecret}

In n8n, create the credential "KuvarPay API" with
  API Key                            ${apiKey}
  Authorization Format               Raw Key
  Base URL                           ${baseUrl}
  Invoice and Payment Link Base URL  ${businessBaseUrl}
  Webhook Secret                     ${webhookSecret}

Try it: open a checkout session, then listen to it (with the sessionId of the answer).

  curl ${baseUrl}/api/v1/checkout-sessions ${authorization} -H 'Content-Type: application/json' -d '{"amount":5000,"currency":"NGN"}'

  curl -N ${baseUrl}/api/v1/sse/session/SESSION_ID ${authorization} -H 'Accept: text/event-stream'

${webhooks} More: simulator/README.md.
Press Ctrl-C to stop.
`;
}

async function main(): Promise<void> {
	const flags = program.parse().opts<Flags>();
	const simulator = await startSimulator(optionsFrom(flags));
	if (flags.data) simulator.seedSamples();
	process.stdout.write(welcome(simulator, flags));
	for (const signal of ['SIGINT', 'SIGTERM'] as const) {
		process.once(signal, () => void simulator.close());
	}
}

main().catch((error: NodeJS.ErrnoException) => {
	const port = error.code === 'EADDRINUSE' ? ' Choose another one with --port.' : '';
	process.stderr.write(`${error.message}.${port}\n`);
	process.exitCode = 1;
});

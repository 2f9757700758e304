import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { ask } from './client';

interface Received {
	headers: http.IncomingHttpHeaders;
	body: string;
	at: number;
}

let simulator: Simulator;
let receiver: http.Server;
let received: Received[];
let answers: number[];
let url: string;

beforeEach(async () => {
	received = [];
	answers = [];
	receiver = http.createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			received.push({ headers: request.headers, body, at: performance.now() });
			response.writeHead(answers.shift() ?? 200).end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
	await simulator.close();
	receiver.closeAllConnections();
	receiver.close();
});

async function start(webhooks: Partial<SimulatorOptions['webhooks']> = {}): Promise<void> {
	simulator = await startSimulator({ heartbeat: 0, webhooks: { url, backoffMs: 10, ...webhooks } });
}

const settled = async (count: number) =>
	await simulator.waitFor(
		({ deliveries }) => deliveries.filter((one) => one.delivered).length === count,
	);

it('posts a signed event when a session moves', async () => {
	await start({ secret: 'whs_test' });
	const { sessionId } = simulator.createSession();
	simulator.setSessionStatus(sessionId, 'PROCESSING');
	simulator.setSessionStatus(sessionId, 'COMPLETED');
	await settled(2);
	expect(received.map(({ headers }) => headers['x-kuvarpay-event']).sort()).toEqual([
		'checkout_session.completed',
		'checkout_session.payment_received',
	]);
	const one = received.find(
		({ headers }) => headers['x-kuvarpay-event'] === 'checkout_session.completed',
	)!;
	expect(one.headers).toMatchObject({
		'content-type': 'application/json',
		'user-agent': 'KuvarPay-Simulator',
		'x-kuvarpay-signature': `sha256=${createHmac('sha256', 'whs_test').update(one.body).digest('hex')}`,
		'x-kuvarpay-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
	});
	expect(JSON.parse(one.body)).toMatchObject({
		event: 'checkout_session.completed',
		data: { sessionId, status: 'COMPLETED' },
	});
});

it('tells of a completed payment, and of failed and expired sessions', async () => {
	await start();
	const { sessionId } = simulator.createSession();
	const { id } = simulator.createTransaction({ checkoutSessionId: sessionId });
	simulator.setTransactionStatus(id, 'COMPLETED');
	simulator.setSessionStatus(simulator.createSession().sessionId, 'FAILED');
	simulator.setSessionStatus(simulator.createSession().sessionId, 'EXPIRED');
	await settled(4);
	expect(simulator.deliveries.map(({ event }) => event)).toEqual([
		'payment.completed',
		'checkout_session.completed',
		'checkout_session.failed',
		'checkout_session.expired',
	]);
});

it('repeats a delivery, ever later, with the same id until it is taken', async () => {
	await start({ backoffMs: 30 });
	answers = [500, 404];
	simulator.setSessionStatus(simulator.createSession().sessionId, 'COMPLETED');
	await settled(1);
	expect(simulator.deliveries[0].attempts).toEqual([500, 404, 200]);
	expect(new Set(received.map(({ headers }) => headers['x-kuvarpay-delivery'])).size).toBe(1);
	expect(received[1].at - received[0].at).toBeGreaterThanOrEqual(28);
	expect(received[2].at - received[1].at).toBeGreaterThanOrEqual(58);
});

it('gives up after maxRetries, also when nobody answers', async () => {
	await start({ maxRetries: 1, url: 'http://127.0.0.1:1/' });
	simulator.setSessionStatus(simulator.createSession().sessionId, 'COMPLETED');
	await simulator.waitFor(({ deliveries }) => deliveries[0].attempts.length === 2);
	expect(simulator.deliveries[0]).toMatchObject({ attempts: [0, 0], delivered: false });
});

it('posts by hand: any event, id, signature and bytes, once', async () => {
	await start();
	answers = [401];
	const status = await simulator.sendWebhook(
		'webhook.test',
		{ a: 1 },
		{ deliveryId: 'd1', signature: 'sha256=00' },
	);
	expect(status).toBe(401);
	expect(received).toHaveLength(1);
	expect(received[0]).toMatchObject({
		body: '{"a":1}',
		headers: { 'x-kuvarpay-delivery': 'd1', 'x-kuvarpay-signature': 'sha256=00' },
	});
	await simulator.sendWebhook('custom', {}, { signature: null, rawBody: 'not json' });
	expect(received[1].body).toBe('not json');
	expect(received[1].headers).not.toHaveProperty('x-kuvarpay-signature');
	await simulator.close();
	simulator = await startSimulator();
	await expect(simulator.sendWebhook('webhook.test')).rejects.toThrow('webhooks.url');
});

it('posts on demand of the control endpoint', async () => {
	await start();
	const control = {
		body: { event: 'invoice.paid', body: { x: 1 }, deliveryId: 'd2' },
		anonymous: true,
	};
	const answer = await ask(simulator, '/_simulator/webhooks', control);
	expect(answer.json).toEqual({ success: true, data: { status: 200 } });
	expect(received[0].headers).toMatchObject({
		'x-kuvarpay-event': 'invoice.paid',
		'x-kuvarpay-delivery': 'd2',
	});
});

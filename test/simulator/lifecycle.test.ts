import { spawn } from 'node:child_process';
import http from 'node:http';
import { join } from 'node:path';

import { startSimulator, type Simulator } from '../../simulator';
import { ask, listen, SESSION } from './client';

let simulator: Simulator;

afterEach(async () => {
	await simulator?.close();
});

const ROOT = join(__dirname, '../..');

/** Runs TypeScript in a process of its own, as `npm run simulator` does. */
function run(...args: string[]) {
	const child = spawn(process.execPath, ['--import', 'tsx', ...args], { cwd: ROOT });
	const output = { text: '' };
	child.stdout.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output.text += chunk.toString()));
	const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
	const printed = async (text: string) => {
		while (!output.text.includes(text))
			await new Promise((resolve) => child.stdout.once('data', resolve));
	};
	return { child, output, exit, printed };
}

it('goes down and comes back on its ports with its state', async () => {
	simulator = await startSimulator({ heartbeat: 0 });
	const { baseUrl, businessBaseUrl } = simulator;
	const { sessionId } = simulator.createSession();
	await simulator.stop();
	expect(simulator.openSockets).toBe(0);
	await expect(ask(simulator, '/api/v1/currencies')).rejects.toThrow('ECONNREFUSED');
	await simulator.listen();
	await simulator.restart(20);
	expect([simulator.baseUrl, simulator.businessBaseUrl]).toEqual([baseUrl, businessBaseUrl]);
	expect((await ask(simulator, `/api/v1/checkout-sessions/${sessionId}`)).status).toBe(200);
});

it('waits for what will happen, and not for ever', async () => {
	simulator = await startSimulator({ heartbeat: 0 });
	const seen = simulator.waitFor(({ requests }) => requests.length === 2);
	await ask(simulator, '/api/v1/currencies');
	await ask(simulator, '/api/v1/currencies');
	await seen;
	await expect(simulator.waitFor(() => false, 20)).rejects.toThrow('within 20 ms');
	const broken = simulator.waitFor(({ requests }) => {
		if (requests.length > 2) throw new Error('oops');
		return false;
	});
	void ask(simulator, '/api/v1/currencies');
	await expect(broken).rejects.toThrow('oops');
	const orphan = expect(simulator.waitFor(() => false)).rejects.toThrow('closed');
	await simulator.close();
	await orphan;
});

it('keeps no requests and checks no answers when told so', async () => {
	simulator = await startSimulator({ heartbeat: 0, record: false, validateResponses: false });
	simulator.createTransaction({ id: 't1', fees: 'a lot' });
	expect((await ask(simulator, '/api/v1/transactions/t1')).status).toBe(200);
	expect(simulator.requests).toEqual([]);
});

it('does not start on a port that is taken, and leaves nothing behind', async () => {
	simulator = await startSimulator({ heartbeat: 0 });
	const businessPort = Number(new URL(simulator.baseUrl).port);
	await expect(startSimulator({ businessPort })).rejects.toThrow('EADDRINUSE');
});

it('is steered by its control endpoints, from this machine only', async () => {
	simulator = await startSimulator({ heartbeat: 0 });
	const control = async (path: string, body?: unknown, headers = {}) =>
		await ask(simulator, `/_simulator/${path}`, { body, anonymous: true, headers });
	const { sessionId } = simulator.createSession();
	const { id } = simulator.createTransaction({ checkoutSessionId: sessionId });
	const stream = await listen(simulator, `/api/v1/sse/session/${sessionId}`);

	expect((await control(`transactions/${id}/status`, { status: 'PROCESSING' })).json.data.id).toBe(
		id,
	);
	expect(
		(await control(`sessions/${sessionId}/status`, { status: 'COMPLETED' })).json.data,
	).toMatchObject({ status: 'COMPLETED' });
	await stream.until(({ events }) => events.length === 2);
	expect((await control(`sessions/${sessionId}/status`, {})).status).toBe(400);
	expect((await control('sessions/none/status', { status: 'COMPLETED' })).json.error).toContain(
		'none',
	);
	await control('streams/cut', {});
	await stream.untilEnd();

	const state = (await control('state')).json.data;
	expect(state.sessions).toMatchObject([{ sessionId }]);
	expect(state.streams).toEqual({ open: 0, opened: 1 });
	expect((await control('requests')).json.data).toMatchObject([
		{ operationId: 'checkoutSession.waitForUpdate' },
	]);
	await ask(simulator, '/_simulator/requests', { method: 'DELETE' });
	expect(simulator.requests).toEqual([]);
	expect((await control('nothing')).status).toBe(404);
	expect((await control('state', undefined, { host: 'evil.example' })).status).toBe(403);
});

it('seeds quickly', async () => {
	simulator = await startSimulator({ heartbeat: 0 });
	const sessions = simulator.seed(5000);
	expect(new Set(sessions.map(({ sessionId }) => sessionId)).size).toBe(5000);
	simulator.seedSamples();
	for (const path of ['transactions', 'subscriptions', 'subscriptions/plans']) {
		expect((await ask(simulator, `/api/v1/${path}`)).status).toBe(200);
	}
	expect(simulator.contractViolations).toEqual([]);
});

it('keeps no process alive once closed', async () => {
	const script = `
		const http = require('node:http');
		const { startSimulator } = require('./simulator');
		(async () => {
			const simulator = await startSimulator({
				heartbeat: 1000,
				autoPay: { afterMs: 60000, steps: ['COMPLETED'], everyMs: 60000 },
				webhooks: { url: 'http://127.0.0.1:1/', backoffMs: 60000 },
				faults: [{ kind: 'latency', ms: 60000, match: { operationId: 'currency.getAll' } },
					{ kind: 'halfOpen', match: { operationId: 'currency.getNetworks' } },
					{ kind: 'trickle', ms: 60000 }],
			});
			const headers = { authorization: simulator.apiKey, accept: 'text/event-stream' };
			const { sessionId } = simulator.createSession();
			for (const path of ['currencies', 'currencies/networks', 'sse/session/' + sessionId]) {
				http.get(simulator.baseUrl + '/api/v1/' + path, { headers, agent: false }, (r) => r.on('error', () => {})).on('error', () => {});
			}
			await simulator.waitFor((s) => s.requests.length === 3 && s.streams.open === 1);
			simulator.setSessionStatus(sessionId, 'COMPLETED');
			await simulator.close();
			console.log('closed');
			const at = Date.now();
			process.on('exit', () => console.log('ended', Date.now() - at < 1000));
		})();`;
	const { exit, output } = run('-e', script);
	expect(await exit).toBe(0);
	expect(output.text).toBe('closed\nended true\n');
});

describe('the command line', () => {
	it('says what to do, works and stops on Ctrl-C', async () => {
		const { child, exit, output, printed } = run(
			'simulator/cli.ts',
			...['--port', '0', '--key', 'my-key', '--data', '--seed', '3', '--no-replay'],
			...['--fault', '{"kind":"status","status":418,"match":{"operationId":"plan.getAll"}}'],
		);
		await printed('Ctrl-C');
		const url = /Payments +(http:\S+)/.exec(output.text)![1];
		const get = async (path: string) =>
			await fetch(url + path, { headers: { authorization: 'my-key' } });
		const list = (await (await get('/api/v1/transactions')).json()) as { data: unknown[] };
		expect(list.data).toHaveLength(5);
		expect((await get('/api/v1/subscriptions/plans')).status).toBe(418);
		expect(output.text).toMatch(/API Key +my-key/);
		child.kill('SIGINT');
		expect(await exit).toBe(0);
	});

	it.each([
		[['--port', 'x'], 'Not a number'],
		[['--fault', '{'], 'Not JSON'],
		[['--fault', '{"kind":"fire"}'], 'There is no fault of the kind "fire"'],
	])('refuses %j', async (flags, message) => {
		const { exit, output } = run('simulator/cli.ts', '--port', '0', ...flags);
		expect(await exit).toBe(1);
		expect(output.text).toContain(message);
	});

	it('says when its port is taken', async () => {
		const other = http.createServer().listen(0, '127.0.0.1');
		await new Promise((resolve) => other.once('listening', resolve));
		const { port } = other.address() as { port: number };
		const { exit, output } = run('simulator/cli.ts', '--port', String(port));
		expect(await exit).toBe(1);
		expect(output.text).toContain('Choose another one with --port');
		other.close();
	});
});

it('answers a thousand creates at once', async () => {
	simulator = await startSimulator({ heartbeat: 0, record: false, validateResponses: false });
	const agent = new http.Agent({ keepAlive: true, maxSockets: 50 });
	await Promise.all(
		Array.from({ length: 1000 }, async () => {
			await new Promise<void>((resolve, reject) => {
				const headers = { authorization: simulator.apiKey, 'content-type': 'application/json' };
				http
					.request(
						`${simulator.baseUrl}/api/v1/checkout-sessions`,
						{ method: 'POST', agent, headers },
						(response) => {
							response.resume().on('end', resolve);
						},
					)
					.on('error', reject)
					.end(JSON.stringify(SESSION));
			});
		}),
	);
	agent.destroy();
	expect(simulator.state.sessions.size).toBe(1000);
});

import { startSimulator, type Simulator } from '../../simulator';
import { ask, SESSION, TRANSACTION } from './client';

let simulator: Simulator;

beforeEach(async () => {
	simulator = await startSimulator({ heartbeat: 0 });
});

afterEach(async () => {
	await simulator.close();
});

const PATH = '/api/v1/checkout-sessions';
const headers = { 'idempotency-key': 'order-1' };

it('answers a repeat with the first answer, byte for byte', async () => {
	const first = await ask(simulator, PATH, { body: SESSION, headers });
	simulator.setSessionStatus(first.json.data.sessionId, 'COMPLETED');
	const second = await ask(simulator, PATH, { body: SESSION, headers });
	expect(second.status).toBe(200);
	expect(second.text).toBe(first.text);
	expect(simulator.state.sessions.size).toBe(1);
	expect(simulator.requests).toHaveLength(2);
});

it('refuses the key with another body, and takes it on another endpoint', async () => {
	await ask(simulator, PATH, { body: SESSION, headers });
	const other = await ask(simulator, PATH, { body: { ...SESSION, amount: 6000 }, headers });
	expect(other.status).toBe(409);
	expect(other.json.error).toContain('Idempotency-Key');
	const elsewhere = await ask(simulator, '/api/v1/transactions', { body: TRANSACTION, headers });
	expect(elsewhere.status).toBe(200);
	expect(simulator.state.sessions.size).toBe(1);
});

it('makes repeats wait for a first request that is under way', async () => {
	simulator.faults.add({ kind: 'latency', ms: 60, times: 1 });
	const answers = await Promise.all(
		Array.from({ length: 20 }, async () => await ask(simulator, PATH, { body: SESSION, headers })),
	);
	expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
	expect(simulator.state.sessions.size).toBe(1);
});

it('keeps what was done for a request whose answer was lost', async () => {
	simulator.faults.add({ kind: 'resetAfter', times: 1 });
	await expect(ask(simulator, PATH, { body: SESSION, headers })).rejects.toThrow('ECONNRESET');
	expect(simulator.state.sessions.size).toBe(1);
	const { json } = await ask(simulator, PATH, { body: SESSION, headers });
	expect([...simulator.state.sessions.keys()]).toEqual([json.data.sessionId]);
});

it('does not keep a failure', async () => {
	const body = { ...TRANSACTION, checkoutSessionId: 'cs_later' };
	const first = await ask(simulator, '/api/v1/transactions', { body, headers });
	expect(first.status).toBe(404);
	simulator.createSession({ sessionId: 'cs_later' });
	const second = await ask(simulator, '/api/v1/transactions', { body, headers });
	expect(second.status).toBe(200);
});

it('lets one of several waiting repeats do the work when the first one failed', async () => {
	simulator.faults.add({ kind: 'latency', ms: 60, times: 1 });
	const body = { ...TRANSACTION, checkoutSessionId: 'cs_later' };
	const all = Promise.all(
		Array.from(
			{ length: 5 },
			async () => await ask(simulator, '/api/v1/transactions', { body, headers }),
		),
	);
	await simulator.waitFor(({ requests }) => requests.length === 5);
	simulator.state.idempotency.forEach((entry) =>
		entry.answer.then(() => simulator.createSession({ sessionId: 'cs_later' })),
	);
	const statuses = (await all).map(({ status }) => status).sort();
	expect(statuses).toEqual([200, 200, 200, 200, 404]);
	expect(simulator.state.transactions.size).toBe(1);
});

it('holds for PATCH and DELETE too', async () => {
	const { id } = simulator.create.subscription();
	const path = `/api/v1/subscriptions/${id}`;
	const cancel = { method: 'DELETE', body: { reason: 'test' }, headers };
	const first = await ask(simulator, path, cancel);
	const second = await ask(simulator, path, cancel);
	expect(second.text).toBe(first.text);
	const unkeyed = await ask(simulator, path, { method: 'DELETE', body: { reason: 'test' } });
	expect(unkeyed.status).toBe(409);
});

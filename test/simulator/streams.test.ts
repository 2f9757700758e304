import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { ask, listen, type Listening } from './client';

let simulator: Simulator;
let sessionId: string;
let path: string;

async function start(options: SimulatorOptions = {}): Promise<void> {
	simulator = await startSimulator({ heartbeat: 0, ...options });
	({ sessionId } = simulator.createSession({ description: 'Grüße\nund mehr' }));
	path = `/api/v1/sse/session/${sessionId}`;
}

afterEach(async () => {
	await simulator.close();
});

const move = (...statuses: string[]) =>
	statuses.forEach((status) => simulator.setSessionStatus(sessionId, status));
const statuses = ({ events }: Listening): string[] =>
	events.map(({ data }) => (JSON.parse(data) as { data: { status: string } }).data.status);
const ids = ({ events }: Listening): (string | undefined)[] => events.map(({ id }) => id);

describe('a stream', () => {
	it('tells of a session in the words of the REST call, numbered', async () => {
		await start();
		const stream = await listen(simulator, path);
		expect(stream.headers['content-type']).toBe('text/event-stream; charset=utf-8');
		move('PROCESSING', 'COMPLETED');
		await stream.until(({ events }) => events.length === 2);
		expect(ids(stream)).toEqual(['1', '2']);
		expect(stream.events[0].event).toBe('session_update');
		const last = JSON.parse(stream.events[1].data);
		const rest = (await ask(simulator, `/api/v1/checkout-sessions/${sessionId}`)).json;
		expect(last).toEqual({
			...rest,
			event: 'session_update',
			eventId: `${sessionId}:2`,
			timestamp: expect.any(String),
		});
	});

	it('tells of a transaction, and of its session too', async () => {
		await start();
		const { id } = simulator.createTransaction({ checkoutSessionId: sessionId });
		const transaction = await listen(simulator, `/api/v1/sse/transaction/${id}`);
		const session = await listen(simulator, path);
		simulator.setTransactionStatus(id, 'PROCESSING');
		await transaction.until(({ events }) => events.length === 1);
		await session.until(({ events }) => events.length === 1);
		expect(transaction.events[0].event).toBe('transaction_update');
		expect(JSON.parse(session.events[0].data).data).toMatchObject({
			status: 'PROCESSING',
			transactions: [{ id, status: 'PROCESSING' }],
		});
	});

	it('has an updatedAt that always grows', async () => {
		await start();
		const stream = await listen(simulator, path);
		move(...Array.from({ length: 20 }, () => 'PROCESSING'));
		await stream.until(({ events }) => events.length === 20);
		const times = stream.events.map(({ data }) => JSON.parse(data).data.updatedAt as string);
		expect(times).toEqual([...new Set(times)].sort());
	});

	it.each([
		['404 for an unknown id', '/api/v1/sse/session/none', {}, 404],
		['401 without the key', undefined, { authorization: 'wrong' }, 401],
		['406 for a client that does not want events', undefined, { accept: 'application/json' }, 406],
	])('answers %s', async (_name, other, headers, status) => {
		await start();
		expect(
			(
				await ask(simulator, other ?? path, {
					headers: { accept: 'text/event-stream', ...headers },
				})
			).status,
		).toBe(status);
		expect(simulator.streams.opened).toBe(0);
	});

	it('sends what a returning client missed, and only that', async () => {
		await start();
		move('PROCESSING', 'PARTIAL_PAYMENT', 'COMPLETED');
		const stream = await listen(simulator, path, { 'last-event-id': '1' });
		await stream.until(({ events }) => events.length === 2);
		expect(statuses(stream)).toEqual(['PARTIAL_PAYMENT', 'COMPLETED']);
		expect(ids(stream)).toEqual(['2', '3']);
		const fresh = await listen(simulator, path);
		move('REFUNDED');
		await fresh.until(({ events }) => events.length > 0);
		expect(ids(fresh)).toEqual(['4']);
	});

	it('sends nothing twice when replay is off', async () => {
		await start({ replay: false });
		move('PROCESSING');
		const stream = await listen(simulator, path, { 'last-event-id': '0' });
		move('COMPLETED');
		await stream.until(({ events }) => events.length > 0);
		expect(statuses(stream)).toEqual(['COMPLETED']);
	});

	it('can begin with the present state and a retry time, beat, and end after a final status', async () => {
		await start({ snapshotOnConnect: true, retry: 250, endOnFinal: true, heartbeat: 10 });
		const stream = await listen(simulator, path);
		await stream.until(({ text }) => text.includes(': heartbeat'));
		expect(stream.text).toMatch(/^retry: 250\n\n/);
		expect(ids(stream)).toEqual(['0']);
		expect(statuses(stream)).toEqual(['PENDING']);
		move('PROCESSING', 'COMPLETED');
		await stream.untilEnd();
		expect(stream.error).toBeUndefined();
		expect(statuses(stream)).toEqual(['PENDING', 'PROCESSING', 'COMPLETED']);
	});

	it('is counted while open, and can be cut', async () => {
		await start();
		const streams = await Promise.all(
			Array.from({ length: 10 }, async () => await listen(simulator, path)),
		);
		expect(simulator.streams).toMatchObject({ open: 10, opened: 10 });
		expect(simulator.openSockets).toBe(10);
		streams[0].close();
		await simulator.waitFor((sim) => sim.streams.open === 9 && sim.openSockets === 9);
		simulator.streams.cutAll({ fraction: 0.5 });
		await simulator.waitFor((sim) => sim.streams.open < 9);
		expect(simulator.streams.open).toBeGreaterThan(0);
		simulator.streams.cutAll();
		await simulator.waitFor((sim) => sim.streams.open === 0 && sim.openSockets === 0);
		expect(streams.slice(1).every(({ error }) => error !== undefined)).toBe(true);
	});

	it('survives a restart of the server, with the log', async () => {
		await start();
		const stream = await listen(simulator, path);
		move('PROCESSING');
		const { baseUrl } = simulator;
		await simulator.restart();
		await stream.untilEnd();
		expect(stream.error?.message).toBe('aborted');
		expect(simulator.baseUrl).toBe(baseUrl);
		move('COMPLETED');
		const again = await listen(simulator, path, { 'last-event-id': '1' });
		await again.until(({ events }) => events.length > 0);
		expect(statuses(again)).toEqual(['COMPLETED']);
	});
});

it('holds a thousand streams and tells all of them', async () => {
	await start();
	const streams = await Promise.all(
		Array.from({ length: 1000 }, async () => await listen(simulator, path)),
	);
	move('COMPLETED');
	await Promise.all(
		streams.map(async (stream) => await stream.until(({ events }) => events.length === 1)),
	);
	streams.forEach((stream) => stream.close());
	await simulator.waitFor((sim) => sim.openSockets === 0);
	expect(simulator.streams).toMatchObject({ open: 0, opened: 1000 });
});

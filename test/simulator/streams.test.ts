import { gunzipSync, constants } from 'node:zlib';

import {
	startSimulator,
	type FaultRule,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
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
		expect(stream.events[0]).not.toHaveProperty('id');
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

describe('what goes wrong', () => {
	const open = async (...faults: FaultRule[]): Promise<Listening> => {
		await start({ faults });
		return await listen(simulator, path);
	};
	const clean = async (): Promise<string> => {
		const stream = await listen(simulator, path, { 'last-event-id': '0' });
		await stream.until(({ events }) => events.length > 0);
		return stream.text;
	};

	it('cutMidEvent, counted in events', async () => {
		const stream = await open({ kind: 'cutMidEvent', every: 2 });
		move('PROCESSING', 'COMPLETED');
		await stream.untilEnd();
		expect(stream.error).toBeDefined();
		expect(statuses(stream)).toEqual(['PROCESSING']);
		expect(stream.text).toContain('id: 2\nevent: session_update\ndata: {');
		expect(stream.text.endsWith('\n\n')).toBe(false);
	});

	it('duplicateEvents, dropEvents and malformedEvents', async () => {
		const stream = await open(
			{ kind: 'duplicateEvents', times: 1 },
			{ kind: 'dropEvents', skip: 1, times: 1 },
			{ kind: 'malformedEvents', skip: 2, times: 1 },
		);
		move('PROCESSING', 'PARTIAL_PAYMENT', 'EXCESS_PAYMENT', 'COMPLETED');
		await stream.until(({ events }) => events.at(-1)?.id === '4');
		expect(ids(stream)).toEqual(['1', '1', '3', '4']);
		expect(() => JSON.parse(stream.events[2].data)).toThrow(SyntaxError);
	});

	it('splitFrames: the same bytes in many pieces', async () => {
		const stream = await open({ kind: 'splitFrames', bytes: 5, times: 1 });
		move('PROCESSING');
		await stream.until(({ events }) => events.length === 1);
		expect(stream.text).toBe(await clean());
		expect(stream.chunks.length).toBeGreaterThan(stream.text.length / 50);
		expect(simulator.requests[0].fault).toBe('splitFrames');
	});

	it('crlf', async () => {
		const stream = await open({ kind: 'crlf', times: 1 });
		move('PROCESSING');
		await stream.until(({ events }) => events.length === 1);
		expect(stream.text).toBe((await clean()).replaceAll('\n', '\r\n'));
	});

	it('silent: not even heartbeats', async () => {
		await start({ faults: [{ kind: 'silent', times: 1 }], heartbeat: 5 });
		const stream = await listen(simulator, path);
		const other = await listen(simulator, path);
		move('PROCESSING');
		await other.until(({ text }) => text.split('heartbeat').length > 3);
		expect(stream.status).toBe(200);
		expect(stream.chunks).toEqual([]);
	});

	it('flood: only as fast as the client reads', async () => {
		const stream = await open({ kind: 'flood' });
		await stream.until(({ chunks }) => chunks.length > 20);
		expect(stream.text).toContain('event: session_update');
		stream.pause();
		const before = process.memoryUsage().rss;
		await new Promise((resolve) => setTimeout(resolve, 150));
		expect(process.memoryUsage().rss - before).toBeLessThan(30e6);
	});

	it('hugeLine', async () => {
		const stream = await open({ kind: 'hugeLine', bytes: 300_000 });
		move('PROCESSING');
		await stream.until(({ events }) => events.length === 2);
		expect(stream.events[0].data).toMatch(/^x+$/);
		expect(stream.events[0].data.length).toBeGreaterThanOrEqual(300_000);
		expect(JSON.parse(stream.events[1].data).data.status).toBe('PROCESSING');
	});

	it('trickle: a byte at a time', async () => {
		const stream = await open({ kind: 'trickle', ms: 2 });
		move('PROCESSING');
		await stream.until(({ text }) => text.length >= 6);
		expect(stream.text).toMatch(/^id: 1\n/);
		expect(stream.chunks.every(({ length }) => length <= 3)).toBe(true);
	});

	it('gzip', async () => {
		const stream = await open({ kind: 'gzip', times: 1 });
		expect(stream.headers['content-encoding']).toBe('gzip');
		move('PROCESSING');
		await stream.until(({ chunks }) => Buffer.concat(chunks).length > 50);
		const bytes = Buffer.concat(stream.chunks);
		const text = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString();
		expect(text).toBe(await clean());
	});

	it('http204 and wrongType', async () => {
		const stream = await open({ kind: 'http204', times: 1 }, { kind: 'wrongType', skip: 1 });
		expect(stream.status).toBe(204);
		const second = await listen(simulator, path);
		expect(second.status).toBe(200);
		expect(second.headers['content-type']).toContain('application/json');
		expect(simulator.requests.map(({ status }) => status)).toEqual([204, 200]);
		expect(simulator.streams.opened).toBe(0);
	});

	it('anything else, by hand', async () => {
		const stream = await open();
		simulator.streams.raw(sessionId, 'event: noise\ndata: 1\n\n');
		await stream.until(({ events }) => events.length === 1);
		expect(stream.events).toEqual([{ event: 'noise', data: '1' }]);
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

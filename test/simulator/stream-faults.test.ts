import { gunzipSync, constants } from 'node:zlib';

import {
	startSimulator,
	type FaultRule,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator';
import { listen, type Listening } from './client';

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

	it('cutMidEvent while a returning client catches up: nothing follows the half', async () => {
		await start({ faults: [{ kind: 'cutMidEvent', times: 1 }] });
		move('PROCESSING', 'PARTIAL_PAYMENT', 'COMPLETED');
		const stream = await listen(simulator, path, { 'last-event-id': '0' });
		await stream.untilEnd();
		expect(stream.text).toMatch(/^id: 1\n/);
		expect(stream.text).not.toContain('id: 2');
		const again = await listen(simulator, path, { 'last-event-id': '0' });
		await again.until(({ events }) => events.length === 3);
	});

	it('resetAfter: the stream opens and is gone', async () => {
		const stream = await open({ kind: 'resetAfter', times: 1 });
		expect(stream.status).toBe(200);
		await stream.untilEnd();
		expect(stream.error).toBeDefined();
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

import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import type { EngineHost, Trigger } from '../../engine';
import { ENGINES, hostOf } from '../support/engine';
import { RawServer, writeInPieces } from './server';

/**
 * How event streams are to be read: HTML standard, section 9.2.6 "Interpreting an event stream". The
 * cases are those of the web-platform-tests suite for EventSource, with JSON in the place of its
 * texts, since that is what KuvarPay sends.
 */

/** An event's payload, with `n` to tell it by. */
const json = (n: unknown) => JSON.stringify({ status: 'PENDING', n });

/** [what, the stream, the `n` of the events, their names if not all are "message"] */
type Case = [string, string | Uint8Array, unknown[], string[]?];

const CASES: Case[] = [
	['one event', `data: ${json(1)}\n\n`, [1]],
	['lines that end with CR', `data: ${json(1)}\r\rdata: ${json(2)}\r\r`, [1, 2]],
	['lines that end with CR LF', `data: ${json(1)}\r\n\r\ndata: ${json(2)}\r\n\r\n`, [1, 2]],
	[
		'lines that end with a mixture',
		`data: ${json(1)}\r\n\ndata: ${json(2)}\n\rdata: ${json(3)}\r\r\n`,
		[1, 2, 3],
	],
	['CR LF as one end of a line, not two', `data: ${json(1)}\r\nid: 1\r\n\r\n`, [1]],
	['a byte order mark at the beginning', `\uFEFFdata: ${json(1)}\n\n`, [1]],
	// The standard takes away only the first one; EventSource's decoder and parser take one each.
	['two byte order marks as none', `\uFEFF\uFEFFdata: ${json(1)}\n\ndata: ${json(2)}\n\n`, [1, 2]],
	[
		'a byte order mark elsewhere as a part of the field name',
		`data: ${json(1)}\n\n\uFEFFdata: ${json(2)}\n\ndata: ${json(3)}\n\n`,
		[1, 3],
	],
	['comments', `:\n: hello\n:data: ${json(9)}\ndata: ${json(1)}\n:bye\n\n`, [1]],
	['a comment of 2 kB', `: ${'x'.repeat(2_000)}\ndata: ${json(1)}\n\n`, [1]],
	['data in several lines', `data: {"status": "PENDING",\ndata:  "n":\ndata\ndata: 1}\n\n`, [1]],
	['no space after the colon', `data:${json(1)}\n\n`, [1]],
	['one space after the colon left out, and no more', `data:  ${json(1)}\ndata: \n\n`, [1]],
	['a tab after the colon as a part of the value', `data:\t${json(1)}\n\n`, [1]],
	[
		'a space before the colon as a part of the field name',
		`data : ${json(9)}\ndata: ${json(1)}\n\n`,
		[1],
	],
	['leading spaces as a part of the field name', ` data: ${json(9)}\ndata: ${json(1)}\n\n`, [1]],
	[
		'field names in capitals as unknown',
		`DATA: ${json(9)}\nData: ${json(9)}\ndata: ${json(1)}\n\n`,
		[1],
	],
	[
		'unknown fields',
		`foo: bar\nx\ndatax: ${json(9)}\ndat: ${json(9)}\ndata: ${json(1)}\ndataid: 4\n\n`,
		[1],
	],
	['NUL in a field name', `da\0ta: ${json(9)}\ndata: ${json(1)}\n\n`, [1]],
	['several colons', `data: {"status": "PENDING", "n": "a:b::c"}\n\n`, ['a:b::c']],
	['an event without data as none', `event: session_update\n\nid: 7\n\ndata: ${json(1)}\n\n`, [1]],
	['many blank lines', `\n\n\n\ndata: ${json(1)}\n\n\n\n\n`, [1]],
	['an event that is not ended as none', `data: ${json(1)}\n\ndata: ${json(2)}\n`, [1]],
	[
		'the name session_update',
		`event: session_update\ndata: ${json(1)}\n\n`,
		[1],
		['session_update'],
	],
	[
		'the name transaction_update',
		`event: transaction_update\ndata: ${json(1)}\n\n`,
		[1],
		['transaction_update'],
	],
	[
		'the last of several names',
		`event: ping\nevent: session_update\ndata: ${json(1)}\n\n`,
		[1],
		['session_update'],
	],
	[
		'an empty name as message',
		`event: ping\nevent:\ndata: ${json(1)}\n\nevent\ndata: ${json(2)}\n\n`,
		[1, 2],
	],
	[
		'a name for its own event only',
		`event: session_update\ndata: ${json(1)}\n\ndata: ${json(2)}\n\n`,
		[1, 2],
		['session_update', 'message'],
	],
	['a name without data, which is forgotten', `event: session_update\n\ndata: ${json(1)}\n\n`, [1]],
	[
		'any name, where the event carries the object',
		`event: SESSION_UPDATE\ndata: ${json(9)}\n\nevent: error\ndata: ${json(1)}\n\n`,
		[9, 1],
		['SESSION_UPDATE', 'error'],
	],
	[
		'events without the object as nothing',
		`event: heartbeat\ndata: 1\n\nevent: ping\ndata: {}\n\nevent: connected\ndata: {"id": "x"}\n\ndata: ${json(1)}\n\n`,
		[1],
	],
	['a name after the data', `data: ${json(1)}\nevent: session_update\n\n`, [1], ['session_update']],
	['UTF-8', `data: ${json('Zoë € 💶 \u2028')}\n\n`, ['Zoë € 💶 \u2028']],
	[
		'bytes that are no UTF-8 as U+FFFD',
		Buffer.concat([
			Buffer.from('data: {"status": "PENDING", "n": "'),
			Buffer.from([0xff, 0x41]),
			Buffer.from('"}\n\n'),
		]),
		['\uFFFDA'],
	],
	[
		'a retry that is no number',
		`retry: 1000x\nretry: -1\nretry: 1.5\nretry\nretry:\ndata: ${json(1)}\n\n`,
		[1],
	],
	[
		'the payload in an envelope',
		`data: {"success": true, "data": ${json(1)}, "timestamp": "x"}\n\n`,
		[1],
	],
];

describe.each(ENGINES)('the event stream protocol on the %s engine', (engine) => {
	let host: EngineHost;
	let server: RawServer;
	const active: Trigger[] = [];
	beforeAll(async () => (host = await hostOf(engine, { hurry: 5 })));
	afterAll(async () => await host.stop());
	beforeEach(async () => (server = await RawServer.start()));
	afterEach(async () => {
		for (const trigger of active.splice(0)) await trigger.close();
		await server.waitFor(() => server.sockets.size === 0);
		await server.close();
		expect(host.uncaught).toEqual([]);
	});

	const activate = async (sessionIds = '0'): Promise<Trigger> => {
		const trigger = await host.activate({
			node: {
				type: 'kuvarPayTrigger',
				name: 'KuvarPay Trigger',
				parameters: { watch: 'checkoutSession', sessionIds, emitOn: 'anyUpdate' },
			},
			credentials: { kuvarPayApi: server.credential },
			// Static data belongs to a workflow: each begins without any.
			workflowId: randomUUID(),
		});
		active.push(trigger);
		return trigger;
	};

	const BOM = 0xef;
	const END = 'data: {"status": "COMPLETED", "n": "end"}\n\n';
	/** What was emitted of each stream, sent in pieces. Each is a session of its own. */
	const readAll = async (streams: Uint8Array[][], cut = false) => {
		const connections = new Map<string, number>();
		server.onStream((response, { url = '' }) => {
			const index = Number(url.split('/').at(-1));
			const connection = (connections.get(url) ?? 0) + 1;
			connections.set(url, connection);
			server.begin(response);
			if (connection > 1) return void response.end(END);
			// Nothing may stand before a byte order mark.
			const pieces = [...streams[index]];
			if (pieces[0]?.[0] !== BOM) pieces.unshift(Buffer.from('retry: 1\n'));
			// A cut stream is ended there, and the end told in the next connection.
			if (!cut) pieces.push(Buffer.from(END));
			void writeInPieces(response, pieces).then(() => response.end());
		});
		const trigger = await activate(streams.map((_, index) => index).join());
		const of = (index: number) =>
			trigger.emissions
				.map(({ items }) => items[0].json as { id: string; event: string; data: { n: unknown } })
				.filter(({ id }) => id === String(index))
				.map(({ event, data }) => ({ event, n: data.n }));
		const missing = () =>
			streams.flatMap((_, index) => (of(index).at(-1)?.n === 'end' ? [] : [index]));
		await trigger
			.until(() => missing().length === 0, 10_000)
			.catch((error: Error) => {
				throw new Error(`${error.message}: ${missing().join()}`);
			});
		return streams.map((_, index) => of(index).slice(0, -1));
	};
	const read = async (pieces: Uint8Array[], cut = false) => (await readAll([pieces], cut))[0];
	const bytesOf = (stream: string | Uint8Array) => Buffer.from(stream as string);

	// All at once, as each cut stream takes up to a second to come back.
	describe('reads', () => {
		let events: Array<Array<{ event: string; n: unknown }>>;
		beforeAll(async () => {
			server = await RawServer.start();
			events = await readAll(
				CASES.map(([, stream]) => [bytesOf(stream)]),
				true,
			);
			for (const trigger of active.splice(0)) await trigger.close();
			await server.close();
		});
		it.each(CASES.map(([what, , numbers, names], index) => ({ what, numbers, names, index })))(
			'$what',
			({ numbers, names, index }) => {
				const wanted = numbers.map((n, at) => ({ event: names?.[at] ?? 'message', n }));
				expect(events[index]).toEqual(wanted);
			},
		);
	});

	it('reads all of it also byte by byte', async () => {
		const events = await readAll(
			CASES.map(([, stream]) => {
				const bytes = bytesOf(stream);
				return Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
			}),
			true,
		);
		expect(events.map((each) => each.map(({ n }) => n))).toEqual(
			CASES.map(([, , numbers]) => numbers),
		);
	}, 60_000);

	/** What the client says about the last event when it comes back after this stream. */
	const lastEventIdAfter = async (stream: string) => {
		await read([Buffer.from(stream)], true);
		return server.streamRequests[1].headers['last-event-id'];
	};
	const data = `data: ${json(1)}\n\n`;
	it.each([
		['the id of the last event', `id: 1\n${data}id: 2\n${data}`, '2'],
		['the last id when later events have none', `id: 1\n${data}${data}`, '1'],
		['the id of an event without data', `id: 7\n\n`, '7'],
		['no id when there was none', data, undefined],
		['no id after a reset', `id: 1\n${data}id:\n${data}`, undefined],
		['no id after a reset without a colon', `id: 1\n${data}id\n${data}`, undefined],
		['the earlier id when one has NUL in it', `id: 1\n${data}id: a\0b\n${data}`, '1'],
		['not the id of an event that was not ended', `id: 1\n${data}id: 2\ndata: ${json(2)}\n`, '1'],
		['an id with spaces, less one', `id:  a b \n${data}`, 'a b'],
		['an id after the data', `data: ${json(1)}\nid: 3\n\n`, '3'],
	])('comes back with %s', async (_what, stream, id) => {
		expect(await lastEventIdAfter(stream)).toBe(id);
	});

	it('comes back with an id of characters beyond ASCII, as UTF-8', async () => {
		const header = await lastEventIdAfter(`id: …€\n${data}`);
		expect(Buffer.from(String(header), 'latin1').toString()).toBe('…€');
	});

	it('asks for an event stream that is not stored, and for nothing else', async () => {
		await read([Buffer.from(data)]);
		const [first] = server.streamRequests;
		expect(first.method).toBe('GET');
		expect(first.headers).toMatchObject({
			accept: 'text/event-stream',
			'cache-control': 'no-store',
		});
		expect(first.headers).not.toHaveProperty('last-event-id');
	});

	it.each([
		'text/event-stream',
		'text/event-stream;charset=utf-8',
		'TEXT/EVENT-STREAM; charset=latin1',
		'text/event-stream;',
	])('takes the content type %s', async (type) => {
		server.onStream((response) => {
			server.begin(response, { 'content-type': type });
			response.end(END);
		});
		const trigger = await activate();
		await trigger.next();
	});

	it.each(['text/plain', 'text/event-streams', 'text/x-event-stream', ''])(
		'does not read the content type "%s"',
		async (type) => {
			server.onStream((response) => server.begin(response, { 'content-type': type }).end(END));
			const before = host.logs.length;
			const trigger = await activate();
			await host.waitForLog('instead of an event stream', { after: before });
			expect(trigger.emissions).toEqual([]);
		},
	);

	describe('wherever the stream is cut', () => {
		/** Pieces of a stream, and the `n` of their events. */
		const block = fc.oneof(
			fc.record({
				kind: fc.constant('event' as const),
				n: fc.oneof(fc.integer(), fc.string({ unit: 'grapheme' })),
				id: fc.option(fc.integer({ min: 1, max: 99 })),
				name: fc.constantFrom('', 'message', 'session_update', 'ping'),
				space: fc.constantFrom('', ' '),
			}),
			fc.record({
				kind: fc.constant('noise' as const),
				text: fc.constantFrom(':', ': comment', 'foo: bar', 'retry: 1', 'event: x', 'id: 5', ''),
			}),
		);
		const script = fc.array(fc.tuple(block, fc.constantFrom('\n', '\r', '\r\n')), {
			minLength: 1,
			maxLength: 8,
		});
		type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

		const written = (parts: Script) =>
			parts.map(([part, end], index) => {
				// A comment first: the LF of one part must not join the CR of the one before.
				if (part.kind === 'noise') return `:${end}${part.text}${end}${end}`;
				const { n, id, name, space } = part;
				return [
					':',
					...(id === null ? [] : [`id:${space}${id}`]),
					...(name === '' ? [] : [`event:${space}${name}`]),
					`data:${space}${json([index, n])}`,
					'',
					'',
				].join(end);
			});
		const wanted = (parts: Script) =>
			parts.flatMap(([part], index) =>
				part.kind === 'event'
					? [{ event: part.name === '' ? 'message' : part.name, n: [index, part.n] }]
					: [],
			);

		it('chunks never change what is emitted', async () => {
			await fc.assert(
				fc.asyncProperty(
					script,
					fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
					async (parts, cuts) => {
						const bytes = Buffer.from(written(parts).join(''));
						const at = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length];
						at.sort((a, b) => a - b);
						const pieces = at.slice(1).map((end, index) => bytes.subarray(at[index], end));
						expect(await read(pieces)).toEqual(wanted(parts));
						for (const trigger of active.splice(0)) await trigger.close();
					},
				),
				{ numRuns: 60, seed: 1, endOnFailure: true },
			);
		}, 60_000);

		it('a connection that ends within an event never emits half of it', async () => {
			const cutScript = fc.tuple(script, fc.double({ min: 0, max: 1, noNaN: true }));
			await fc.assert(
				fc.asyncProperty(fc.array(cutScript, { minLength: 25, maxLength: 25 }), async (scripts) => {
					const streams = scripts.map(([parts, cut]) => {
						const texts = written(parts);
						const bytes = Buffer.from(texts.join(''));
						const end = Math.floor(cut * bytes.length);
						// What had come whole before the cut, and nothing else.
						let length = 0;
						const whole = texts.filter((text) => (length += Buffer.byteLength(text)) <= end).length;
						const least = wanted(parts.slice(0, whole));
						// The last LF of a CR LF is not needed to end an event.
						const most = wanted(parts.slice(0, whole + 1));
						return { bytes: bytes.subarray(0, end), allowed: [least, most] };
					});
					const got = await readAll(
						streams.map(({ bytes }) => [bytes]),
						true,
					);
					streams.forEach(({ allowed }, index) => expect(allowed).toContainEqual(got[index]));
					for (const trigger of active.splice(0)) await trigger.close();
				}),
				{ numRuns: 6, seed: 2, endOnFailure: true },
			);
		}, 60_000);
	});
});

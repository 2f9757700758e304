// The stream trigger beside plain eventsource over the same HTTP helper, and n8n's SSE Trigger.
import type { EngineHost, Taken, Trigger } from '../engine';
import { now, type SimulatorProcess } from './lab';
import { kB, many, median, ms, percentile, ratioGoal, type Goal, type Report } from './report';
import type { Part, Settings } from './runner';

export interface Measured {
	name: string;
	/** From the activation until the server holds all streams, in ms. */
	open: number;
	/** Until the activation is over. */
	ready: number;
	/** Bytes of heap for each stream. */
	heap: number;
	/** From the server's write to the emitted item, in ms: half of the events took no longer. */
	p50: number;
	/** The same for 99 of 100. */
	p99: number;
	/** Events a second that arrive when the server writes as fast as it can. */
	rate: number;
}

export type Kind = 'KuvarPay Trigger' | 'plain eventsource' | 'SSE Trigger';

/** Statuses that are not final, so that streams stay open. */
const STATUSES = ['PROCESSING', 'PENDING'];

/** How many streams are opened before it counts. */
const WARM_UP = 20;

/** Opens streams on sessions; the trigger emits into a sink. */
export async function open(
	host: EngineHost,
	{ credential }: SimulatorProcess,
	kind: Kind,
	ids: string[],
): Promise<Trigger> {
	const urls = ids.map((id) => `${credential.baseUrl}/api/v1/sse/session/${id}`);
	const nodes = {
		'KuvarPay Trigger': {
			type: 'kuvarPayTrigger',
			parameters: { watch: 'checkoutSession', sessionIds: ids, emitOn: 'anyUpdate' },
		},
		'plain eventsource': {
			type: 'n8n-nodes-bench-peers.plainEventSource',
			parameters: { urls },
		},
		'SSE Trigger': { type: 'n8n-nodes-base.sseTrigger', parameters: { url: urls[0] } },
	};
	const credentials = { kuvarPayApi: { ...credential } };
	return await host.activate({ node: nodes[kind], credentials, sink: true }, 120_000);
}

/** Everything about one kind of trigger with so many streams. */
export async function measure(
	{ lab, quick }: Pick<Settings, 'lab' | 'quick'>,
	kind: Kind,
	count: number,
): Promise<Measured> {
	const isSse = kind === 'SSE Trigger';
	// It hears only events without a name.
	const dialect = isSse ? { streams: { event: { session: '', transaction: '' } } } : {};
	return await lab.run({ dialect }, async (host, simulator) => {
		const ids = await simulator.ask('sessions', count);
		if (isSse) await simulator.ask('openToAll');
		// Before it counts, twenty streams: code is loaded and compiled.
		const few = await simulator.ask('sessions', Math.min(count, WARM_UP));
		for (let warm = 0; warm < WARM_UP; warm += few.length) {
			const before = await open(host, simulator, kind, few);
			await simulator.ask('streamsOpen', few.length);
			await before.close();
			await simulator.ask('streamsOpen', 0);
		}

		const { heapUsed } = await host.openHandles();
		const begun = now();
		const opened = simulator.ask('streamsOpen', count);
		const trigger = await open(host, simulator, kind, ids);
		const ready = now() - begun;
		const openAfter = (await opened) - begun;
		const heap = ((await host.openHandles()).heapUsed - heapUsed) / count;
		await trigger.drain();

		const tell = async (statuses: string[]) => await simulator.ask('moveAll', ids, statuses);
		let told = 0;
		const nextStatus = () => STATUSES[told++ % STATUSES.length];
		const burst = async () => {
			const turns = Math.ceil((quick ? 2_000 : 20_000) / count);
			const taken = trigger.drain(turns * count);
			const [first] = await tell(Array.from({ length: turns }, nextStatus));
			return (turns * count) / (((await taken).at(-1)!.at - first) / 1000);
		};
		// What runs for weeks runs as compiled code: so the first burst does not count.
		await burst();
		const latency: number[] = [];
		const rounds = Math.max(3, Math.ceil((quick ? 100 : 1000) / count));
		for (let round = 0; round < rounds; round++) {
			const taken = trigger.drain(count);
			const written = await tell([nextStatus()]);
			latency.push(...matched(await taken, written, ids));
		}
		const rate = await burst();
		await trigger.close();
		return {
			name: kind,
			open: openAfter,
			ready,
			heap,
			p50: median(latency),
			p99: percentile(latency, 99),
			rate,
		};
	});
}

/** The way of each event, in ms: emissions belong to writes by the session they tell of. */
function matched(taken: Taken[], written: number[], ids: string[]): number[] {
	const writtenAt = new Map(ids.map((id, index) => [id, written[index]]));
	return taken.map(({ at, items: [item] }) => {
		const { sessionId } = item.data as { sessionId: string };
		const from = writtenAt.get(sessionId);
		if (from === undefined) throw new Error(`Nobody wrote about ${sessionId}`);
		return at - from;
	});
}

/** Several rounds, one of which is taken for each figure: the middle one. */
export async function rounds(
	settings: Settings,
	kind: Kind,
	count: number,
	times_: number,
): Promise<Measured> {
	const seen: Measured[] = [];
	for (let round = 0; round < times_; round++) seen.push(await measure(settings, kind, count));
	const middle = (of: (one: Measured) => number) => median(seen.map(of));
	return {
		name: kind,
		open: middle(({ open: ms_ }) => ms_),
		ready: middle(({ ready }) => ready),
		heap: middle(({ heap }) => heap),
		rate: middle(({ rate }) => rate),
		p50: middle(({ p50 }) => p50),
		// Of each round, or one in which the machine was busy would decide.
		p99: middle(({ p99 }) => p99),
	};
}

export const row = (
	count: number,
	{ name, open: openMs, ready, heap, p50, p99, rate }: Measured,
) => [many(count), name, ms(openMs), ms(ready), kB(heap), ms(p50), ms(p99), many(rate)];

export const HEAD = [
	'streams',
	'node',
	'all open',
	'activated',
	'heap/stream',
	'latency p50',
	'latency p99',
	'events/s',
];

/** What is compared, and up to which ratio a miss is explained, beside plain eventsource and the SSE Trigger. */
const COMPARED: Array<[what: string, of: (one: Measured) => number, Explained]> = [
	['time to open', ({ open: openMs }) => openMs, { plain: 1.5, sse: 2.5 }],
	['heap a stream', ({ heap }) => heap, { plain: 1.5 }],
	['latency, median', ({ p50 }) => p50, { plain: 1.8, sse: 1.8 }],
	['latency, p99', ({ p99 }) => p99, { plain: 1.9 }],
	['time for an event', ({ rate }) => 1 / rate, { plain: 1.7, sse: 1.3 }],
];

interface Explained {
	plain: number;
	/** Absent where the SSE Trigger is no measure. */
	sse?: number;
}

function judge(count: number, ours: Measured, floor: Measured, sse?: Measured): Goal[] {
	const besideFloor = COMPARED.map(([what, of, { plain }]) => {
		const text = `${many(count)} streams, ${what}: within 1.2 x plain eventsource`;
		return ratioGoal(text, of(ours) / of(floor), 1.2, plain);
	});
	const besideSse = COMPARED.flatMap(([what, of, explained]) => {
		if (!sse || explained.sse === undefined) return [];
		const text = `${what}: ahead of n8n's SSE Trigger`;
		return [ratioGoal(text, of(ours) / of(sse), 1, explained.sse)];
	});
	return [...besideFloor, ...besideSse];
}

export const streams: Part = async (settings) => {
	const rows: string[][] = [];
	const goals: Goal[] = [];
	for (const count of settings.quick ? [1, 100] : [1, 100, 1000, 5000]) {
		const turns = settings.quick ? 1 : count >= 5000 ? 3 : 5;
		settings.say(`${many(count)} streams`);
		const ours = await rounds(settings, 'KuvarPay Trigger', count, turns);
		const floor = await rounds(settings, 'plain eventsource', count, turns);
		const sse = count === 1 ? await rounds(settings, 'SSE Trigger', 1, turns) : undefined;
		rows.push(...[ours, floor, ...(sse ? [sse] : [])].map((one) => row(count, one)));
		goals.push(...judge(count, ours, floor, sse));
	}
	const report: Report = {
		title: 'Streams (medians)',
		head: HEAD,
		rows,
		goals,
		notes: [
			'all open: until the server holds every stream; activated: until the node has also read the state of each.',
			'The SSE Trigger can neither send a key nor hear events with a name: its simulator asks for none, and sends events without one.',
		],
	};
	return [report];
};

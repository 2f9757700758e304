// The action node with no option set beside n8n's HTTP Request node, doing the same work.
import pLimit from 'p-limit';
import {
	createSession,
	getTransaction,
	httpRequest,
	kuvarPay,
	plainFetch,
	type Contender,
	type Place,
} from './contenders';
import type { LimitOptions, ServerProcess } from './lab';
import { goal, many, median, ms, ratioGoal, times, type Goal, type Report } from './report';
import type { Part } from './runner';

/** What the turns of one contender came to: the middle one's time, and of all the worst. */
interface Row {
	name: string;
	took: number;
	failed: number;
	refused: number;
	mostInFlight: number;
}

/** One that is timed: with a key that nobody knows, or with one that has been used before. */
interface Entry {
	name: string;
	contender: Contender;
	place: () => Place;
}

/** So many later runs have the same key: what a first run learned may be luck. */
const LATER_RUNS = 3;

/** A first run knows nothing of the server; a later one has the key of a first run before it. */
export function entriesOf(server: ServerProcess, ours: Contender, theirs: Contender[]): Entry[] {
	let fresh: Place;
	let known: Place;
	let laterRuns = 0;
	const later = () => {
		if (laterRuns++ % LATER_RUNS === 0) known = fresh;
		return known;
	};
	return [
		{
			name: `${ours.name}, first run`,
			contender: ours,
			place: () => (fresh = server.credential()),
		},
		{ name: `${ours.name}, later run`, contender: ours, place: later },
		...theirs.map((contender) => ({
			name: contender.name,
			contender,
			place: () => server.credential(),
		})),
	];
}

/**
 * Times all in turns, so that whatever else the machine does hits all alike. The first turns, with keys
 * of their own, are not counted: the engine compiles.
 */
export async function measure(
	server: ServerProcess,
	entries: Entry[],
	{ turns, warmups = 2, rest = 0 }: { turns: number; warmups?: number; rest?: number },
): Promise<Row[]> {
	const seen = entries.map(() => [] as Array<Omit<Row, 'name'>>);
	for (let turn = -warmups; turn < turns; turn++)
		for (const [index, { contender, place }] of entries.entries()) {
			// A limit counts by the second: nobody begins with what the one before has left of it.
			await new Promise((resolve) => setTimeout(resolve, rest));
			const where = turn < 0 ? server.credential() : place();
			const outcome = await contender.run(where);
			const { requests, refused, mostInFlight } = await server.ask('seen', where.apiKey);
			if (requests === 0) throw new Error(`${contender.name} does nothing`);
			if (turn >= 0) seen[index].push({ ...outcome, refused, mostInFlight });
		}
	return entries.map(({ name }, index) => {
		const worst = (figure: 'failed' | 'refused' | 'mostInFlight') =>
			Math.max(...seen[index].map((one) => one[figure]));
		return {
			name,
			took: median(seen[index].map(({ took }) => took)),
			failed: worst('failed'),
			refused: worst('refused'),
			mostInFlight: worst('mostInFlight'),
		};
	});
}

const HEAD = ['server', 'node', 'time', 'ratio', 'failed', 'requests too many', 'most in flight'];

const rowsOf = (where: string, rows: Row[], best: number): string[][] =>
	rows.map(({ name, took, failed, refused, mostInFlight }) => [
		where,
		name,
		ms(took),
		times(took / best),
		many(failed),
		many(refused),
		many(mostInFlight),
	]);

/**
 * At most so many times as long as the peer, with nothing failed.
 * @param explained see ratioGoal
 */
function within(
	text: string,
	{ took, failed }: Row,
	peer: Row,
	most: number,
	explained = most,
): Goal {
	const ratio = took / peer.took;
	return {
		...ratioGoal(
			`${text}: at most ${times(most)} the time of ${peer.name}, 0 failed`,
			failed === 0 ? ratio : Infinity,
			most,
			explained,
		),
		seen: `${times(ratio)}, ${many(failed)} failed`,
	};
}

export const ids = (count: number) => Array.from({ length: count }, (_, index) => `trx_${index}`);

/**
 * Latencies in ms, and how many times as long as the HTTP Request node a first and a later run may take;
 * then up to which ratio docs/benchmarks.md explains that a first run takes longer.
 */
const LATENCIES = [
	[0, 1, 1],
	[20, 1, 1, 1.1],
	[100, 1.3, 1.1],
	[300, 1.7, 1.1],
];

export const actions: Part = async ({ lab, quick, say }) => {
	const count = quick ? 200 : 1000;
	const rows: string[][] = [];
	const goals: Goal[] = [];
	for (const work of [getTransaction, createSession])
		await lab.serve(async (host, server) => {
			const items = work.items(ids(count));
			const theirs = [httpRequest(host, work, items), plainFetch(work, items)];
			for (const [latency, first, later, explained] of LATENCIES) {
				const where = `${work.title}, ${latency} ms`;
				say(where);
				await server.ask('rules', { latency });
				const entries = entriesOf(server, kuvarPay(host, work, items), theirs);
				// Where a run takes half a second, what else the machine does weighs more.
				const turns = latency > 20 ? 7 : 15;
				const measured = await measure(server, entries, { turns: quick ? 1 : turns });
				const [fresh, known, http] = measured;
				rows.push(...rowsOf(where, measured, http.took));
				goals.push(
					within(`${where}, first run`, fresh, http, first, explained),
					within(`${where}, later run`, known, http, later),
				);
			}
		});
	const report: Report = {
		title: `Actions: ${many(count)} items, no option set (medians; ratio to the HTTP Request node)`,
		head: HEAD,
		rows,
		goals,
		notes: [
			'First run: with a key that the process has not used; later run: the second, third or fourth with one.',
			'Requests too many are those that were refused (429); failed, too many and in flight are the most of all turns.',
		],
	};
	return [report];
};

interface LimitCase {
	limit: LimitOptions;
	count: number;
	/** Share of the requests that may be refused in a first run. */
	most: number;
	/** Of a first run's time, where a wait is told and where nothing is. */
	explained: { told: number; nothing: number };
	/** How much later than others side by side it begins, in ms. */
	delay: number;
}

/**
 * Requests a second, items, what may be refused, and up to which ratio docs/benchmarks.md explains that
 * a first run takes longer.
 */
const LIMITS = [
	{ perSecond: 10, count: 200, most: 0.1, explained: { told: 1.01, nothing: 1.01 } },
	{ perSecond: 100, count: 1000, most: 0.05, explained: { told: 1.01, nothing: 1 } },
	{ perSecond: 500, count: 1000, most: 0.05, explained: { told: 1.1, nothing: 1 } },
];

/**
 * Up to a hundred a second a process does nothing most of the time but at its beginning, so four servers
 * are asked side by side, one a little later than the other.
 */
const sideBySide = (perSecond: number) => pLimit(perSecond <= 100 ? 4 : 1);

/** Limits of every kind, beside an HTTP Request node that was told the limit. */
export const limits: Part = async ({ lab, quick, say }) => {
	const rows: string[][] = [];
	const goals: Goal[] = [];
	const run = async ({ limit, count, most, explained, delay }: LimitCase) =>
		await lab.serve(async (host, server) => {
			await new Promise((resolve) => setTimeout(resolve, delay));
			const { perSecond, by, retryAfter } = limit;
			const where = `${perSecond}/s, ${by}, ${retryAfter ? 'Retry-After' : 'nothing told'}`;
			say(where);
			await server.ask('rules', { limit });
			const items = getTransaction.items(ids(count));
			const ours = kuvarPay(host, getTransaction, items);
			const told = httpRequest(host, getTransaction, items, perSecond);
			const entries = entriesOf(server, ours, [told]);
			// A run of two seconds or less is over before or after a window begins anew, by chance.
			const turns = perSecond > 100 ? 9 : 6;
			const measured = await measure(server, entries, { turns: quick ? 1 : turns, rest: 1100 });
			const [first, later, peer] = measured;
			const few = (run: string, { refused }: Row, share: number) =>
				goal(
					`${where}, ${run}: at most ${100 * share} % requests too many`,
					refused <= share * count,
					`${many(refused)} of ${many(count)}`,
				);
			return {
				rows: rowsOf(where, measured, peer.took),
				goals: [
					within(`${where}, first run`, first, peer, 1, explained[retryAfter ? 'told' : 'nothing']),
					within(`${where}, later run`, later, peer, 1),
					few('first run', first, most),
					few('later run', later, 0.01),
				],
			};
		});
	for (const { perSecond, count, ...rest } of quick ? LIMITS.slice(1) : LIMITS) {
		const kinds = (['window', 'bucket'] as const).flatMap((by) =>
			[true, false].map((retryAfter) => ({ perSecond, by, retryAfter })),
		);
		const cases = kinds.map((limit, index) => ({
			limit,
			count: quick ? count / 4 : count,
			delay: index * 250,
			...rest,
		}));
		for (const found of await sideBySide(perSecond).map(cases, run)) {
			rows.push(...found.rows);
			goals.push(...found.goals);
		}
	}
	const report: Report = {
		title:
			'Limits: Get Transaction, no option set (medians; ratio to the HTTP Request node that was told the limit)',
		head: HEAD,
		rows,
		goals,
		notes: [
			'1,000 items, at 10 a second 200. A window is a second of the clock; a bucket holds one.',
		],
	};
	return [report];
};

/** A server that gets slower the more is in flight, beside every fixed concurrency. */
export const slowing: Part = async ({ lab, quick, say }) => {
	const count = quick ? 200 : 1000;
	return await lab.serve(async (host, server) => {
		await server.ask('rules', { latency: 20, knee: 50 });
		const items = getTransaction.items(ids(count));
		const fixed = [10, 20, 30, 50, 75, 100, 200].map((concurrency) =>
			kuvarPay(host, getTransaction, items, concurrency),
		);
		const ours = kuvarPay(host, getTransaction, items);
		say('20 ms, twice as long with 50 in flight');
		const entries = entriesOf(server, ours, [...fixed, httpRequest(host, getTransaction, items)]);
		const measured = await measure(server, entries, { turns: quick ? 1 : 7, warmups: 3 });
		const [, later, ...others] = measured;
		const best = others.reduce((one, other) => (other.took < one.took ? other : one));
		return [
			{
				title: `A server that gets slower the more is in flight: ${many(count)} items (ratio to the best fixed concurrency)`,
				head: HEAD,
				rows: rowsOf('slowing', measured, best.took),
				goals: [within('no option set, later run', later, best, 1.1)],
				notes: ['An answer takes 20 ms x (1 + (in flight / 50)²).'],
			},
		];
	});
};

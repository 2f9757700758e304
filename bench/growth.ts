// How time and memory grow from 10 to 10,000 items or streams.
import { entriesOf, ids, measure } from './actions';
import { getTransaction, httpRequest, kuvarPay } from './contenders';
import { goal, kB, many, ms, type Goal, type Report } from './report';
import type { Part, Settings } from './runner';
import { rounds } from './streams';

/** Above this an increase counts as worse than linear: noise stays below it. */
export const LINEAR = 1.15;

/** Exponent of the growth between two sizes: 1 is linear, 2 is quadratic. */
export const exponent = (from: number, to: number, sizeFrom: number, sizeTo: number): number =>
	Math.log(to / from) / Math.log(sizeTo / sizeFrom);

const shown = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(2));

async function items({ lab, quick, say }: Settings, sizes: number[]): Promise<Report> {
	const rows: string[][] = [];
	const goals: Goal[] = [];
	const last = new Map<string, [number, number]>();
	for (const size of sizes)
		await lab.serve(async (host, server) => {
			say(`${many(size)} items`);
			const all = getTransaction.items(ids(size));
			const ours = kuvarPay(host, getTransaction, all);
			const entries = entriesOf(server, ours, [httpRequest(host, getTransaction, all)]);
			const turns = size >= 10_000 ? 3 : 7;
			const measured = await measure(server, entries, { turns: quick ? 1 : turns });
			for (const { name, took, failed } of measured) {
				const [lastSize, lastTook] = last.get(name) ?? [];
				const grows = lastSize && lastTook ? exponent(lastTook, took, lastSize, size) : undefined;
				last.set(name, [size, took]);
				rows.push([many(size), name, ms(took), ms(took / size), shown(grows), many(failed)]);
				if (name === 'KuvarPay, later run' && grows !== undefined && size >= 1000)
					goals.push(
						goal(
							`time for ${many(size)} items: linear`,
							grows <= LINEAR,
							`exponent ${shown(grows)}`,
						),
					);
			}
		});
	return {
		title: 'Growth: Get Transaction, server at 0 ms',
		head: ['items', 'node', 'time', 'per item', 'exponent', 'failed'],
		rows,
		goals,
		notes: ['Exponent: how the time grew from the size before; 1 is linear.'],
	};
}

async function streams(settings: Settings, sizes: number[]): Promise<Report> {
	const rows: string[][] = [];
	const goals: Goal[] = [];
	let last: [number, number, number] | undefined;
	for (const size of sizes) {
		settings.say(`${many(size)} streams`);
		const one = await rounds(settings, 'KuvarPay Trigger', size, settings.quick ? 1 : 3);
		const { p50 } = one;
		const grows = last && exponent(last[1], one.ready, last[0], size);
		const slower = last && exponent(last[2], p50, last[0], size);
		last = [size, one.ready, p50];
		rows.push([
			many(size),
			ms(one.open),
			ms(one.ready),
			shown(grows),
			kB(one.heap),
			ms(p50),
			shown(slower),
			ms(one.p99),
			many(one.rate),
		]);
		if (grows === undefined || slower === undefined || size < 1000) continue;
		goals.push(
			goal(
				`activation with ${many(size)} streams: linear`,
				grows <= LINEAR,
				`exponent ${shown(grows)}`,
			),
			goal(
				`one event to each of ${many(size)} streams at once: linear`,
				slower <= LINEAR,
				`exponent ${shown(slower)}`,
			),
		);
	}
	return {
		title: 'Growth: streams of one KuvarPay Trigger',
		head: [
			'streams',
			'all open',
			'activated',
			'exponent',
			'heap/stream',
			'latency p50',
			'exponent',
			'latency p99',
			'events/s',
		],
		rows,
		goals,
	};
}

export const growth: Part = async (settings) => {
	const sizes = settings.quick ? [10, 100] : [10, 100, 1000, 10_000];
	return [await items(settings, sizes), await streams(settings, sizes)];
};

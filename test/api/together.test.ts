import { Tempo } from '../../nodes/KuvarPay/api/tempo';
import {
	bucket,
	fixedWindow,
	inSeconds,
	nothing,
	play,
	playTogether,
	type Rule,
} from '../support/servers';

// As workers of n8n do in queue mode: they know nothing of each other, and have one key.
describe('two processes with the same key', () => {
	const limits: Array<[string, number, number, number]> = [
		['10 in a second', 10, 1_000, 100],
		['100 in a second', 100, 1_000, 500],
		['500 in a second', 500, 1_000, 1_000],
		['50 in ten seconds', 50, 10_000, 200],
	];
	const kinds = [
		['a window, and when to come again', fixedWindow, inSeconds],
		['a window, and nothing told', fixedWindow, nothing],
		['a bucket, and when to come again', bucket, inSeconds],
		['a bucket, and nothing told', bucket, nothing],
	] as const;
	const cases = limits.flatMap(([what, count, window, items]) =>
		kinds.map(([kind, rule, tell]) => ({
			what: `${what}: ${kind}`,
			rule: () =>
				rule === bucket ? bucket((count / window) * 1_000, count, tell) : rule(count, window, tell),
			ideal: ((2 * items) / count - 1) * window,
			items,
		})),
	);

	it.each(cases)('$what', ({ rule, ideal, items }) => {
		for (const latency of [0, 20]) {
			const tempos = [new Tempo(), new Tempo()];
			const server = { rule: rule(), latency: () => latency };
			for (let run = 0; run < 4; run++) {
				const from = run * 5_000_000 + 130 + run * 211;
				const outcomes = playTogether(tempos, server, items, from, 37 + run * 13);
				// The one that is too late has the rest of the first, and is as good as alone after that.
				expect(Math.max(...outcomes.map(({ took }) => took)) / ideal).toBeLessThan(10);
				const refused = outcomes.reduce((all, one) => all + one.refused, 0);
				expect(refused / (2 * items)).toBeLessThan(0.4);
			}
		}
	});
});

// Somebody else's program, which sends at its times whatever the answer is.
describe('a program of another kind with the same key', () => {
	const also = (rule: Rule, apart: number, atOnce: number): Rule => {
		let next: number | undefined;
		return (now) => {
			for (next ??= now; next <= now; next += apart) for (let n = 0; n < atOnce; n++) rule(next);
			return rule(now);
		};
	};
	/** How far apart in ms, how many at once, and how many times as long as is possible it may take us. */
	const senders = [
		['evenly, half of it', 20, 1, 1.2],
		['in bursts, half of it', 1_000, 50, 1.2],
		['in bursts, all of it every other second', 2_000, 100, 10],
	] as const;
	const rules: Array<[string, () => Rule]> = [
		['a window, and when to come again', () => fixedWindow(100, 1_000, inSeconds)],
		['a window, and nothing told', () => fixedWindow(100, 1_000, nothing)],
		['a bucket, and when to come again', () => bucket(100, 100, inSeconds)],
		['a bucket, and nothing told', () => bucket(100, 100, nothing)],
	];
	const cases = senders.flatMap(([how, apart, atOnce, most]) =>
		rules.map(([what, rule]) => ({ what: `${how}: ${what}`, rule, apart, atOnce, most })),
	);

	it.each(cases)('$what', ({ rule, apart, atOnce, most }) => {
		for (const latency of [0, 20]) {
			const tempo = new Tempo();
			for (let run = 0; run < 4; run++) {
				const server = { rule: also(rule(), apart, atOnce), latency: () => latency };
				const { took, refused } = play(tempo, server, 500, run * 5_000_000 + 130 + run * 211);
				// Half of it is left for us: 500 in ten seconds.
				expect(took / 10_000).toBeLessThan(most);
				expect(refused / 500).toBeLessThan(0.2);
			}
		}
	});
});

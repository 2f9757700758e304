import { Tempo } from '../../nodes/KuvarPay/api/tempo';
import { Limit, type Told } from '../../nodes/KuvarPay/api/limit';
import {
	bucket,
	fixedWindow,
	inBatches,
	inSeconds,
	nothing,
	play,
	remaining,
	type Server,
} from '../support/servers';

const ITEMS = 1000;

/** Runs of one process, long after one another. */
const runs = (server: () => Server, count = 3, items = ITEMS) => {
	const tempo = new Tempo();
	const one = server();
	return Array.from({ length: count }, (_, run) => play(tempo, one, items, run * 200_000 + 130));
};

describe('a server without a limit', () => {
	/** What the HTTP Request node takes for the same: all at once, 0.58 ms of CPU for each. */
	const theirs = (latency: number) => ITEMS * 0.58 + latency;

	it.each([
		[0, 1, 1],
		[20, 1, 1],
		[100, 1.3, 1.1],
		[300, 1.7, 1.1],
	])('that answers after %i ms is used fully', (latency, first, later) => {
		const [one, ...others] = runs(() => ({ latency: () => latency }));
		expect(one.took / theirs(latency)).toBeLessThan(first);
		for (const { took } of others) expect(took / theirs(latency)).toBeLessThan(later);
	});

	it('has never more than 500 requests in flight, and few where more do not help', () => {
		const most = (latency: number) =>
			Math.max(...runs(() => ({ latency: () => latency })).map(({ mostInFlight }) => mostInFlight));
		expect(most(2000)).toBe(500);
		expect(most(0)).toBeLessThan(20);
	});

	it('is met gently: few requests leave before the first answer', () => {
		const tempo = new Tempo();
		const { mostInFlight } = play(tempo, { latency: () => 10_000 }, 64);
		expect(mostInFlight).toBe(64);
		expect(new Tempo().next(0)).toBe(0);
		const inFlightAfter = (ms: number) => {
			const fresh = new Tempo();
			for (let now = 0; now <= ms; now++) while (fresh.next(now) <= now) fresh.sent(now);
			return fresh.inFlight;
		};
		expect([0, 10, 30, 1000].map(inFlightAfter)).toEqual([4, 14, 34, 64]);
	});
});

describe('a server that gets slower the more is in flight', () => {
	it.each([
		['thrashes above 50', (n: number) => 20 * (1 + (n / 50) ** 2), 818],
		['thrashes above 20', (n: number) => 20 * (1 + (n / 20) ** 2), 2055],
		['has eight workers', (n: number) => 20 * Math.max(1, n / 8), 2509],
	])('and %s is used about as well as at its best', (_what, latency, best) => {
		const [, , ...later] = runs(() => ({ latency }), 6);
		for (const { took } of later) expect(took / best).toBeLessThan(1.12);
	});

	it('is sent less when it answers 503, or not at all', () => {
		for (const fail of ['answered', 'lost'] as const) {
			const tempo = new Tempo();
			play(tempo, { latency: () => 100 }, 500);
			const before = tempo.width.at(1e6);
			tempo.sent(1e6);
			tempo.sent(1e6);
			tempo[fail](1e6 + 5, 1e6, 503, {});
			tempo[fail](1e6 + 6, 1e6, 503, {});
			// Those of one burst count once.
			expect(tempo.width.at(1e6)).toBe(Math.floor(before * 0.7));
		}
	});
});

describe('a limit', () => {
	const kinds: Array<[string, number, (tell: (left: number) => Told) => Server]> = [10, 100, 500]
		.map((rate): typeof kinds => [
			[`${rate} in each second`, rate, (tell) => ({ rule: fixedWindow(rate, 1000, tell) })],
			[`${rate} in a bucket`, rate, (tell) => ({ rule: bucket(rate, rate, tell) })],
		])
		.flat();

	describe.each([
		['told when to come again', inSeconds],
		['told nothing', nothing],
	])('%s', (_how, tell) => {
		it.each(kinds)('%s is kept with hardly a refusal', (_what, rate, server) => {
			const [first, ...later] = runs(() => server(tell));
			const told = inBatches(server(tell), ITEMS, rate);
			expect(first.refused).toBeLessThanOrEqual(ITEMS * (rate === 10 ? 0.1 : 0.05));
			expect(first.took / told).toBeLessThan(1.025);
			for (const { refused, took } of later) {
				expect(refused).toBeLessThanOrEqual(ITEMS * 0.01);
				expect(took / told).toBeLessThan(1.07);
			}
		});
	});

	it.each([10, 100, 500])('of %i that answers tell about is not even met', (rate) => {
		const [first, second] = runs(() => ({ rule: remaining(rate, 1000) }));
		expect(first.refused).toBe(0);
		expect(second.refused).toBe(0);
		expect(first.took / inBatches({}, ITEMS, rate)).toBeLessThan(1.02);
	});

	it('of a minute is waited out', () => {
		const [{ refused, took }] = runs(() => ({ rule: fixedWindow(100, 60_000, inSeconds) }), 1, 300);
		expect(took).toBeLessThan(125_000);
		expect(refused).toBeLessThan(30);
	});

	it.each([
		['told nothing', undefined],
		['told to come at once', 0],
		['told to come in a second', 1000],
	])('that refuses one in twenty at any pace does not slow us down for ever: %s', (_how, wait) => {
		const tempo = new Tempo();
		play(tempo, { rule: fixedWindow(20, 1000, inSeconds) }, 100);
		let count = 0;
		const rule = () => ({ passes: ++count % 20 > 0, told: { wait } });
		const server = { latency: () => 20, rule };
		// Until that is seen, the limit of before is kept.
		play(tempo, server, 300, 200_000);
		const { refused, took } = play(tempo, server, 5000, 400_000);
		// Each refusal is waited out, and no more than that.
		expect(took / refused).toBeLessThan(1.25 * Math.max(wait ?? 0, 150));
		// And a limit is still found out.
		play(tempo, { rule: fixedWindow(50, 1000, inSeconds) }, 500, 2_000_000);
		expect(tempo.limit.known!.count).toBeGreaterThanOrEqual(45);
		expect(tempo.limit.known!.count).toBeLessThanOrEqual(55);
	});

	it('that is raised is found out', () => {
		const tempo = new Tempo();
		play(tempo, { rule: fixedWindow(20, 1000, inSeconds) }, 200);
		play(tempo, { rule: fixedWindow(200, 1000, inSeconds) }, 4000, 200_000);
		expect(tempo.limit.known!.count).toBeGreaterThan(150);
	});

	it('that is lowered is found out', () => {
		const tempo = new Tempo();
		play(tempo, { rule: fixedWindow(200, 1000, inSeconds) }, 1000);
		const { refused } = play(tempo, { rule: fixedWindow(20, 1000, inSeconds) }, 500, 200_000);
		expect(refused).toBeLessThan(100);
		expect(tempo.limit.known!.count).toBeLessThan(30);
	});
});

describe('after a refusal', () => {
	const refused = (told: Told) => {
		const limit = new Limit();
		limit.sent(0);
		limit.refused(10, 0, told);
		return limit;
	};

	it('nothing is sent for as long as the server says, and then one asks', () => {
		const limit = refused({ wait: 3000 });
		expect(limit.next(11)).toBe(3015);
		limit.sent(3015);
		expect(limit.next(3016)).toBe(Infinity);
		limit.passed(3020, 3015, {});
		expect(limit.next(3021)).toBe(3021);
		expect(limit.refusingSince).toBeUndefined();
	});

	it('it waits a minute at most', () => {
		expect(refused({ wait: 3_600_000 }).next(11)).toBe(60_015);
	});

	it('the longest that was said to those in flight counts', () => {
		const limit = new Limit();
		limit.sent(0);
		limit.sent(0);
		limit.refused(10, 0, { wait: 500 });
		limit.refused(11, 0, { wait: 2000 });
		expect(limit.next(12)).toBe(2016);
	});

	it('asks within a second and then ever more rarely where nothing is said', () => {
		const limit = refused({});
		const asked: number[] = [];
		for (let turn = 0; turn < 14; turn++) {
			const at = limit.next(0);
			asked.push(Math.round((at - 10) / 5) * 5);
			limit.sent(at);
			limit.refused(at, at, {});
		}
		expect(asked.slice(0, 7)).toEqual([105, 255, 505, 755, 1005, 2005, 5005]);
		const gaps = asked.slice(1).map((at, index) => at - asked[index]);
		expect(Math.max(...gaps)).toBeLessThanOrEqual(60_005);
		expect(limit.refusingSince).toBe(10);
	});

	it('another asks when the one that did got no answer', () => {
		const limit = refused({ wait: 100 });
		limit.sent(115);
		limit.lost(200, 115);
		expect(limit.next(200)).toBe(115);
		limit.sent(200);
		limit.unsent();
		expect(limit.next(200)).toBe(115);
	});

	it('a single one makes no limit: somebody else may have used it up', () => {
		const limit = refused({ wait: 1000 });
		limit.sent(1015);
		limit.passed(1020, 1015, {});
		expect(limit.known).toBeUndefined();
	});
});

describe('what is in flight', () => {
	/** Many may be in flight, and one is. */
	const wide = () => {
		const tempo = new Tempo();
		for (let n = 0; n < 36; n++) tempo.sent(0);
		for (let n = 0; n < 36; n++) tempo.answered(0, 0, 200, {});
		tempo.sent(10);
		return { tempo, before: tempo.width.at(20) };
	};

	it.each<[string, (tempo: Tempo) => void]>([
		['answered', (tempo) => tempo.answered(10, 0, 200, {})],
		['refused by a limit', (tempo) => tempo.answered(10, 0, 429, {})],
		['lost', (tempo) => tempo.lost(10, 0)],
		['not sent after all', (tempo) => tempo.unsent()],
	])('is counted until it is %s', (_how, end) => {
		const tempo = new Tempo();
		tempo.sent(0);
		expect(tempo.inFlight).toBe(1);
		end(tempo);
		expect(tempo.inFlight).toBe(0);
	});

	it('that was not sent does not count for the limit either', () => {
		const tempo = new Tempo();
		tempo.sent(0);
		tempo.answered(0, 0, 200, { remaining: 1, reset: 1_000 });
		tempo.sent(1);
		expect(tempo.next(1)).toBeGreaterThan(1);
		tempo.unsent();
		expect(tempo.next(1)).toBe(1);
	});

	it.each([
		[200, false],
		[404, false],
		[500, false],
		[502, true],
		[503, true],
		[504, true],
	])('and comes back with %i makes it less: %p', (status, isLess) => {
		const { tempo, before } = wide();
		tempo.answered(20, 10, status, {});
		expect(tempo.width.at(20) < before).toBe(isLess);
	});

	it('and is lost makes it less', () => {
		const { tempo, before } = wide();
		tempo.lost(20, 10);
		expect(tempo.width.at(20)).toBeLessThan(before);
	});
});

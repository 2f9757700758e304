import { Width } from '../../nodes/KuvarPay/api/width';

/** So many answers at a moment, each of which took so long. */
const answer = (width: Width, count: number, now = 0, took = 0) => {
	for (let n = 0; n < count; n++) width.answer(now, now - took, width.at(now));
};

/** A width that is sought no more, from a moment on. */
function settled(at: number): Width {
	const width = new Width();
	answer(width, at - 4);
	width.refused(-1);
	width.begin(0);
	width.answer(0, 0, at);
	return width;
}

/** What it becomes after rounds in which so many answers come each ms. */
function rounds(width: Width, rates: number[], from = 1) {
	let now = from;
	return rates.map((rate) => {
		const took = width.at(now) / rate;
		// The first one only begins the round.
		answer(width, 1, (now += 1 + took), took);
		answer(width, Math.max(30, Math.ceil(width.at(now) / 2)), (now += 20 + took), took);
		return width.at(now);
	});
}

describe('before the first answer', () => {
	it('four may be in flight', () => {
		expect(new Width().at(0)).toBe(4);
		expect(new Width().wake(0)).toBe(Infinity);
	});

	it('one more each ms, up to 64', () => {
		const width = new Width();
		width.begin(100);
		expect([100, 100.9, 101, 102, 103].map((now) => width.at(now))).toEqual([4, 4, 5, 6, 7]);
		expect(width.wake(103)).toBe(104);
		for (let now = 104; now < 159; now++) width.at(now);
		expect([width.at(159), width.wake(159)]).toEqual([63, 160]);
		expect([width.at(160), width.wake(160)]).toEqual([64, Infinity]);
		expect(width.at(1_000)).toBe(64);
	});

	it('two more at once, where we were held up ourselves', () => {
		const width = new Width();
		width.begin(0);
		expect([50, 50, 51].map((now) => width.at(now))).toEqual([6, 6, 7]);
	});

	it('as many at once as would have followed until an answer comes, where it is known when that is', () => {
		for (const [took, most] of [
			[1, 4],
			[20.5, 20],
			[64, 64],
			[300, 64],
		]) {
			const width = new Width();
			width.begin(0);
			width.answer(took, 0, 1);
			width.begin(1_000);
			expect([took, width.at(1_000)]).toEqual([took, Math.max(most, Math.floor(width.at(0)))]);
		}
	});

	it('and the first answer finds what had been reached', () => {
		const width = new Width();
		width.begin(0);
		for (let now = 1; now <= 10; now++) width.at(now);
		width.answer(10, 0, 14);
		expect([width.at(10), width.at(50), width.wake(10)]).toEqual([15, 15, Infinity]);
	});

	it('after a pause it begins gently again, but not below what was found', () => {
		const width = new Width();
		answer(width, 26);
		width.begin(1_000);
		expect(width.at(1_000)).toBe(30);
		for (let now = 1_001; now <= 1_040; now++) width.at(now);
		expect(width.at(1_040)).toBe(44);
	});
});

describe('while it is sought', () => {
	it('each answer that is as fast as the fastest makes room for more: the more the longer it took', () => {
		// And less from 64 on.
		for (const [took, more, later] of [
			[0, 1, 1],
			[10, 1, 1],
			[20, 2, 1],
			[30, 3, 1],
			[50, 3, 1],
			[100, 3, 2],
			[150, 3, 3],
			[2_000, 3, 3],
		]) {
			const width = new Width();
			answer(width, 10, 2_000, took);
			expect([took, width.at(2_000)]).toEqual([took, 4 + 10 * more]);
			while (width.at(2_000) < 64) answer(width, 1, 2_000, took);
			const before = width.at(2_000);
			answer(width, 10, 2_000, took);
			expect([took, width.at(2_000)]).toEqual([took, before + 10 * later]);
		}
	});

	it('never are more than 500 in flight', () => {
		const width = new Width();
		answer(width, 1_000);
		expect(width.at(0)).toBe(500);
	});

	it('no further than those that were in flight can have made room for', () => {
		// Ten at once, of a workflow that makes no more ready: each makes room for two, or for four.
		for (const [took, widest] of [
			[1, 20],
			[150, 40],
		]) {
			const width = new Width();
			for (let n = 0; n < 100; n++) width.answer(took, 0, n % 10 === 0 ? 10 : 5);
			expect([took, width.at(took)]).toEqual([took, widest]);
			width.answer(took, 0, 40);
			expect(width.at(took)).toBeGreaterThan(widest);
		}
	});

	it('an answer while room was left over tells nothing', () => {
		const width = new Width();
		width.idle(0);
		answer(width, 1);
		expect(width.at(0)).toBe(4);
		answer(width, 1);
		expect(width.at(0)).toBe(5);
	});

	it('ends with four slow answers in a row', () => {
		const width = new Width();
		answer(width, 10, 0, 4);
		expect(width.at(0)).toBe(14);
		// Half as long again and two ms more is not slow yet.
		answer(width, 10, 0, 8);
		expect(width.at(0)).toBe(24);
		answer(width, 3, 0, 8.1);
		answer(width, 1, 0, 4);
		expect(width.at(0)).toBe(25);
		answer(width, 2, 0, 8.1);
		answer(width, 5, 0, 4);
		expect(width.at(0)).toBe(25);
	});

	it('goes on when slow answers are as many as fast ones', () => {
		const width = new Width();
		answer(width, 1);
		for (let n = 0; n < 50; n++) {
			answer(width, 1, 0, 100);
			answer(width, 1);
		}
		expect(width.at(0)).toBe(55);
		// Fast ones are no credit for slow ones.
		answer(width, 7, 0, 100);
		answer(width, 1);
		expect(width.at(0)).toBe(55);
	});

	it('ends with the first refusal by a limit, and begins at once from then on', () => {
		const width = new Width();
		answer(width, 16);
		width.refused(0);
		answer(width, 10);
		expect(width.at(0)).toBe(20);
		width.begin(500);
		expect(width.wake(500)).toBe(Infinity);
		// Later ones leave the width as it is.
		width.refused(600);
		expect(width.at(600)).toBe(20);
	});
});

describe('when requests fail', () => {
	it('there are fewer, once for each burst, and four at least', () => {
		const width = new Width();
		answer(width, 36);
		width.lost(100, 50);
		expect(width.at(100)).toBe(28);
		width.lost(110, 99);
		expect(width.at(110)).toBe(28);
		width.lost(120, 100);
		expect(width.at(120)).toBe(19);
		for (let now = 200; now < 1_000; now += 10) width.lost(now, now);
		expect(width.at(1_000)).toBe(4);
	});

	it('it is sought on where few were in flight, and no more where many were', () => {
		const few = new Width();
		answer(few, 60);
		few.lost(0, 0);
		answer(few, 10);
		expect(few.at(0)).toBe(54);
		const many = new Width();
		answer(many, 61);
		many.lost(0, 0);
		answer(many, 10);
		expect(many.at(0)).toBe(45);
	});

	it('what is being tried is given up', () => {
		const width = settled(20);
		expect(rounds(width, [1])).toEqual([14]);
		width.lost(100, 100);
		expect(width.at(100)).toBe(9);
		// Nothing to go back to: a slow round is taken as it is.
		expect(rounds(width, [0.1], 101)).toEqual([6]);
	});
});

describe('when it was found', () => {
	/** Fewer bring less, and are not tried again for two rounds. */
	const found = [1, 0.9, 1, 1];

	it('seven for ten are tried, and kept where they bring nearly as much', () => {
		expect(rounds(settled(20), [1, 0.971, 0.95])).toEqual([14, 9, 6]);
		expect(rounds(settled(20), [1, 0.96])).toEqual([14, 20]);
	});

	it('what brings less is not tried again for two rounds, then half as many again are', () => {
		expect(rounds(settled(20), [...found, 1])).toEqual([14, 20, 20, 20, 30]);
	});

	it('half as many again are kept as long as that brings eight in a hundred more', () => {
		const widths = rounds(settled(20), [...found, 1, 1.081, 1.17, 1.27]);
		expect(widths.slice(4)).toEqual([30, 45, 67, 101]);
		expect(rounds(settled(20), [...found, 1, 1.07]).at(-1)).toBe(20);
	});

	it('less and less is tried, as long as nothing brings more', () => {
		const width = settled(20);
		/** Whatever is tried brings less. */
		const widths: number[] = [];
		let now = 1;
		for (let n = 0; n < 120; n++) {
			const [next] = rounds(width, [width.at(now) === 20 ? 1 : 0.5], now);
			widths.push(next);
			now += 200;
		}
		const trials = widths.flatMap((each, n) => (each === 20 ? [] : [n]));
		const rests = trials.slice(1).map((at, n) => at - trials[n] - 2);
		expect(rests.slice(0, 6)).toEqual([2, 4, 8, 16, 16, 16]);
		expect(trials.slice(0, 4).map((at) => widths[at])).toEqual([14, 30, 14, 30]);
	});

	it('what brought more is followed soon by another trial', () => {
		// A trial fails, the next one holds, and then fails: two rounds of rest and not four.
		const widths = rounds(settled(20), [...found, 1, 1.1, 1, 1, 1, 1]);
		expect(widths.slice(4)).toEqual([30, 45, 30, 30, 30, 21]);
	});

	it('the most and the fewest are not tried beyond', () => {
		expect(rounds(settled(500), [...found, 1, 1]).slice(4)).toEqual([500, 350]);
		expect(rounds(settled(4), [1, 1])).toEqual([4, 6]);
	});

	it('only answers to what left with the new width count, and the first begins the round', () => {
		const width = settled(20);
		for (let n = 0; n < 100; n++) width.answer(n, -1, 20);
		expect(width.at(100)).toBe(20);
		width.answer(100, 1, 20);
		for (let n = 0; n < 100; n++) width.answer(150, 99, 20);
		expect(width.at(150)).toBe(20);
		for (let n = 0; n < 30; n++) width.answer(200, 100, 20);
		expect(width.at(200)).toBe(14);
	});

	it('a round has half as many answers as may be in flight, 30 at least, and lasts 20 ms', () => {
		for (const [at, answers] of [
			[20, 30],
			[100, 50],
		]) {
			const width = settled(at);
			answer(width, 1, 10, 5);
			answer(width, answers - 1, 40, 5);
			expect(width.at(40)).toBe(at);
			answer(width, 1, 40, 5);
			expect(width.at(40)).toBe(at * 0.7);
		}
		const short = settled(20);
		answer(short, 1, 10, 5);
		answer(short, 100, 29.9, 5);
		expect(short.at(29.9)).toBe(20);
		answer(short, 1, 30, 5);
		expect(short.at(30)).toBe(14);
	});

	it('what they bring follows from how many are in flight, not from how many may be', () => {
		const width = settled(100);
		const round = (now: number, inFlight: number) => {
			width.answer(now + 10, now, inFlight);
			for (let n = 0; n < 50; n++) width.answer(now + 40, now + 30, inFlight);
			return width.at(now + 40);
		};
		// Only 20 were in flight, as the items are slow to come: a smaller width does as well.
		expect([round(100, 20), round(200, 20), round(300, 20)]).toEqual([70, 49, 34]);
	});

	it('half as many again tell nothing as long as no more are in flight than before', () => {
		for (const [most, kept] of [
			[20, 20],
			[21, 45],
		]) {
			const width = settled(20);
			const widths = rounds(width, [...found, 1]);
			expect(widths.at(-1)).toBe(30);
			width.answer(2_010, 2_000, 1);
			for (let n = 0; n < 30; n++) width.answer(2_040, 2_030, n === 20 ? most : 19);
			expect([most, width.at(2_040)]).toEqual([most, kept]);
		}
	});

	it('what was sent when room was left over tells nothing, what was sent before does', () => {
		const width = settled(20);
		answer(width, 1, 10, 5);
		width.idle(20);
		width.idle(30);
		answer(width, 29, 40, 21);
		answer(width, 1, 41, 20);
		expect(width.at(41)).toBe(20);
		answer(width, 100, 41, 25);
		expect(width.at(41)).toBe(20);
		const other = settled(20);
		answer(other, 1, 10, 5);
		other.idle(20);
		answer(other, 30, 40, 21);
		expect(other.at(40)).toBe(14);
	});
});

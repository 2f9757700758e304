import { Width } from '../../nodes/KuvarPay/api/width';

const ROUND = 30;

/** So many answers at a moment, each of which took so long. */
const answer = (width: Width, count: number, now = 0, took = 0) => {
	for (let n = 0; n < count; n++) width.answer(now, now - took);
};

/** A width that is sought no more, from a moment on. */
function settled(at: number): Width {
	const width = new Width();
	answer(width, at - 4);
	width.refused(0);
	return width;
}

/** What it becomes after rounds in which so many answers come each ms. */
function rounds(width: Width, rates: number[], from = 1) {
	let now = from;
	return rates.map((rate) => {
		// The first one only begins the round.
		for (let n = Math.max(ROUND, width.at(now)); n >= 0; n--) {
			width.answer(now, now);
			if (n > 0) now += 1 / rate;
		}
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

	it('and the first answer finds what had been reached', () => {
		const width = new Width();
		width.begin(0);
		for (let now = 1; now <= 10; now++) width.at(now);
		width.answer(10, 0);
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
		for (const [took, more] of [
			[0, 1],
			[50, 1],
			[100, 2],
			[150, 3],
			[2_000, 3],
		]) {
			const width = new Width();
			answer(width, 10, 2_000, took);
			expect([took, width.at(2_000)]).toEqual([took, 4 + 10 * more]);
		}
	});

	it('never are more than 500 in flight', () => {
		const width = new Width();
		answer(width, 1_000);
		expect(width.at(0)).toBe(500);
	});

	it('an answer while room was left over tells nothing', () => {
		const width = new Width();
		width.idle();
		answer(width, 1);
		expect(width.at(0)).toBe(4);
		answer(width, 1);
		expect(width.at(0)).toBe(5);
	});

	it('ends with four slow answers in a row', () => {
		const width = new Width();
		answer(width, 10, 0, 10);
		expect(width.at(0)).toBe(14);
		// Half as long again and two ms more is not slow yet.
		answer(width, 10, 0, 17);
		expect(width.at(0)).toBe(24);
		answer(width, 3, 0, 17.1);
		answer(width, 1, 0, 10);
		expect(width.at(0)).toBe(25);
		answer(width, 2, 0, 17.1);
		answer(width, 5, 0, 10);
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
		expect(rounds(width, [1])).toEqual([40]);
		width.lost(100, 100);
		expect(width.at(100)).toBe(28);
		// Nothing to go back to: a slow round is taken as it is.
		expect(rounds(width, [0.1], 101)).toEqual([56]);
	});
});

describe('when it was found', () => {
	it('twice as many are tried, and kept as long as that brings eight in a hundred more', () => {
		expect(rounds(settled(20), [1, 1.081, 1.17, 1.27])).toEqual([40, 80, 160, 320]);
		expect(rounds(settled(20), [1, 1.07])).toEqual([40, 20]);
	});

	it('what brings nothing is not tried again for two rounds, then half as many are', () => {
		expect(rounds(settled(20), [1, 1, 1, 1, 1])).toEqual([40, 20, 20, 20, 10]);
	});

	it('half as many are kept where they bring nearly as much', () => {
		const found = [1, 1, 1, 1, 1];
		expect(rounds(settled(20), [...found, 0.971, 0.95])).toEqual([40, 20, 20, 20, 10, 5, 4]);
		expect(rounds(settled(20), [...found, 0.96])).toEqual([40, 20, 20, 20, 10, 20]);
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
		expect(trials.slice(0, 4).map((at) => widths[at])).toEqual([40, 10, 40, 10]);
	});

	it('what brought more is followed soon by another trial', () => {
		// A trial fails, the next one holds, and then fails: two rounds of rest and not four.
		const width = settled(20);
		const widths = rounds(width, [1, 1, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5]);
		expect(widths).toEqual([40, 20, 20, 20, 10, 5, 10, 10, 10, 20]);
	});

	it('the most and the fewest are not tried beyond', () => {
		expect(rounds(settled(500), [1, 1])).toEqual([500, 250]);
		const fewest = settled(4);
		expect(rounds(fewest, [1, 1, 1, 1, 1, 1])).toEqual([8, 4, 4, 4, 4, 8]);
	});

	it('only answers to what was sent since the last change count, and the first begins the round', () => {
		const width = settled(20);
		for (let n = 0; n < 500; n++) width.answer(n, -1);
		expect(width.at(500)).toBe(20);
		for (let n = 0; n < 30; n++) width.answer(n, n);
		expect(width.at(30)).toBe(20);
		width.answer(30, 30);
		expect(width.at(30)).toBe(40);
	});

	it('a round has as many answers as may be in flight, and lasts 20 ms', () => {
		const wide = settled(100);
		answer(wide, 1, 0);
		answer(wide, 99, 50);
		expect(wide.at(50)).toBe(100);
		answer(wide, 1, 50);
		expect(wide.at(50)).toBe(200);
		const short = settled(20);
		answer(short, 1, 0);
		answer(short, 100, 19.9);
		expect(short.at(19.9)).toBe(20);
		answer(short, 1, 20);
		expect(short.at(20)).toBe(40);
	});

	it('a round in which room was left over tells nothing', () => {
		const width = settled(20);
		answer(width, 1, 0);
		width.idle();
		answer(width, 30, 50);
		expect(width.at(50)).toBe(20);
		expect(rounds(width, [1], 60)).toEqual([40]);
	});
});

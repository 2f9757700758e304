import { Raise } from '../../nodes/KuvarPay/api/raise';
import { Tempo } from '../../nodes/KuvarPay/api/tempo';
import { fixedWindow, nothing, play } from '../support/servers';
import { open, tenInASecond, twentyInABucket } from '../support/limits';

describe('a limit that was kept and is refused all the same', () => {
	it('is what got through, where that was less', () => {
		const { limit, pass, refuse } = tenInASecond();
		pass(3_000, 7);
		refuse(3_100, { wait: 500 });
		expect(limit.known).toEqual({ count: 7, window: 1_000 });
	});

	it('is a little less, where all of it got through', () => {
		const { limit, pass, refuse } = open();
		pass(0, 100);
		refuse(10, { wait: 990 });
		pass(1_005);
		pass(3_000, 100);
		refuse(3_100, { wait: 500 });
		expect(limit.known).toEqual({ count: 99, window: 1_000 });
	});

	it('is ever less where it is refused again soon, and a little less where that holds for long', () => {
		const counts = (between: number) => {
			const { limit, pass, refuse } = open();
			pass(0, 1_000);
			refuse(10, { wait: 990 });
			pass(1_005);
			const learned: number[] = [];
			for (let now = 3_000; learned.length < 4; now += 3_000) {
				// Those of others are not seen, nor those that are refused.
				for (let n = 0; n < 1_000; n++) limit.sent(now);
				for (let n = 0; n < 1_000; n++) limit.lost(now, now);
				refuse(now + 10, { wait: 500 });
				learned.push(limit.known!.count);
				pass(now + 515, between);
			}
			return learned;
		};
		expect(counts(15)).toEqual([990, 970, 932, 862]);
		expect(counts(16)).toEqual([990, 980, 970, 960]);
	});

	it('is one at least', () => {
		const { limit, pass, refuse } = open();
		refuse(0, { wait: 90 });
		pass(95);
		refuse(400, { wait: 90 });
		pass(495);
		pass(1_000);
		refuse(1_001, { wait: 90 });
		expect(limit.known).toEqual({ count: 1, window: 100 });
	});

	it('is learned anew where hardly anything got through: it counts over another time', () => {
		const { limit, pass, refuse } = tenInASecond();
		pass(3_000, 4);
		refuse(3_100, { wait: 500 });
		expect(limit.known).toBeUndefined();
		const half = tenInASecond();
		half.pass(3_000, 5);
		half.refuse(3_100, { wait: 500 });
		expect(half.limit.known).toEqual({ count: 5, window: 1_000 });
	});

	it('counts what is on its way, which a refusal may overtake', () => {
		const { limit, refuse } = tenInASecond();
		for (let n = 0; n < 7; n++) limit.sent(3_000);
		refuse(3_000, { wait: 500 });
		expect(limit.known).toEqual({ count: 7, window: 1_000 });
	});

	it('is less by each that was on its way and is refused too, and learned anew below half', () => {
		const { limit, refuse } = tenInASecond();
		for (let n = 0; n < 12; n++) limit.sent(2_999);
		refuse(3_000, { wait: 500 });
		const counts: Array<number | undefined> = [];
		for (let n = 0; n < 8; n++) {
			limit.refused(3_001, 2_999, { wait: 500 });
			counts.push(limit.known?.count);
		}
		expect(counts).toEqual([9, 9, 9, 8, 7, 6, 5, undefined]);
	});

	it('is met once where it begins anew between the first requests, and two were counted', () => {
		for (let phase = 980; phase < 1_000; phase += 0.5) {
			const server = { rule: fixedWindow(10, 1_000, nothing), latency: () => 8 };
			const { refused } = play(new Tempo(), server, 100, 600_000 + phase);
			expect(refused).toBeLessThan(20);
		}
	});

	it('fills more slowly where it is a bucket', () => {
		const { limit, pass, refuse } = twentyInABucket();
		let now = 1_000;
		for (let n = 0; n < 40; n++) pass((now = limit.next(now)));
		refuse((now = limit.next(now)));
		expect(limit.known).toEqual({ count: 20, window: 1_010, fills: true });
		// It is empty, and one may ask soon.
		expect(limit.next(now)).toBe(now + 105);
	});

	it('holds less where it is a bucket that is empty too soon', () => {
		const { limit, pass, refuse } = twentyInABucket();
		pass(5_000, 15);
		refuse(5_000);
		// One may be a matter of moments.
		expect(limit.known).toEqual({ count: 16, window: 800, fills: true });
	});
});

describe('more is tried', () => {
	/** Uses the limit to the full for so many windows from a time on. @returns when that was over */
	const use = ({ limit, pass }: ReturnType<typeof open>, windows: number, from: number) => {
		let now = from;
		for (const end = now + windows * 1_010; now < end; now = Math.max(now, limit.next(now)))
			pass(now);
		return now;
	};

	/** The first so many counts that are kept, one after the other. */
	const countsOf = (opened: ReturnType<typeof open>, size: number) => {
		const counts = new Set<number | undefined>();
		for (let now = 3_000; counts.size < size;) {
			now = use(opened, 1, now);
			counts.add(opened.limit.known?.count);
		}
		return [...counts];
	};

	it('and each step that holds doubles the next', () => {
		expect(countsOf(tenInASecond(), 5)).toEqual([10, 11, 13, 17, 25]);
	});

	it('and a step that fails after others makes the next one small again', () => {
		const opened = tenInASecond();
		const { limit, pass, refuse } = opened;
		let now = 3_000;
		while (limit.known!.count < 25) now = use(opened, 1, now);
		refuse(now, { wait: 1_000 });
		expect(limit.known).toEqual({ count: 17, window: 1_000 });
		now += 1_005;
		pass(now);
		while (limit.known!.count === 17) now = use(opened, 1, now);
		expect(limit.known).toEqual({ count: 18, window: 1_000 });
	});

	it('not sooner because somebody asks often in the same window', () => {
		const { limit, pass } = tenInASecond();
		pass(1_005, 9);
		for (let n = 0; n < 10; n++) expect(limit.next(1_005)).toBe(2_007);
		pass(2_007);
		expect(limit.known).toEqual({ count: 10, window: 1_000 });
	});

	it('by a fiftieth, then by two, where the limit is large', () => {
		const opened = open();
		opened.pass(0, 200);
		opened.refuse(10, { wait: 990 });
		opened.pass(1_005);
		expect(countsOf(opened, 3)).toEqual([200, 204, 212]);
	});

	it('after two full windows without a refusal, and after eight where a refusal costs a wait', () => {
		const windows = ({ limit, pass }: ReturnType<typeof open>) => {
			const before = limit.known;
			let now = 3_000;
			for (; ; now = Math.max(now, limit.next(now))) {
				pass(now);
				if (limit.known !== before) return Math.floor((now - 3_000) / 1_002);
			}
		};
		expect(windows(twentyInABucket())).toBe(2);
		expect(windows(tenInASecond())).toBe(9);
	});

	it('of a bucket by half as much after each failure, and an eighth at least', () => {
		const opened = twentyInABucket();
		const { limit, refuse, pass } = opened;
		const windows: number[] = [];
		for (let now = 3_000; windows.length < 6;) {
			while (limit.known!.window === 1_000) now = use(opened, 1, now);
			windows.push(limit.known!.window);
			refuse(now);
			now = limit.next(now);
			pass(now);
		}
		const parts = windows.map((window) => Math.round((1_000 / window - 1) * 1e4) / 100);
		expect(parts).toEqual([2, 1, 0.5, 0.25, 0.25, 0.25]);
	});

	it('of a bucket that is never empty no longer than until it is as good as none', () => {
		const opened = twentyInABucket();
		const { limit, pass } = opened;
		for (let now = 3_000; now < 60_000; now += 101) while (limit.next(now) <= now) pass(now);
		expect(limit.known!.count / limit.known!.window).toBeLessThanOrEqual(100);
	});

	it('of a bucket: it is thought to fill faster', () => {
		const opened = twentyInABucket();
		const { limit } = opened;
		let now = 3_000;
		while (limit.known!.window === 1_000) now = use(opened, 1, now);
		expect(limit.known).toEqual({ count: 20, window: 1_000 / 1.02, fills: true });
	});

	it('and is given up for what held when it is refused, to be tried a quarter as often', () => {
		const opened = tenInASecond();
		const { limit, refuse, pass } = opened;
		let now = 3_000;
		const untilMore = () => {
			const from = now;
			while (limit.known!.count === 10) now = use(opened, 1, now);
			expect(limit.known).toEqual({ count: 11, window: 1_000 });
			const windows = Math.round((now - from) / 1_010);
			refuse(now, { wait: 1_000 });
			expect(limit.known).toEqual({ count: 10, window: 1_000 });
			now += 1_005;
			pass(now);
			return windows;
		};
		expect([untilMore(), untilMore(), untilMore()]).toEqual([10, 34, 129]);
	});

	describe('soon again, however often it failed,', () => {
		/** Ten in a second, of which more was tried twice in vain. @returns with the time */
		const afterFailures = () => {
			const opened = tenInASecond();
			let now = 3_000;
			for (let n = 0; n < 2; n++) {
				while (opened.limit.known!.count === 10) now = use(opened, 1, now);
				opened.refuse(now, { wait: 1_000 });
				now += 1_005;
				opened.pass(now);
			}
			return { ...opened, now: now + 3_000 };
		};
		/** After how many full windows more is tried. */
		const windowsUntilMore = (opened: ReturnType<typeof open>, from: number) => {
			const { limit } = opened;
			const { count } = limit.known!;
			let now = from;
			while (limit.known!.count === count) now = use(opened, 1, now);
			return Math.round((now - from) / 1_010);
		};

		it('where somebody else had used it up', () => {
			/** @param used so many got through before it was refused @param left what is known then */
			const windowsAfter = (used: number, left: number) => {
				const opened = afterFailures();
				opened.pass(opened.now, used);
				opened.refuse(opened.now, { wait: 1_000 });
				expect(opened.limit.known!.count).toBe(left);
				opened.pass(opened.now + 1_005);
				return windowsUntilMore(opened, opened.now + 3_000);
			};
			expect(windowsAfter(8, 8)).toBeLessThan(5);
			// All of it was our own.
			expect(windowsAfter(10, 9)).toBeGreaterThan(100);
		});

		it('where it was learned anew', () => {
			const opened = afterFailures();
			opened.pass(opened.now, 2);
			opened.refuse(opened.now, { wait: 1_000 });
			expect(opened.limit.known).toBeUndefined();
			opened.pass(opened.now + 1_005, 8);
			opened.refuse(opened.now + 1_010, { wait: 1_000 });
			opened.pass(opened.now + 2_015);
			expect(opened.limit.known!.count).toBe(8);
			expect(windowsUntilMore(opened, opened.now + 5_000)).toBeLessThan(12);
		});

		it('where clearly more has held', () => {
			const opened = afterFailures();
			expect(windowsUntilMore(opened, opened.now)).toBeGreaterThan(100);
			expect(opened.limit.known!.count).toBe(11);
			expect(windowsUntilMore(opened, opened.now + 500_000)).toBeGreaterThan(100);
			expect(opened.limit.known!.count).toBe(12);
			expect(windowsUntilMore(opened, opened.now + 1_000_000)).toBeLessThan(5);
		});

		it('where clearly more has held, and not where it was a little more', () => {
			const raise = new Raise();
			let known = { count: 100, window: 1_000 };
			let now = 0;
			/** Full windows until more is tried. */
			const windows = () => {
				for (let full = 0; ; full++) {
					const more = raise.more(known);
					if (more !== known) {
						known = more;
						return full;
					}
					raise.noteFull((now += 1_000), known.window);
				}
			};
			expect(windows()).toBe(3);
			known = raise.refused(known, false)!;
			const tried = Array.from({ length: 5 }, () => [windows(), known.count]);
			expect(tried).toEqual([
				[9, 101],
				[9, 103],
				[9, 107],
				[9, 115],
				[3, 133],
			]);
		});
	});

	it('by few at a time, where all that held before is on its way or used', () => {
		const opened = tenInASecond();
		const { limit, pass } = opened;
		let now = 3_000;
		while (limit.known!.count < 25) now = use(opened, 1, now);
		now += 1_100;
		// Seventeen held.
		pass(now, 10);
		for (let n = 0; n < 7; n++) {
			expect(limit.next(now)).toBe(now);
			limit.sent(now);
		}
		expect(limit.next(now)).toBe(Infinity);
		limit.passed(now, now, {});
		limit.passed(now, now, {});
		expect(limit.next(now)).toBe(Infinity);
		limit.passed(now, now, {});
		expect(limit.next(now)).toBe(now);
	});

	it('a wait of nothing is no wait that a refusal costs', () => {
		const opened = twentyInABucket();
		const { limit, refuse, pass } = opened;
		let now = use(opened, 1, 3_000);
		refuse(now, { wait: 0 });
		const { known } = limit;
		now = limit.next(now);
		pass(now);
		const from = now;
		while (limit.known!.window === known!.window) now = use(opened, 1, now);
		expect(Math.round((now - from) / 1_010)).toBeLessThan(5);
	});
});

import { SLACK, open, tenInASecond, twentyInABucket } from '../support/limits';

describe('as long as nothing was refused', () => {
	it('everything may be sent', () => {
		const { limit, pass } = open();
		pass(0, 10_000);
		expect(limit.next(0)).toBe(0);
		expect([limit.known, limit.refusingSince]).toEqual([undefined, undefined]);
	});
});

describe('after a refusal', () => {
	it('nothing is sent for as long as the server says', () => {
		for (const told of [{ wait: 700 }, { wait: 700, reset: 9_000 }, { reset: 700 }]) {
			const { limit, refuse } = open();
			refuse(100, told);
			expect(limit.next(100)).toBe(800 + SLACK);
			expect(limit.next(700)).toBe(800 + SLACK);
			expect(limit.refusingSince).toBe(100);
		}
	});

	it('a minute is the longest that it is believed', () => {
		const { limit, refuse } = open();
		refuse(0, { wait: 3_600_000 });
		expect(limit.next(0)).toBe(60_000 + SLACK);
	});

	it('without a word it is tried again, counted from the first refusal and ever more seldom after a second', () => {
		const { limit, refuse } = open();
		const times: number[] = [];
		for (let now = 0; times.length < 13; times.push(now)) {
			refuse(now);
			now = limit.next(now);
		}
		expect(times.slice(0, 10)).toEqual([
			...[105, 255, 505, 755, 1_005, 2_005, 5_005, 10_005, 15_005, 30_005],
		]);
		// From then on at least once a minute.
		expect(times.slice(10)).toEqual([60_005, 120_010, 180_015]);
	});

	it('a word that proved wrong is believed no more', () => {
		const { limit, refuse } = open();
		refuse(0, { wait: 10 });
		expect(limit.next(0)).toBe(15);
		refuse(15, { wait: 10 });
		expect(limit.next(15)).toBe(255);
		refuse(255, { wait: 1_000 });
		expect(limit.next(255)).toBe(1_260);
	});

	it('a wait of nothing is no word', () => {
		const { limit, refuse } = open();
		refuse(0, { wait: 0 });
		expect(limit.next(0)).toBe(105);
	});

	it('one asks, and the others wait for its answer', () => {
		const { limit, refuse, pass } = open();
		refuse(0, { wait: 100 });
		limit.sent(105);
		expect(limit.next(105)).toBe(Infinity);
		limit.passed(150, 105, {});
		expect([limit.next(150), limit.refusingSince]).toEqual([150, undefined]);
		pass(150, 100);
		expect(limit.next(150)).toBe(150);
	});

	it('another asks when the first one is lost, or is not sent after all', () => {
		const { limit, refuse } = open();
		refuse(0, { wait: 100 });
		limit.sent(105);
		limit.unsent();
		expect(limit.next(105)).toBe(105);
		limit.sent(106);
		limit.lost(200, 106);
		expect(limit.next(200)).toBe(105);
		expect(limit.refusingSince).toBe(0);
	});

	it('answers to what was sent before it neither open the way nor make it longer to ask', () => {
		const { limit, refuse } = open();
		for (let n = 0; n < 4; n++) limit.sent(0);
		refuse(10, { wait: 100 });
		limit.passed(20, 0, {});
		expect(limit.refusingSince).toBe(10);
		limit.refused(30, 0, { wait: 50 });
		expect(limit.next(30)).toBe(115);
		// But what they say of a longer wait is heard.
		limit.refused(40, 0, { wait: 300 });
		expect(limit.next(40)).toBe(345);
		limit.sent(345);
		limit.lost(350, 0);
		expect(limit.next(350)).toBe(Infinity);
		limit.passed(360, 345, {});
		expect(limit.refusingSince).toBeUndefined();
	});
});

describe('a limit of which the server says when it ends', () => {
	it('is known after the first refusal, and kept', () => {
		const { limit, pass } = tenInASecond();
		expect(limit.known).toEqual({ count: 10, window: 1_000 });
		// Nine of the first ten still count, and the one that asked.
		expect(limit.next(1_005)).toBe(1_005);
		pass(1_005, 9);
		for (const now of [1_005, 2_006, 2_007]) expect(limit.next(now)).toBe(2_007);
	});

	it('that has become longer is counted over all of its new time', () => {
		const { limit, pass, refuse } = tenInASecond();
		pass(20_000, 10);
		// Ten in five seconds from now on.
		const now = limit.next(20_000);
		expect([now, limit.next(now)]).toEqual([21_002, 21_002]);
		refuse(now, { wait: 3_998 });
		expect(limit.known).toBeUndefined();
		pass(25_005);
		expect(limit.known).toEqual({ count: 10, window: 5_000 });
	});

	it('counts what is on its way', () => {
		const { limit, pass } = tenInASecond();
		pass(1_006, 5);
		for (let n = 0; n < 4; n++) limit.sent(1_006);
		expect(limit.next(1_006)).toBe(2_007);
		limit.unsent();
		expect(limit.next(1_006)).toBe(1_006);
		limit.sent(1_006);
		// What was refused does not count, and what was lost may.
		limit.lost(1_100, 1_006);
		expect(limit.next(1_100)).toBe(2_007);
	});

	it('counts what was lost once, and no longer as on its way', () => {
		const { limit } = tenInASecond();
		for (let n = 0; n < 9; n++) {
			limit.sent(9_000);
			limit.lost(9_000, 9_000);
		}
		expect(limit.next(9_000)).toBe(9_000);
	});

	it('that is used up by what is on its way opens with an answer only', () => {
		const { limit, refuse } = open();
		// Ten ms away.
		for (let n = 0; n < 10; n++) limit.sent(0);
		for (let n = 0; n < 10; n++) limit.passed(10, 0, {});
		refuse(10, { wait: 990 });
		limit.sent(1_005);
		limit.passed(1_015, 1_005, {});
		for (let n = 0; n < 10; n++) {
			expect(limit.next(9_000)).toBe(9_000);
			limit.sent(9_000);
		}
		expect(limit.next(9_000)).toBe(Infinity);
		limit.passed(9_100, 9_000, {});
		expect(limit.next(9_100)).toBe(10_092);
	});

	it('counts from when the server can have had the request at the latest', () => {
		const { limit } = tenInASecond();
		for (let n = 0; n < 10; n++) limit.sent(9_000);
		// The fastest answer took no time: so this one may have been taken when it came.
		for (let n = 0; n < 10; n++) limit.passed(9_300, 9_000, {});
		expect(limit.next(9_300)).toBe(10_302);
	});

	it('counts from when the server can have had it, where no answer comes in less time', () => {
		const { limit } = open();
		for (let n = 0; n < 10; n++) limit.sent(0);
		for (let n = 0; n < 10; n++) limit.passed(50, 0, {});
		limit.sent(60);
		limit.refused(110, 60, { wait: 990 });
		limit.sent(1_105);
		limit.passed(1_155, 1_105, {});
		expect(limit.known).toEqual({ count: 10, window: 1_000 });
		for (let n = 0; n < 10; n++) limit.sent(9_000);
		for (let n = 0; n < 10; n++) limit.passed(9_050, 9_000, {});
		expect(limit.next(9_050)).toBe(10_002);
	});

	it.each([
		[990, 1_000],
		[1_000, 1_000],
		[1_111, 1_000],
		[1_112, 2_000],
		[60, 100],
		[50_000, 60_000],
	])('and that has %i ms to go is one of %i ms', (wait, window) => {
		const { limit, pass, refuse } = open();
		pass(0, 10);
		refuse(0, { wait });
		pass(limit.next(0));
		expect(limit.known).toEqual({ count: 10, window });
	});

	it('of a few may be somebody else’s doing, and is believed when it comes again', () => {
		const { limit, pass, refuse } = open();
		pass(0, 4);
		refuse(0, { wait: 990 });
		pass(995);
		expect(limit.known).toBeUndefined();
		pass(1_000, 2);
		refuse(1_001, { wait: 990 });
		pass(1_996);
		expect(limit.known).toEqual({ count: 3, window: 1_000 });
	});

	it('of five is believed at once', () => {
		const { limit, pass, refuse } = open();
		pass(0, 5);
		refuse(0, { wait: 990 });
		pass(995);
		expect(limit.known).toEqual({ count: 5, window: 1_000 });
	});

	it('is not learned from what the server said where that proved wrong', () => {
		const { limit, pass, refuse } = open();
		pass(0, 10);
		refuse(1, { wait: 90 });
		refuse(96, { wait: 90 });
		pass(limit.next(96));
		expect(limit.known).toEqual({ count: 10, window: 1_000 });
	});

	it('is given up where refusals have nothing to do with the pace, and not learned again', () => {
		const { limit, pass, refuse } = open();
		// One in twenty is refused, however slowly they come.
		let now = 0;
		for (let n = 0; n < 13; n++) {
			pass(now, 19);
			refuse(now, { wait: 90 });
			now = limit.next(now);
			pass(now);
			now += 5_000;
		}
		expect(limit.known).toBeUndefined();
	});

	it('is not given up where more than one in eight is refused, with all that are in flight', () => {
		const oneIn = (passed: number) => {
			const { limit, pass } = open();
			let now = 0;
			for (let n = 0; n < 13; n++) {
				pass(now, passed);
				for (let inFlight = 0; inFlight < 2; inFlight++) limit.sent(now);
				for (let inFlight = 0; inFlight < 2; inFlight++) limit.refused(now, now, { wait: 90 });
				now = limit.next(now);
				pass(now);
				now += 5_000;
			}
			return limit.known;
		};
		expect(oneIn(15)).toBeUndefined();
		expect(oneIn(14)).toBeDefined();
	});

	it('is at least one in its window', () => {
		const { limit, pass, refuse } = open();
		refuse(0, { wait: 90 });
		pass(95);
		refuse(400, { wait: 90 });
		pass(495);
		expect(limit.known).toEqual({ count: 1, window: 100 });
	});

	it('is not learned from what lies before a quiet second', () => {
		const { limit, pass, refuse } = open();
		refuse(0, { wait: 90 });
		pass(95);
		refuse(1_096, { wait: 90 });
		pass(1_191);
		expect(limit.known).toBeUndefined();
	});
});

describe('the room of a limit', () => {
	it('is not known as long as the limit is not, nor of a bucket', () => {
		expect(open().limit.room).toBe(Infinity);
		expect(twentyInABucket().limit.room).toBe(Infinity);
	});

	it('is what is left of its window, less what is on its way', () => {
		const { limit, pass } = tenInASecond();
		pass(1_006, 3);
		limit.sent(1_007);
		limit.next(1_007);
		expect(limit.room).toBe(5);
		limit.passed(1_008, 1_007, {});
		limit.next(2_100);
		expect(limit.room).toBe(10);
	});
});

describe('what the server says is left', () => {
	it('is sent and no more, until it says that there is more', () => {
		const { limit, pass } = open();
		pass(0, 1, { remaining: 2, reset: 1_000 });
		expect(limit.next(0)).toBe(0);
		limit.sent(10);
		expect(limit.next(10)).toBe(10);
		limit.sent(10);
		expect(limit.next(10)).toBe(1_005);
		expect(limit.next(1_004)).toBe(1_005);
		for (const now of [1_005, 2_000]) expect(limit.next(now)).toBe(now);
		limit.unsent();
		expect(limit.next(10)).toBe(10);
	});

	it('is less what is on its way', () => {
		const { limit } = open();
		for (let n = 0; n < 3; n++) limit.sent(0);
		limit.passed(10, 0, { remaining: 2, reset: 1_000 });
		expect(limit.next(10)).toBe(1_015);
	});

	it('is what the answer to the latest request says', () => {
		const { limit } = open();
		limit.sent(0);
		limit.sent(5);
		limit.passed(10, 5, { remaining: 5, reset: 1_000 });
		limit.passed(20, 0, { remaining: 0, reset: 1_000 });
		expect(limit.next(20)).toBe(20);
		limit.sent(30);
		limit.passed(30, 30, { remaining: 0, reset: 1_000 });
		expect(limit.next(30)).toBe(1_035);
	});

	it('holds a minute at most, and says nothing without both figures', () => {
		const { limit, pass } = open();
		pass(0, 1, { remaining: 0 });
		pass(0, 1, { reset: 1_000 });
		expect(limit.next(0)).toBe(0);
		pass(0, 1, { remaining: 0, reset: 3_600_000 });
		expect(limit.next(0)).toBe(60_000 + SLACK);
	});
});

it('forgets what has left every window, however long it runs', () => {
	const { limit, pass } = tenInASecond();
	for (let now = 3_000; now < 600_000; now += 150) pass(Math.max(now, limit.next(now)));
	expect(limit.next(600_000)).toBe(600_000);
	// With those of the last second it is full.
	pass(600_000, 4);
	expect(limit.next(600_000)).toBe(600_102);
});

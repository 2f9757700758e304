import { open, tenInASecond, twentyInABucket } from '../support/limits';

describe('a limit of which the server says nothing', () => {
	it('is thought to be a second, as most are, as soon as it opens', () => {
		const { limit, pass, refuse, askUntil } = open();
		pass(0, 10);
		refuse(1);
		expect(askUntil(300, 1)).toBe(506);
		expect(limit.known).toEqual({ count: 10, window: 1_000 });
	});

	it('is thought to be longer where it stays shut for longer', () => {
		const { limit, pass, refuse, askUntil } = open();
		pass(0, 10);
		refuse(1);
		expect(askUntil(40_000, 1)).toBe(60_006);
		expect(limit.known).toEqual({ count: 10, window: 60_000 });
	});

	it('of a few is the window from one opening to the next', () => {
		const { limit, pass, refuse, askUntil } = open();
		pass(0, 3);
		refuse(1);
		const first = askUntil(1_000, 1);
		expect(first).toBe(1_006);
		expect(limit.known).toBeUndefined();
		pass(first, 2);
		refuse(first + 1);
		expect(askUntil(2_000, first + 1)).toBe(2_012);
		expect(limit.known).toEqual({ count: 3, window: 1_000 });
	});

	it('is the time between the openings where no usual window fits', () => {
		const { limit, pass, refuse } = open();
		refuse(0);
		refuse(105);
		pass(255);
		pass(256, 2);
		refuse(600);
		// It was refused at 705, so it is more than 450 ms; and at most 480.
		refuse(705);
		pass(735);
		expect(limit.known).toEqual({ count: 3, window: 480 });
	});

	it('is what got through in a window that had not ended when it was last asked', () => {
		const { limit, pass, refuse, askUntil } = open();
		// Of the window before.
		pass(300, 5);
		pass(1_100, 20);
		refuse(1_200);
		expect(askUntil(2_000, 1_200)).toBe(2_205);
		expect(limit.known).toEqual({ count: 20, window: 1_000 });
	});

	/** So many may be sent one after the other before an answer has come. */
	const atOnce = ({ limit }: ReturnType<typeof open>, now: number) => {
		let count = 0;
		for (; limit.next(now) <= now; count++) limit.sent(now);
		for (let n = 0; n < count; n++) limit.passed(now, now, {});
		return count;
	};

	/** Twenty in a second of the clock, of which two follow each other closely. */
	const twoInOne = (told = {}) => {
		const opened = open();
		opened.pass(900, 20);
		opened.pass(1_000, 20);
		opened.refuse(1_001, told);
		const at = opened.askUntil(2_000, 1_001);
		expect(opened.limit.known).toEqual({ count: 40, window: 1_000 });
		return { ...opened, at };
	};

	it('may be two that followed each other, and is found out by few at a time', () => {
		const opened = twoInOne();
		expect(opened.at).toBe(2_006);
		expect([1, 2, 3].map(() => atOnce(opened, 2_006))).toEqual([5, 5, 5]);
		opened.pass(2_006, 4);
		opened.refuse(2_006);
		expect(opened.limit.known).toEqual({ count: 20, window: 1_000 });
		opened.askUntil(3_000, 2_006);
		expect(atOnce(opened, 3_500)).toBe(5);
	});

	it('is found out by twice as many as it lets through in the time of an answer, up to five ms', () => {
		for (const [took, most] of [
			[4, 5 + 4],
			[5, 5 + 4],
			[6, 399],
		]) {
			const opened = open();
			const { limit } = opened;
			const send = (sentAt: number, passes: boolean) => {
				limit.sent(sentAt);
				if (passes) limit.passed(sentAt + took, sentAt, {});
				else limit.refused(sentAt + took, sentAt, {});
			};
			for (let n = 0; n < 400; n++) send(n < 200 ? 900 : 1_000, true);
			send(1_001, false);
			for (let now = 1_001; now < 2_000;) send((now = limit.next(now)), now >= 2_000);
			expect(limit.known).toEqual({ count: 400, window: 1_000 });
			expect([took, atOnce(opened, 2_100)]).toEqual([took, most]);
		}
	});

	it('is found out by few also where the server said when it ends', () => {
		const opened = twoInOne({ wait: 1_000 });
		expect(atOnce(opened, opened.at)).toBe(5);
	});

	it('is not doubted as far as it surely is one window', () => {
		const opened = open();
		opened.pass(500, 20);
		opened.refuse(501);
		expect(opened.askUntil(1_000, 501)).toBe(1_006);
		expect(opened.limit.known).toEqual({ count: 20, window: 1_000 });
		expect(atOnce(opened, 1_600)).toBe(19);
	});

	it('is doubted no more when more is tried', () => {
		const opened = twoInOne();
		const { limit, pass } = opened;
		let now = 3_100;
		while (limit.known!.count === 40) pass((now = Math.max(now, limit.next(now))));
		now += 1_100;
		expect(atOnce(opened, now)).toBe(40);
	});

	it('is a bucket that holds what flows in in a second where the first that asks gets through', () => {
		const { limit } = twentyInABucket();
		expect(limit.known).toEqual({ count: 20, window: 1_000, fills: true });
	});

	it('is no bucket where it takes more than one can hold by then: a window had just ended', () => {
		const { limit, pass, refuse, askUntil } = open();
		pass(0, 20);
		refuse(1);
		pass(106);
		// A bucket would hold one more.
		for (let n = 0; n < 3; n++) {
			expect(limit.next(106)).toBe(106);
			pass(106);
		}
		expect(limit.known).toBeUndefined();
		pass(107, 16);
		refuse(108);
		pass(askUntil(1_106, 108));
		expect(limit.known).toEqual({ count: 20, window: 1_000 });
		pass(5_000, 15);
		refuse(5_010);
		expect(limit.known).toEqual({ count: 15, window: 1_000 });
	});

	it('is a bucket where one more is refused, and empty then', () => {
		const { limit, pass } = twentyInABucket();
		expect(limit.known).toEqual({ count: 20, window: 1_000, fills: true });
		pass(212);
		expect(limit.next(212)).toBe(257);
	});

	it('and was no bucket is asked by few where it refused before', () => {
		const { limit, pass, refuse } = open();
		pass(0, 20);
		refuse(1);
		pass(106, 10);
		expect(limit.known).toBeUndefined();
		// Of its second window ten are taken, and so many as to come to twenty may be on their way.
		for (let n = 0; n < 10; n++) {
			expect(limit.next(110)).toBe(110);
			limit.sent(110);
		}
		expect(limit.next(110)).toBe(Infinity);
		for (let n = 0; n < 8; n++) limit.passed(110, 110, {});
		expect(limit.next(110)).toBe(Infinity);
		limit.passed(110, 110, {});
		expect(limit.next(110)).toBe(110);
		limit.passed(110, 110, {});
		// In a later window as well, until it has taken more.
		pass(5_000, 18);
		for (let n = 0; n < 2; n++) limit.sent(5_000);
		expect(limit.next(5_000)).toBe(Infinity);
		for (let n = 0; n < 2; n++) limit.passed(5_000, 5_000, {});
		expect(limit.next(5_000)).toBe(5_000);
		limit.sent(5_000);
		limit.passed(5_000, 5_000, {});
		for (let n = 0; n < 30; n++) {
			expect(limit.next(5_000)).toBe(5_000);
			limit.sent(5_000);
		}
	});

	it('is longer than was thought where one that asks is refused when nothing was sent for as long', () => {
		const { limit, pass, refuse, askUntil } = open();
		// Fifty in ten seconds of the clock.
		pass(7_000, 50);
		refuse(7_001);
		expect(askUntil(10_000, 7_001)).toBe(12_006);
		expect(limit.known).toEqual({ count: 50, window: 5_000 });
		pass(12_006, 49);
		expect(limit.next(12_006)).toBe(17_008);
		refuse(17_008);
		expect(limit.known).toBeUndefined();
		expect(askUntil(20_000, 17_008)).toBe(22_013);
		expect(limit.known).toEqual({ count: 50, window: 10_000 });
		pass(22_013, 49);
		expect(limit.next(22_013)).toBe(32_015);
	});

	it('is longer than was thought where all that was sent has left the window, and one that asks is refused', () => {
		const { limit, pass, refuse, askUntil } = open();
		pass(7_000, 25);
		pass(7_005, 25);
		refuse(7_006);
		expect(askUntil(10_000, 7_006)).toBe(12_011);
		expect(limit.known).toEqual({ count: 50, window: 5_000 });
		pass(12_020, 49);
		// The first of all has left the window, and the others leave it soon.
		refuse(17_013);
		expect(limit.known).toEqual({ count: 49, window: 5_000 });
		const asked = limit.next(17_013);
		expect(asked).toBe(17_118);
		refuse(asked);
		expect(limit.known).toBeUndefined();
		expect(askUntil(20_000, asked)).toBe(22_018);
		expect(limit.known).toEqual({ count: 50, window: 10_000 });
	});

	it('and a bucket that holds a few is kept for as long as it was seen', () => {
		const { limit, pass, refuse } = open();
		pass(0, 3);
		refuse(1);
		pass(106);
		pass(107);
		refuse(110);
		pass(215);
		expect(limit.known).toEqual({ count: 2, window: 109, fills: true });
	});

	it('is waited for as long as the window takes that is known, and not asked for in it', () => {
		const { limit, pass, refuse } = tenInASecond();
		pass(3_000, 10);
		refuse(3_010);
		expect(limit.next(3_010)).toBe(4_002);
		// It was a little too early, or a window more.
		refuse(4_002);
		expect(limit.next(4_002)).toBe(4_015);
		refuse(4_015);
		expect(limit.next(4_015)).toBe(5_015);
	});

	it('and of a bucket that is known is asked for soon', () => {
		const { limit, pass, refuse } = twentyInABucket();
		pass(3_000, 20);
		refuse(3_010);
		expect(limit.next(3_010)).toBe(3_115);
	});
});

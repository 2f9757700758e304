import { open, tenInASecond, twentyInABucket } from '../support/limits';

describe('a bucket, of which the server says when to come again', () => {
	/** Two groups of six on their way when the bucket is empty: what becomes of each of the second. */
	const second = (outcomes: string, { apart = 10, latency = 0, taken = 100 } = {}) => {
		const { limit, pass } = open();
		for (let n = 0; n < taken; n++) {
			limit.sent(n);
			limit.passed(n + latency, n, {});
		}
		const [one, other] = [taken, taken + apart];
		for (const at of [one, other]) for (let n = 0; n < 6; n++) limit.sent(at + n / 100);
		const now = other + latency + 1;
		for (let n = 0; n < 6; n++) limit.refused(now, one + n / 100, { wait: 1_000 });
		[...outcomes].forEach((outcome, n) => {
			if (outcome === 'P') limit.passed(now, other + n / 100, {});
			else limit.refused(now, other + n / 100, { wait: 1_000 });
		});
		pass(limit.next(now));
		return { limit, pass };
	};

	it('is found out where one is taken between others that are refused: it fills meanwhile', () => {
		// A hundred in 111 ms, and what came after the refusal.
		const { limit } = second('PPRRRR');
		expect(limit.known).toEqual({ count: 92, window: 1_000, fills: true });
	});

	it('is kept from then on, and not doubted', () => {
		const { limit, pass } = second('PPRRRR');
		pass(5_000, 92);
		expect(limit.next(5_000)).toBeCloseTo(5_000 + 1_000 / 92);
	});

	it.each([
		['those that follow are all taken: a window has begun', 'PPPPPP', {}],
		['those that follow are all refused', 'RRRRRR', {}],
		['the others left before it', 'RRRRPP', {}],
		['they left together, and may have come in any order', 'PPRRRR', { apart: 1.9 }],
		['their order may have changed on a long way', 'PPRRRR', { apart: 9.9, latency: 40 }],
	])('is not where %s', (_why, outcomes, how) => {
		expect(second(outcomes, how).limit.known?.fills).toBeUndefined();
	});

	it('is on a long way where they left long after one another', () => {
		const { limit } = second('PPRRRR', { apart: 10.1, latency: 40 });
		expect(limit.known?.fills).toBe(true);
	});

	it('is not learned so where nothing is told: a small window that begins anew looks the same', () => {
		const { limit, pass } = tenInASecond();
		pass(3_000, 8);
		for (const at of [3_010, 3_020, 3_021]) limit.sent(at);
		limit.refused(3_030, 3_010, {});
		limit.passed(3_031, 3_020, {});
		limit.refused(3_032, 3_021, {});
		pass(limit.next(3_032));
		expect(limit.known).toEqual({ count: 9, window: 1_000 });
	});

	it('is found out also where it was taken for a window', () => {
		const { limit, pass } = tenInASecond();
		pass(3_000, 8);
		for (const at of [3_010, 3_020, 3_021]) limit.sent(at);
		limit.refused(3_030, 3_010, { wait: 1_000 });
		expect(limit.known).toEqual({ count: 9, window: 1_000 });
		limit.passed(3_031, 3_020, {});
		limit.refused(3_032, 3_021, { wait: 1_000 });
		pass(limit.next(3_032));
		expect(limit.known).toEqual({ count: 9, window: 1_000, fills: true });
	});
});

describe('a bucket that is known', () => {
	it('is emptied at once when it is full, and then goes on as it fills', () => {
		const { limit, pass } = twentyInABucket();
		pass(5_000, 20);
		expect(limit.next(5_000)).toBe(5_050);
		pass(5_050);
		expect(limit.next(5_060)).toBe(5_100);
		expect(limit.next(5_120)).toBe(5_120);
	});

	it('holds no more than it did, however long nothing is sent', () => {
		const { limit } = twentyInABucket();
		for (let n = 0; n < 20; n++) {
			expect(limit.next(900_000)).toBe(900_000);
			limit.sent(900_000);
		}
		// What is on its way may have taken the last, or not yet.
		expect(limit.next(900_000)).toBe(Infinity);
		expect(limit.next(900_050)).toBe(Infinity);
		limit.passed(900_060, 900_000, {});
		expect(limit.next(900_060)).toBe(900_110);
	});

	it('is found out in the middle of being emptied: it fills meanwhile', () => {
		const { limit, pass, refuse } = open();
		for (let n = 0; n < 24; n++) pass(n * 10);
		refuse(240);
		pass(345);
		expect(limit.known).toEqual({ count: 19, window: 1_000, fills: true });
	});

	it('counts what was lost, which may have got through', () => {
		const { limit, pass } = twentyInABucket();
		pass(5_000, 19);
		limit.sent(5_000);
		limit.lost(5_000, 5_000);
		expect(limit.next(5_000)).toBe(5_050);
	});
});

import { Passes } from '../../nodes/KuvarPay/api/passes';

/** Passes at these times. */
function at(...times: number[]): Passes {
	const passes = new Passes();
	for (const time of times) passes.add(time);
	return passes;
}

describe('what got through', () => {
	it('is counted from a moment on, which is not part of it', () => {
		const passes = at(1, 2, 2, 3);
		expect([0, 1, 2, 3].map((from) => passes.since(from))).toEqual([4, 3, 1, 0]);
		expect([passes.count, passes.firstOf(passes.count), passes.latest]).toEqual([4, 1, 3]);
	});

	it('is nothing at first', () => {
		const passes = at();
		expect([passes.count, passes.latest, passes.since(-1)]).toEqual([0, undefined, 0]);
	});

	it('has a first of the latest so many', () => {
		const passes = at(1, 2, 3);
		expect([passes.firstOf(1), passes.firstOf(3), passes.firstOf(4)]).toEqual([3, 1, undefined]);
	});

	it('is forgotten up to a moment', () => {
		const passes = at(1, 2, 3);
		passes.forget(2);
		expect([passes.count, passes.firstOf(passes.count), passes.since(0)]).toEqual([1, 3, 1]);
		passes.forget(9);
		expect([passes.count, passes.since(0)]).toEqual([0, 0]);
		passes.add(10);
		expect([passes.count, passes.firstOf(passes.count)]).toEqual([1, 10]);
	});

	it('is forgotten however much it was', () => {
		const passes = at(...Array.from({ length: 5_000 }, (_, time) => time));
		passes.forget(2_999);
		expect([passes.count, passes.firstOf(passes.count), passes.latest]).toEqual([
			2_000, 3_000, 4_999,
		]);
		expect([passes.since(3_999), passes.firstOf(1_000)]).toEqual([1_000, 4_000]);
	});

	it('is remembered up to 20,000, the latest of all', () => {
		const passes = at(...Array.from({ length: 20_000 }, (_, time) => time));
		expect([passes.count, passes.firstOf(passes.count)]).toEqual([20_000, 0]);
		passes.add(20_000);
		expect([passes.count, passes.firstOf(passes.count), passes.since(-1)]).toEqual([
			20_000, 1, 20_000,
		]);
	});
});

import { hurry } from '../../engine/hurry';

describe('a package that is in a hurry', () => {
	const { performance } = globalThis;
	const own = { now: performance.now, timeout: AbortSignal.timeout };
	afterEach(() => {
		performance.now = own.now;
		AbortSignal.timeout = own.timeout;
	});

	it('sees its clock go faster from then on, and waits for less', () => {
		let now = 1_000;
		const waited: number[] = [];
		performance.now = () => now;
		AbortSignal.timeout = (ms) => {
			waited.push(ms);
			return new AbortController().signal;
		};
		const given = [performance.now, AbortSignal.timeout];
		const calmDown = hurry(5);
		expect(performance.now()).toBe(1_000);
		now = 1_100;
		expect(performance.now()).toBe(1_500);
		// Never too early by its own clock.
		for (const ms of [500, 501, 0]) AbortSignal.timeout(ms);
		expect(waited).toEqual([100, 101, 0]);
		calmDown();
		expect([performance.now, AbortSignal.timeout]).toEqual(given);
	});
});

import { Pace } from '../../nodes/KuvarPay/api/pace';
import { pause } from '../../nodes/KuvarPay/api/timers';

/** Tasks that hold their place until they are let go. */
class Crowd {
	running = 0;
	#finish: Array<() => void> = [];

	constructor(pace: Pace, size = 100) {
		for (let n = 0; n < size; n++)
			void pace.run(async () => {
				this.running += 1;
				await new Promise<void>((resolve) => this.#finish.push(resolve));
				this.running -= 1;
			});
	}

	/** How many run, once all that may have begun. */
	async settled(): Promise<number> {
		// A few begin in each turn; the turns of this loop and the pace's own alternate.
		for (let turn = 0; turn < 20; turn++) await pause(0);
		return this.running;
	}

	/** Lets all go that run now; as many as may take their places. */
	async next(): Promise<number> {
		for (const finish of this.#finish.splice(0)) finish();
		return await this.settled();
	}
}

/** What happens when a request that leaves now is refused. */
async function refused(pace: Pace, ms = 0): Promise<void> {
	const sentAt = await pace.ready();
	await pause(2);
	pace.slowDown(ms, sentAt);
	await pause(2);
}

it('lets as many run as it was told', async () => {
	expect(await new Crowd(new Pace(7)).settled()).toBe(7);
});

it('halves once for all refusals of one burst', async () => {
	const pace = new Pace(40);
	const crowd = new Crowd(pace);
	expect(await crowd.settled()).toBe(40);
	const sentAt = await pace.ready();
	await pause(2);
	for (let n = 0; n < 40; n++) pace.slowDown(0, sentAt);
	expect(await crowd.next()).toBe(20);
});

it('halves again for what was sent after that, down to one', async () => {
	const pace = new Pace(8);
	const crowd = new Crowd(pace);
	const seen = [await crowd.settled()];
	for (let n = 0; n < 4; n++) {
		await refused(pace);
		seen.push(await crowd.next());
	}
	expect(seen).toEqual([8, 4, 2, 1, 1]);
	expect(pace.slowest).toBe(true);
});

it('rises by one for each full round without a refusal, up to where it began', async () => {
	const pace = new Pace(8);
	const crowd = new Crowd(pace, 200);
	await crowd.settled();
	await refused(pace);
	const seen = [await crowd.next()];
	for (let round = 0; round < 6; round++) {
		const inFlight = seen.at(-1)!;
		for (let n = 0; n < inFlight - 1; n++) pace.speedUp();
		expect(await crowd.next()).toBe(inFlight);
		pace.speedUp();
		seen.push(await crowd.next());
	}
	expect(seen).toEqual([4, 5, 6, 7, 8, 8, 8]);
});

it('holds everybody for as long as the server says, and for the longest that it said', async () => {
	const pace = new Pace(3);
	const sentAt = await pace.ready();
	pace.slowDown(120, sentAt);
	pace.slowDown(10, sentAt);
	const before = performance.now();
	const times = await Promise.all([pace.ready(), pace.ready(), pace.ready()]);
	for (const time of times) expect(time - before).toBeGreaterThan(100);
	expect(performance.now() - before).toBeLessThan(1000);
});

it('stops to wait as soon as the run is stopped', async () => {
	const stop = new AbortController();
	const pace = new Pace(3, stop.signal);
	pace.slowDown(60_000, await pace.ready());
	const before = performance.now();
	const waiting = pace.ready();
	stop.abort(new Error('stopped'));
	await expect(waiting).rejects.toThrow('stopped');
	expect(performance.now() - before).toBeLessThan(1000);
});

import { Pace } from '../../nodes/KuvarPay/api/pace';
import { send } from '../../nodes/KuvarPay/api/request';
import { Traffic, type Flight, type Rank } from '../../nodes/KuvarPay/api/traffic';
import { clientOf, getCall } from '../support/context';
import { advance, holdClock } from '../support/timers';

jest.mock('../../nodes/KuvarPay/api/timers', () => jest.requireActual('../support/timers'));
holdClock();

/** All that may begin has begun: some do in each turn of the event loop. */
const settle = async () => await advance(0);

/** A server that has answered often enough to be sent all at once. */
async function knownTraffic(): Promise<Traffic> {
	const traffic = new Traffic();
	const pace = new Pace(500, undefined, traffic);
	for (let n = 0; n < 100; n++) (await pace.enter()).answered(200, {});
	return traffic;
}

/** Closes the way: one request is refused for so long. */
async function refuse(pace: Pace, seconds: number): Promise<void> {
	(await pace.enter()).answered(429, { wait: seconds * 1000 });
}

describe('items', () => {
	it('are begun as many at once as the user has set', async () => {
		const pace = new Pace(7, undefined, await knownTraffic());
		let running = 0;
		for (let n = 0; n < 20; n++)
			void pace.run(async (own) => {
				await own.enter();
				running += 1;
				await new Promise(() => undefined);
			});
		await advance(1_000);
		expect(running).toBe(7);
	});

	it('begin with the permission for their first request, and give back what they do not use', async () => {
		const traffic = await knownTraffic();
		const pace = new Pace(1, undefined, traffic);
		const order: string[] = [];
		const all = Promise.all(
			['a', 'b', 'c'].map((name) =>
				pace.run(async (own) => {
					order.push(`${name} begins`);
					if (name === 'b') return;
					(await own.enter()).answered(200, {});
					(await own.enter()).answered(200, {});
					order.push(`${name} ends`);
				}),
			),
		);
		await settle();
		await all;
		expect(order).toEqual(['a begins', 'a ends', 'b begins', 'c begins', 'c ends']);
	});

	it('that have begun go on when no more are to begin, at once even where all have to wait', async () => {
		const pace = new Pace(3, undefined, await knownTraffic());
		const done: number[] = [];
		const first = pace.run(async (own) => {
			(await own.enter()).answered(429, { wait: 50 });
			pace.beginNoMore();
			(await own.enter()).answered(200, {});
			done.push(0);
			return 'done';
		});
		const others = [1, 2, 3, 4].map((n) =>
			pace.run(async () => {
				done.push(n);
			}),
		);
		const all = Promise.all([first, ...others]);
		await advance(60);
		expect(await all).toEqual(['done', ...others.map(() => undefined)]);
		expect(done.filter((n) => n > 2)).toEqual([]);
	});
});

describe('waiting', () => {
	it('ends as soon as the run is stopped', async () => {
		const stop = new AbortController();
		const pace = new Pace(3, stop.signal, await knownTraffic());
		await refuse(pace, 60);
		const request = pace.enter();
		const item = pace.run(async () => 'begun');
		stop.abort(new Error('stopped'));
		await expect(request).rejects.toThrow('stopped');
		expect(await item).toBeUndefined();
		await expect(pace.enter()).rejects.toThrow('stopped');
	});

	it('is for all that share the server, and ends with one that asks first', async () => {
		const traffic = await knownTraffic();
		await refuse(new Pace(3, undefined, traffic), 0.05);
		const other = new Pace(3, undefined, traffic);
		const flights: Flight[] = [];
		const requests = [1, 2, 3].map(() => other.enter().then((flight) => flights.push(flight)));
		await advance(50);
		expect(flights).toHaveLength(0);
		await advance(1_000);
		expect(flights).toHaveLength(1);
		flights[0].answered(200, {});
		await Promise.all(requests);
		expect(flights).toHaveLength(3);
	});

	it('of what has stopped is in nobody else’s way', async () => {
		const traffic = await knownTraffic();
		const stop = new AbortController();
		const stopped = new Pace(3, stop.signal, traffic);
		await refuse(stopped, 0.02);
		const gone = stopped.enter();
		stop.abort();
		await expect(gone).rejects.toThrow();
		const other = new Pace(3, undefined, traffic).enter();
		await advance(60);
		(await other).answered(200, {});
	});
});

describe('those that share a server', () => {
	/** Who is let through, one after the other, when all ask for ten each. */
	async function turns(...ranks: Rank[]): Promise<number[]> {
		const traffic = await knownTraffic();
		// Shut until the one that asks is answered: by then all wait.
		const gate = new Pace(1, undefined, traffic);
		await refuse(gate, 0.001);
		const entering = gate.enter();
		await advance(10);
		const asking = await entering;
		const order: number[] = [];
		const all = ranks.flatMap((rank, index) => {
			const pace = new Pace(10, undefined, traffic, rank);
			return Array.from({ length: 10 }, async () => {
				const flight = await pace.enter();
				order.push(index);
				flight.answered(200, {});
			});
		});
		asking.answered(200, {});
		await advance(1_000);
		await Promise.all(all);
		return order;
	}

	it('take turns', async () => {
		expect((await turns('action', 'action')).slice(0, 6)).toEqual([0, 1, 0, 1, 0, 1]);
	});

	it('let actions go before looks, but for one in ten', async () => {
		const order = await turns('look', 'action');
		expect(order.slice(0, 11).filter((index) => index === 0)).toHaveLength(1);
		expect(order.slice(11)).toEqual(Array.from({ length: 9 }, () => 0));
	});
});

describe('what was learned', () => {
	it('is forgotten after an hour without a request', async () => {
		const traffic = await knownTraffic();
		const pace = new Pace(3, undefined, traffic);
		await refuse(pace, 60);
		await advance(3_600_001);
		(await pace.enter()).answered(200, {});
	});
});

describe('a 429', () => {
	it('uses up no retry of an action, however often it comes', async () => {
		const { client, requests } = clientOf(
			(_request, count) => (count <= 5 ? { status: 429, headers: { 'retry-after': '0.001' } } : {}),
			{ pace: new Pace(5) },
		);
		const sending = send(client, getCall({ maxRetries: 1 }));
		await advance(20_000);
		await sending;
		expect(requests).toHaveLength(6);
	});

	it('uses up the retries of a look', async () => {
		const { client, requests } = clientOf(
			() => ({ status: 429, headers: { 'retry-after': '0.001' } }),
			{ pace: new Pace(5, undefined, new Traffic(), 'look') },
		);
		const sending = expect(send(client, getCall({ maxRetries: 1 }))).rejects.toThrow('429');
		await advance(20_000);
		await sending;
		expect(requests).toHaveLength(2);
	});

	it('is told when nothing else has come for five minutes', async () => {
		const { client } = clientOf(() => ({ status: 429, headers: { 'retry-after': '0.001' } }), {
			pace: new Pace(5),
		});
		let failure: unknown;
		send(client, getCall({ maxRetries: 1 })).catch((error: Error) => (failure = error.message));
		await advance(299_000);
		expect(failure).toBeUndefined();
		await advance(61_000);
		expect(failure).toContain('429');
	});
});

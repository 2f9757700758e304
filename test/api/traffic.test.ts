import { Traffic, type Flight, type Lane, type Rank } from '../../nodes/KuvarPay/api/traffic';
import { advance, holdClock } from '../support/timers';

jest.mock('../../nodes/KuvarPay/api/timers', () => jest.requireActual('../support/timers'));
holdClock();

/** What can happen in this turn of the event loop has happened. */
const thisTurn = async () => {
	for (let n = 0; n < 20; n++) await Promise.resolve();
};
const laneOf = (max = 500, rank: Rank = 'action'): Lane => ({
	...{ rank, max, inFlight: 0, refused: 0 },
	waiting: { begun: new Set(), fresh: new Set() },
});

/** Asks for so many, and notes those that may leave. */
function ask(traffic: Traffic, count: number, lane = laneOf(), fresh = false) {
	const flights: Flight[] = [];
	for (let n = 0; n < count; n++)
		traffic.enter(lane, fresh).then(
			(flight) => flights.push(flight),
			() => undefined,
		);
	return flights;
}

/** Traffic to a server that has proved to be fast: many may be in flight, as many were. @param took an answer, in ms */
async function wideTraffic(sent = 300, took = 2): Promise<Traffic> {
	const traffic = new Traffic();
	const flights = ask(traffic, sent);
	for (let answered = 0; answered < sent;) {
		await advance(took);
		for (const flight of flights.slice(answered)) flight.answered(200, {});
		answered = flights.length;
	}
	await advance(1_000);
	return traffic;
}

describe('a turn of the event loop', () => {
	/** Between two turns there is a look at the network: a timer that the first one sets. */
	const nextTurn = async (flights: Flight[]) => {
		const { length } = flights;
		jest.advanceTimersToNextTimer();
		await thisTurn();
		expect(flights).toHaveLength(length);
		jest.advanceTimersToNextTimer();
		await thisTurn();
	};

	it('sees twenty requests leave, and the next one twenty more', async () => {
		const flights = ask(await wideTraffic(), 45);
		await thisTurn();
		expect(flights).toHaveLength(20);
		for (const count of [40, 45]) {
			await nextTurn(flights);
			expect(flights).toHaveLength(count);
		}
		expect(jest.getTimerCount()).toBe(0);
	});

	it.each([
		[40, [5, 10, 15]],
		[60, [6, 13, 21]],
		[110, [12, 25, 39]],
		[190, [20, 40, 45]],
	])(
		'sees a tenth of the %i that have left leave, and five at least: a server that nobody knows may refuse the rest',
		async (sent, counts) => {
			const flights = ask(await wideTraffic(sent, 200), 45);
			await thisTurn();
			expect(flights).toHaveLength(counts[0]);
			for (const count of counts.slice(1)) {
				await nextTurn(flights);
				expect(flights).toHaveLength(count);
			}
		},
	);

	it('sees as many leave as the server takes in 20 ms, where that is known, and fewer at its end', async () => {
		const traffic = await wideTraffic(1_000, 200);
		const before = ask(traffic, 301);
		for (let turn = 0; turn < 16; turn++) {
			await thisTurn();
			jest.advanceTimersToNextTimer();
			jest.advanceTimersToNextTimer();
		}
		await advance(50);
		for (const flight of before.slice(0, 300)) flight.answered(200, {});
		before[300].answered(429, { wait: 1_000 });
		await advance(1_100);
		const asks = ask(traffic, 1);
		await advance(50);
		asks[0].answered(200, {});
		await advance(1_000);
		const flights = ask(traffic, 300);
		await thisTurn();
		const groups = [flights.length];
		for (let turn = 0; flights.length < 300 && turn < 100; turn++) {
			const { length } = flights;
			await nextTurn(flights);
			groups.push(flights.length - length);
		}
		// Of 300 in a second; the last sixty may be more than it takes.
		expect(groups).toEqual([...Array(40).fill(6), ...Array(12).fill(5)]);
	});

	it('has answers make room for the next, which all leave together', async () => {
		const traffic = new Traffic();
		const lane = laneOf(4);
		const flights = ask(traffic, 10, lane);
		await thisTurn();
		for (const flight of flights.slice(0, 3)) flight.answered(200, {});
		await thisTurn();
		expect(flights).toHaveLength(4);
		// One that comes now leaves with them.
		ask(traffic, 1, lane);
		await thisTurn();
		expect(flights).toHaveLength(4);
		await nextTurn(flights);
		expect(flights).toHaveLength(7);
	});

	it('does not keep a request waiting when nothing is in flight', async () => {
		const flights = ask(new Traffic(), 2, laneOf(1));
		await thisTurn();
		flights[0].answered(200, {});
		await thisTurn();
		expect(flights).toHaveLength(2);
	});
});

describe('somebody’s requests', () => {
	it.each([
		['answered', (flight: Flight) => flight.answered(200, {})],
		['refused', (flight: Flight) => flight.answered(404, {})],
		['lost', (flight: Flight) => flight.lost()],
		['not made after all', (flight: Flight) => flight.unused()],
	])('are in flight until they are %s, and no more at once than allowed', async (_how, end) => {
		const lane = laneOf(2);
		const flights = ask(await wideTraffic(), 5, lane);
		for (const [n, count] of [2, 3, 4, 5, 5].entries()) {
			await advance(1_000);
			expect(flights).toHaveLength(count);
			expect(lane.inFlight).toBe(Math.min(2, 5 - n));
			end(flights[n]);
		}
		expect(lane.inFlight).toBe(0);
	});

	it.each([
		['lost', (flight: Flight) => flight.lost()],
		['not made after all', (flight: Flight) => flight.unused()],
	])('that are %s make room for others', async (_how, end) => {
		const flights = ask(new Traffic(), 200);
		for (let n = 0; n < 200 && (await advance(100), flights[n]); n++) end(flights[n]);
		expect(flights).toHaveLength(200);
	});

	it('that a limit has refused are counted, and no others', async () => {
		const lane = laneOf();
		const flights = ask(new Traffic(), 3, lane);
		await advance(10);
		for (const [n, status] of [200, 503, 429].entries()) flights[n].answered(status, {});
		expect(lane.refused).toBe(1);
	});

	it('are without hope when nothing but refusals came for five minutes', async () => {
		const traffic = new Traffic();
		const [flight] = [ask(traffic, 1)];
		await advance(10);
		flight[0].answered(429, {});
		expect(traffic.hopeless).toBe(false);
		await advance(5 * 60_000 - 10);
		expect(traffic.hopeless).toBe(false);
		await advance(20);
		expect(traffic.hopeless).toBe(true);
	});

	it('that go on with what has begun leave before those that begin something', async () => {
		const traffic = await wideTraffic();
		const lane = laneOf(1);
		const [gate] = [ask(traffic, 1, lane)];
		await advance(10);
		const fresh = ask(traffic, 1, lane, true);
		const begun = ask(traffic, 1, lane);
		gate[0].answered(200, {});
		await advance(10);
		expect([begun.length, fresh.length]).toEqual([1, 0]);
		begun[0].answered(200, {});
		await advance(10);
		expect(fresh).toHaveLength(1);
	});

	it('do not stand in the way of others’ when they have to wait', async () => {
		const traffic = await wideTraffic();
		const narrow = laneOf(1);
		const held = ask(traffic, 3, narrow);
		const flights = ask(traffic, 3);
		await advance(10);
		expect([held.length, flights.length]).toEqual([1, 3]);
	});

	it('that nobody waits for any more are not sent', async () => {
		const traffic = await wideTraffic();
		const lane = laneOf(1);
		const [gate] = [ask(traffic, 1, lane)];
		await advance(10);
		const stop = new AbortController();
		const gone = traffic.enter(lane, false, stop.signal);
		const stays = ask(traffic, 1, lane);
		stop.abort(new Error('stopped'));
		await expect(gone).rejects.toThrow('stopped');
		gate[0].answered(200, {});
		await advance(10);
		expect([stays.length, lane.inFlight]).toEqual([1, 1]);
		await expect(traffic.enter(lane, false, stop.signal)).rejects.toThrow('stopped');
		expect(lane.waiting.begun.size + lane.waiting.fresh.size).toBe(0);
	});

	it('that were let through are not taken back when the run is stopped', async () => {
		const traffic = new Traffic();
		const stop = new AbortController();
		const lane = laneOf();
		const flight = await traffic.enter(lane, false, stop.signal);
		stop.abort();
		flight.answered(200, {});
		expect(lane.inFlight).toBe(0);
		expect(ask(traffic, 1, lane)).toEqual([]);
		await advance(10);
	});
});

describe('a server of which nothing is known', () => {
	const unknown = () => {
		const traffic = new Traffic();
		traffic.scout();
		return traffic;
	};

	it('gets one request first, and the others when that has found out how they go', async () => {
		const traffic = unknown();
		const lane = laneOf();
		const flights = ask(traffic, 3, lane, true);
		await advance(100);
		expect([flights.length, traffic.isScouting]).toEqual([1, true]);
		flights[0].answered(401, {});
		// It goes again in another form.
		const [again] = [ask(traffic, 1, lane)];
		await advance(100);
		expect([flights.length, again.length]).toEqual([1, 1]);
		again[0].answered(200, {});
		traffic.scouted();
		await advance(10);
		expect([flights.length, traffic.isScouting]).toEqual([3, false]);
	});

	it('is not waited for longer than two seconds', async () => {
		const flights = ask(unknown(), 3, laneOf(), true);
		await advance(1_999);
		expect(flights).toHaveLength(1);
		await advance(10);
		expect(flights).toHaveLength(3);
	});

	it('gets the next one where the first was not made after all', async () => {
		const flights = ask(unknown(), 3, laneOf(), true);
		await advance(10);
		flights[0].unused();
		await advance(10);
		expect(flights).toHaveLength(2);
	});

	it('is one to which nothing went', async () => {
		const traffic = new Traffic();
		const [flight] = [ask(traffic, 1)];
		await advance(10);
		flight[0].answered(200, {});
		traffic.scout();
		expect(traffic.isScouting).toBe(false);
		expect(ask(traffic, 3, laneOf(), true)).toHaveLength(0);
		await advance(10);
	});
});

describe('looks and actions', () => {
	it('take turns nine to one', async () => {
		const traffic = await wideTraffic();
		const order: Rank[] = [];
		const go = async (rank: Rank) => {
			const lane = laneOf(500, rank);
			for (let n = 0; n < 40; n++)
				void traffic.enter(lane, false).then((flight) => {
					order.push(rank);
					flight.answered(200, {});
				});
		};
		await go('look');
		await go('action');
		await advance(1_000);
		expect(order).toHaveLength(80);
		// In the first turn the looks were there alone.
		const looks = order.flatMap((rank, n) => (rank === 'look' && n >= 20 ? [n] : []));
		expect(looks.slice(1, 4).map((at, n) => at - looks[n])).toEqual([10, 10, 10]);
	});
});

describe('what was learned', () => {
	const refused = async () => {
		const traffic = new Traffic();
		(await traffic.enter(laneOf(), false)).answered(429, { wait: 50 });
		return traffic;
	};

	it('lasts an hour without a request, and no longer', async () => {
		for (const [minutes, isKnown] of [
			[59, true],
			[61, false],
		] as const) {
			const traffic = await refused();
			// One asks first, as long as the refusal is not forgotten.
			await advance(minutes * 60_000);
			const flights = ask(traffic, 3);
			await advance(1_000);
			expect([minutes, flights.length]).toEqual([minutes, isKnown ? 1 : 3]);
		}
	});

	it('lasts an hour from the latest answer on', async () => {
		const traffic = await refused();
		await advance(50 * 60_000);
		const [asks] = [ask(traffic, 1)];
		await advance(50 * 60_000);
		asks[0].answered(429, { wait: 50 });
		await advance(50 * 60_000);
		const flights = ask(traffic, 3);
		await advance(1_000);
		expect(flights).toHaveLength(1);
	});

	it('is hopeless when all was refused for more than five minutes', async () => {
		const traffic = await refused();
		expect(traffic.hopeless).toBe(false);
		await advance(300_000);
		expect(traffic.hopeless).toBe(false);
		await advance(1);
		expect(traffic.hopeless).toBe(true);
		const [flight] = [ask(traffic, 1)];
		await advance(0);
		flight[0].answered(200, {});
		expect(traffic.hopeless).toBe(false);
	});
});

describe('waiting', () => {
	it('ends to the millisecond when the server is expected to be ready', async () => {
		const traffic = new Traffic();
		(await traffic.enter(laneOf(), false)).answered(429, { wait: 1_000 });
		const flights = ask(traffic, 1);
		await advance(1_004);
		expect(flights).toHaveLength(0);
		await advance(1);
		expect(flights).toHaveLength(1);
	});

	it('ends later when a later refusal says so, with one timer for all', async () => {
		const traffic = await wideTraffic();
		const first = ask(traffic, 2);
		await thisTurn();
		first[0].answered(429, { wait: 100 });
		const flights = ask(traffic, 1);
		first[1].answered(429, { wait: 500 });
		ask(traffic, 5);
		expect(jest.getTimerCount()).toBe(1);
		await advance(504);
		expect(flights).toHaveLength(0);
		await advance(1);
		expect(flights).toHaveLength(1);
	});

	it('ends earlier when there is room earlier', async () => {
		const traffic = new Traffic();
		const lane = laneOf();
		// Four leave, and then one each ms.
		const flights = ask(traffic, 6, lane);
		await advance(0);
		expect(flights).toHaveLength(4);
		await advance(1);
		expect(flights).toHaveLength(5);
		flights[0].answered(200, {});
		await advance(1);
		expect(flights).toHaveLength(6);
	});
});

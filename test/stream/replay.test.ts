import { Memory } from '../../nodes/KuvarPay/api/learned';
import { Replay } from '../../nodes/KuvarPay/stream/replay';
import type { Silence } from '../../nodes/KuvarPay/stream/silence';
import { HeldClock, settled } from '../support/clock';

/** A resumed stream from which something is missing. Times in ms. */
function open(repeats = new Memory<true>()) {
	const clock = new HeldClock();
	const replay = new Replay(clock, repeats, 'transaction');
	const stream = { isMissing: true, spokeAt: clock.time, told: 0 };
	const silence = {
		get length() {
			return clock.time - stream.spokeAt;
		},
	} as Silence;
	const closing = new AbortController();
	/** @returns whether the wait is over */
	const wait = () => {
		const state = { isOver: false, failure: undefined as unknown };
		replay
			.wait(
				() => stream.isMissing,
				() => stream.told,
				silence,
				closing.signal,
			)
			.catch((error: unknown) => (state.failure = error))
			.finally(() => (state.isOver = true));
		return state;
	};
	/** Time in which it sends something every second. */
	const speakFor = async (ms: number) => {
		for (const end = clock.time + ms; clock.time < end; stream.spokeAt = clock.time)
			await clock.advance(1_000);
	};
	return { clock, replay, stream, closing, wait, speakFor };
}

describe('a stream that may repeat what was missed', () => {
	it('is not waited for when nothing is missing', async () => {
		const { wait, stream, clock } = open();
		stream.isMissing = false;
		const waiting = wait();
		await settled();
		expect([waiting.isOver, clock.waits]).toEqual([true, []]);
	});

	it('is waited for two seconds when it says nothing', async () => {
		const { wait, clock } = open();
		const waiting = wait();
		await clock.advance(1_999);
		expect(waiting.isOver).toBe(false);
		await clock.advance(1);
		expect(waiting.isOver).toBe(true);
	});

	it('is waited for two seconds more from its last word on', async () => {
		const { wait, clock, stream } = open();
		const waiting = wait();
		await clock.advance(1_500);
		stream.spokeAt = clock.time;
		await clock.advance(1_999);
		expect(waiting.isOver).toBe(false);
		await clock.advance(1);
		expect(waiting.isOver).toBe(true);
	});

	it('is waited for no longer when it has told all', async () => {
		const { wait, clock, stream, speakFor } = open();
		const waiting = wait();
		await speakFor(3_000);
		expect(waiting.isOver).toBe(false);
		stream.isMissing = false;
		await speakFor(2_000);
		expect([waiting.isOver, clock.waits]).toEqual([true, []]);
	});

	it('is waited for 20 seconds at most when it says other things', async () => {
		const { wait, speakFor } = open();
		const waiting = wait();
		await speakFor(19_000);
		expect(waiting.isOver).toBe(false);
		await speakFor(3_000);
		expect(waiting.isOver).toBe(true);
	});

	it('is waited for as long as it goes on with what was missed, a minute at most', async () => {
		const { wait, stream, speakFor } = open();
		const waiting = wait();
		for (let told = 1; told <= 3; told++) {
			await speakFor(18_000);
			stream.told = told;
		}
		expect(waiting.isOver).toBe(false);
		await speakFor(4_000);
		expect(waiting.isOver).toBe(false);
		await speakFor(4_000);
		expect(waiting.isOver).toBe(true);
	});

	it('is waited for ten seconds where another one has repeated what was missed', async () => {
		const repeats = new Memory<true>();
		const first = open(repeats);
		first.wait();
		await first.speakFor(1_000);
		first.stream.isMissing = false;
		await first.speakFor(2_000);
		const { wait, clock } = open(repeats);
		const waiting = wait();
		await clock.advance(9_999);
		expect(waiting.isOver).toBe(false);
		await clock.advance(1);
		expect(waiting.isOver).toBe(true);
		// One that says nothing has repeated nothing.
		const silent = new Memory<true>();
		const other = open(silent);
		other.wait();
		await other.clock.advance(3_000);
		expect(silent.recall('transaction')).toBeUndefined();
	});

	it('is heard first where this process was busy', async () => {
		const { wait, clock, stream } = open();
		const waiting = wait();
		await settled();
		// The timer is due, and so is what has come: Node looks at the network after the timer.
		const pause = clock.pause.bind(clock);
		clock.pause = async (ms, signal) => {
			if (ms === 0) stream.spokeAt = clock.time;
			await pause(ms, signal);
		};
		await clock.advance(2_000);
		expect(waiting.isOver).toBe(false);
		await clock.advance(2_000);
		stream.isMissing = false;
		await clock.advance(2_000);
		expect(waiting.isOver).toBe(true);
	});

	it('is waited for no more when its connection is closed', async () => {
		const { wait, closing, clock } = open();
		const waiting = wait();
		await settled();
		closing.abort(new Error('closed'));
		await settled();
		expect(waiting).toMatchObject({ isOver: true, failure: { message: 'closed' } });
		expect(clock.waits).toEqual([]);
	});
});

describe('a stream that is cut again and again', () => {
	it('gets a minute in all, from when something was first missing', async () => {
		const { replay, wait, clock } = open();
		wait();
		await clock.advance(2_000);
		expect(replay.mayStillCome(false)).toBe(true);
		await clock.advance(57_999);
		expect(replay.mayStillCome(false)).toBe(true);
		expect(wait().isOver).toBe(false);
		await clock.advance(1);
		expect(replay.mayStillCome(false)).toBe(false);
		// From then on nothing is waited for.
		await clock.advance(5_000);
		const waiting = wait();
		await settled();
		expect([waiting.isOver, clock.waits]).toEqual([true, []]);
	});

	it('gets another one after it has caught up', async () => {
		const { replay, wait, clock } = open();
		wait();
		await clock.advance(100_000);
		replay.caughtUp();
		expect(replay.mayStillCome(false)).toBe(true);
		const waiting = wait();
		await settled();
		expect([waiting.isOver, clock.waits]).toEqual([false, [2_000]]);
	});

	it('and is open may not be left for its next connection', () => {
		const { replay } = open();
		expect(replay.mayStillCome(true)).toBe(false);
	});
});

import { Silence, Silences } from '../../nodes/KuvarPay/stream/silence';
import { HeldClock } from '../support/clock';

function open() {
	const clock = new HeldClock();
	const silences = new Silences(clock);
	const tooLong: string[] = [];
	const watch = (name: string, longest = 1_000) => {
		const silence = new Silence(clock);
		const forget = silences.watch(silence, longest, () => tooLong.push(name));
		return Object.assign(silence, { forget });
	};
	return { clock, silences, tooLong, watch };
}

describe('a silence', () => {
	it('that lasts too long is told once, and not before', async () => {
		const { clock, tooLong, watch } = open();
		watch('a');
		await clock.advance(999);
		expect(tooLong).toEqual([]);
		await clock.advance(1);
		expect(tooLong).toEqual(['a']);
		await clock.advance(10_000);
		expect([tooLong, clock.waits]).toEqual([['a'], []]);
	});

	it('begins anew whenever the other end is heard', async () => {
		const { clock, tooLong, watch } = open();
		const silence = watch('a');
		await clock.advance(900);
		silence.end();
		expect(silence.length).toBe(0);
		await clock.advance(999);
		expect([tooLong, silence.length]).toEqual([[], 999]);
		await clock.advance(1);
		expect(tooLong).toEqual(['a']);
	});

	it('that is watched again begins then', async () => {
		const { clock, silences, tooLong, watch } = open();
		const silence = watch('first');
		await clock.advance(600);
		silences.watch(silence, 1_000, () => tooLong.push('second'));
		await clock.advance(999);
		expect(tooLong).toEqual([]);
		await clock.advance(1);
		expect(tooLong).toEqual(['second']);
	});

	it('of the next connection is watched, also where the end of the one before is told late', async () => {
		const { clock, silences, tooLong, watch } = open();
		const silence = watch('first');
		await clock.advance(100);
		silences.watch(silence, 1_000, () => tooLong.push('second'));
		silence.forget();
		await clock.advance(1_000);
		expect(tooLong).toEqual(['second']);
	});

	it('that does not matter any more is not told, and nobody waits for it', async () => {
		const { clock, tooLong, watch } = open();
		const silence = watch('a');
		await clock.advance(500);
		silence.forget();
		await clock.advance(0);
		expect(clock.waits).toEqual([]);
		await clock.advance(5_000);
		expect(tooLong).toEqual([]);
		watch('b');
		await clock.advance(1_000);
		expect(tooLong).toEqual(['b']);
	});

	it('is not too long where a word came in while nobody looked', async () => {
		const { clock, tooLong, watch } = open();
		const silence = watch('a');
		const { pause } = clock;
		// The look at the network that follows a timer finds it.
		clock.pause = async (ms, signal) => {
			if (ms === 0) silence.end();
			await pause.call(clock, ms, signal);
		};
		await clock.advance(1_500);
		expect(tooLong).toEqual([]);
	});
});

describe('many silences', () => {
	it('are told each in its time, by one timer', async () => {
		const { clock, tooLong, watch } = open();
		for (const name of ['a', 'b', 'c']) {
			watch(name);
			await clock.advance(100);
		}
		expect(clock.waits).toEqual([700]);
		await clock.advance(700);
		expect(tooLong).toEqual(['a']);
		await clock.advance(100);
		expect(tooLong).toEqual(['a', 'b']);
		await clock.advance(100);
		expect(tooLong).toEqual(['a', 'b', 'c']);
		expect(clock.waits).toEqual([]);
	});

	it('may be of several lengths: a shorter one need not wait for a longer', async () => {
		const { clock, tooLong, watch } = open();
		watch('long', 10_000);
		await clock.advance(1);
		watch('short', 50);
		await clock.advance(50);
		expect(tooLong).toEqual(['short']);
		await clock.advance(9_949);
		expect(tooLong).toEqual(['short', 'long']);
	});

	it('are watched by one timer also where the last is forgotten and another begins', async () => {
		const { clock, tooLong, watch } = open();
		watch('a').forget();
		watch('b');
		await clock.advance(0);
		expect(clock.waits).toEqual([1_000]);
		await clock.advance(1_000);
		expect([tooLong, clock.waits]).toEqual([['b'], []]);
	});

	it('are looked at a thousand times in the longest at most, however many there are', async () => {
		const { clock, watch } = open();
		let looks = 0;
		const { pause } = clock;
		clock.pause = async (ms, signal) => {
			if (ms > 0) looks += 1;
			await pause.call(clock, ms, signal);
		};
		// Each is heard just before it would have been too long.
		const silences = Array.from({ length: 2_000 }, (_, n) => {
			clock.time += 0.4;
			return watch(String(n));
		});
		await clock.advance(200.2);
		looks = 0;
		for (const silence of silences.slice(0, 250)) {
			silence.end();
			await clock.advance(0.4);
		}
		// In a tenth of the longest.
		expect(looks).toBeGreaterThan(50);
		expect(looks).toBeLessThan(101);
	});
});

// Thousands of streams for minutes, with faults by chance: every change is told once, and memory stays.
import type { Taken, Trigger } from '../../engine';
import type { FaultRule } from '../../simulator';
import { now } from '../lab';
import { goal, kB, many, ms, type Report } from '../report';
import type { Part } from '../runner';
import { open } from '../streams';
import { Chance } from './random';
import { courseOf, trendOf } from './trend';

/** None that keeps an event from ever being told: a dropped one is lost at the server already. */
const FAULTS: FaultRule[] = [
	{ kind: 'status', status: 503, probability: 0.05 },
	{ kind: 'resetBefore', probability: 0.03 },
	{ kind: 'cutMidEvent', probability: 0.002 },
	{ kind: 'duplicateEvents', probability: 0.02 },
	{ kind: 'splitFrames', probability: 0.1 },
	{ kind: 'crlf', probability: 0.1 },
];

/** Pause between two steps, and how many sessions move in each. */
const STEP = { ms: 250, moves: 50 };
const STATUSES = ['PROCESSING', 'PENDING', 'PAYMENT_RECEIVED'];

/**
 * None expires while this runs: the simulator would let those that are pending after 30 minutes, and
 * after its end a session is read now and then, so that of its later states only the newest is told.
 */
const EXPIRES_IN_MS = 24 * 60 * 60_000;

/** Counts each change by session and time of change. */
class Told {
	readonly times = new Map<string, number>();

	async take(trigger: Trigger): Promise<void> {
		this.count(await trigger.drain());
	}

	count(taken: Taken[]): void {
		for (const { items } of taken) {
			const { id, data } = items[0] as { id: string; data: { updatedAt: string } };
			const key = `${id} ${data.updatedAt}`;
			this.times.set(key, (this.times.get(key) ?? 0) + 1);
		}
	}
}

export const streams: Part = async ({ lab, quick, seed, minutes, say }) => {
	const count = quick ? 200 : 5_000;
	const chance = new Chance(seed);
	return await lab.run(
		{ seed, record: false, expiresInMs: EXPIRES_IN_MS },
		async (host, simulator) => {
			const ids = await simulator.ask('sessions', count);
			const trigger = await open(host, simulator, 'KuvarPay Trigger', ids);
			await simulator.ask('streamsOpen', count);
			// One event for each, so that every stream knows where it is: before its first event a stream has
			// no ID to resume from, and of two changes that it misses then REST tells only the second.
			const told = new Told();
			const first = trigger.drain(count);
			await simulator.ask('move', ids, 'PROCESSING');
			told.count(await first);
			// Each comes back once before memory is judged: a stream's first return takes 4 kB, and once.
			await simulator.ask('cut', 1);
			await simulator.ask('streamsOpen', count, 2 * count);
			const { opened: openedBefore } = await simulator.ask('counts');
			await simulator.ask('faults', FAULTS);
			say(`${many(count)} streams, ${minutes} minutes`);

			const heap: Array<[number, number]> = [];
			const begun = now();
			/** A clock that is set back makes the server's times lie: what has an older one counts as told. */
			const startOfTime = Date.now() - now();
			let setBack = 0;
			let cuts = 0;
			let nextCut = 5_000;
			let nextSample = 0;
			for (let elapsed = 0; elapsed < minutes * 60_000; elapsed = now() - begun) {
				const moved = Array.from({ length: quick ? 5 : STEP.moves }, () => chance.one(ids));
				await simulator.ask('move', moved, chance.one(STATUSES));
				if (elapsed > nextCut) {
					await simulator.ask('cut', 0.02 + 0.2 * chance.next());
					cuts += 1;
					nextCut = elapsed + 10_000 + chance.below(20_000);
				}
				if (elapsed > nextSample) {
					await told.take(trigger);
					heap.push([elapsed / 60_000, (await host.openHandles()).heapUsed]);
					nextSample = elapsed + (quick ? 1_000 : 10_000);
				}
				await new Promise((resolve) => setTimeout(resolve, STEP.ms));
				setBack = Math.max(setBack, startOfTime - (Date.now() - now()));
			}

			await simulator.ask('faults', []);
			const settled = now();
			const changes = await simulator.ask('changes', ids);
			const missing = () => changes.filter((key) => !told.times.has(key));
			while (now() - settled < 120_000 && missing().length > 0) {
				await new Promise((resolve) => setTimeout(resolve, 1_000));
				await told.take(trigger);
			}
			const { opened } = await simulator.ask('counts');
			await trigger.close();
			await told.take(trigger).catch(() => undefined);

			for (const key of missing().slice(0, 5)) say(`lost: ${key}`);
			const lost = missing().length;
			const known = new Set(changes);
			const repeated = [...told.times.values()].reduce((sum, times) => sum + times - 1, 0);
			const invented = [...told.times.keys()].filter((key) => !known.has(key)).length;
			// In the first fifth code is compiled.
			const later = heap.filter(([minute]) => minute >= minutes / 5);
			const { slope, error, mean } = trendOf(later);
			const growth = slope * minutes * 0.8;
			const course = courseOf(heap, 10).map((bytes) => (bytes / 1e6).toFixed(1));
			const flat = growth <= 0.02 * mean || slope <= 2 * error;
			const report: Report = {
				title: `Streams under fire, seed ${seed}: ${many(count)} streams, ${minutes} minutes`,
				head: [
					'changes',
					'told',
					'lost',
					'repeated',
					'invented',
					'cuts',
					'reconnects',
					'heap',
					'slope',
				],
				rows: [
					[
						many(changes.length),
						many(told.times.size),
						many(lost),
						many(repeated),
						many(invented),
						many(cuts),
						many(opened - openedBefore),
						kB(mean),
						`${kB(slope)} ± ${kB(error)} a minute`,
					],
				],
				notes: [
					`Heap in each tenth of the time, in MB: ${course.join(', ')}.`,
					`Everything was told ${ms(now() - settled)} after the faults ended. Each cut takes 2 to 22 % of the streams at once.`,
					`The machine's clock was set back by ${ms(setBack)} at most.`,
				],
				goals: [
					goal('lost 0', lost === 0, many(lost)),
					goal('repeated 0', repeated === 0 && invented === 0, many(repeated + invented)),
					goal(
						'memory flat (2 % of the heap, or within noise)',
						flat,
						`${kB(growth)} of ${kB(mean)}`,
					),
				],
			};
			return [report];
		},
	);
};

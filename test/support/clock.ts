import { onAbort } from '../../nodes/KuvarPay/api/timers';
import type { Clock } from '../../nodes/KuvarPay/stream/clock';

/** How many waiters may end in one moment: with more it goes round in circles. */
const MOST_AT_ONCE = 500;

/** A clock that stands still until it is moved. */
export class HeldClock implements Clock {
	#waiting = new Set<{ at: number; resolve: () => void }>();

	constructor(public time = Date.parse('2026-11-21T12:00:00Z')) {}

	now(): number {
		return this.time;
	}

	ticks(): number {
		return this.time;
	}

	random(): number {
		return 0.5;
	}

	async pause(ms: number, signal?: AbortSignal): Promise<void> {
		signal?.throwIfAborted();
		await new Promise<void>((resolve, reject) => {
			const waiter = { at: this.time + ms, resolve };
			this.#waiting.add(waiter);
			const forget =
				signal &&
				onAbort(signal, () => {
					this.#waiting.delete(waiter);
					reject(signal.reason);
				});
			waiter.resolve = () => {
				forget?.();
				resolve();
			};
		});
	}

	/** Until when somebody waits, in ms from now; the nearest first. */
	get waits(): number[] {
		return [...this.#waiting].map(({ at }) => at - this.time).sort((one, other) => one - other);
	}

	/** Lets time go on, from one waiter to the next. */
	async advance(ms: number): Promise<void> {
		const end = this.time + ms;
		for (let still = 0; ;) {
			await settled();
			const [next] = [...this.#waiting].sort((one, other) => one.at - other.at);
			if (!next || next.at > end) break;
			still = next.at > this.time ? 0 : still + 1;
			if (still > MOST_AT_ONCE) throw new Error('It waits again and again, and for nothing');
			this.time = Math.max(this.time, next.at);
			this.#waiting.delete(next);
			next.resolve();
		}
		this.time = end;
		await settled();
	}
}

/** Everything that can happen without time has happened. */
export async function settled(turns = 20): Promise<void> {
	for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

import type { Told } from './told';

/** What a server lets through: at most so many requests in any time as long as the window. */
export interface Known {
	count: number;
	/** In ms. */
	window: number;
}

/** Windows that servers use, in ms; also when to look again where a server does not say when. */
const WINDOWS = [
	100, 250, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 300_000, 3_600_000,
];

/** Longest time that nothing is sent, in ms. */
const LONGEST = 60_000;

/** What is added to every wait, in ms: clocks and timers are that far apart. */
const SLACK = 5;

/** Most answers that are remembered. */
const MOST = 20_000;

/** After so many full windows without a refusal more is tried; each failure doubles it. */
const CALM = 2;
const LONGEST_CALM = 1280;

/** By which factor more is tried at first. */
const FIRST_RAISE = 1.02;

/**
 * What a server lets through, learned from its refusals (429). No clock of its own: every call says
 * when it is made, in ms.
 *
 * A limit is kept as a count in a sliding window, which fits whatever the server does: a window by
 * the clock, one that begins with the first request, or a bucket that fills again (its size, in the
 * time that it takes to fill). After a refusal nothing is sent until the server is expected to be
 * ready; then one request asks, and when it gets through the others follow.
 */
export class Limit {
	#known?: Known;
	/** When those that got through reached the server, as late as it can have been; rising. */
	#passed: number[] = [];
	#first = 0;
	#pending = 0;
	/** Shortest time that an answer took. */
	#fastest = Infinity;
	/** Since when the server refuses, while it does. */
	#shut?: { at: number; until: number; step: number; told?: number; asking: boolean };
	/** How many more the server said that it takes, and until when that holds. */
	#left?: { count: number; asOf: number; until: number };
	/** When the latest refusals began, and how many got through since. */
	#refusals?: { at: number; passed: number };
	/** The limit that held, while more than that is tried. */
	#raise?: number;
	/** Windows that were used to the full without a refusal, and after how many more is tried. */
	#calm = { full: 0, at: 0, windows: CALM, factor: FIRST_RAISE };

	get known(): Known | undefined {
		return this.#known;
	}

	/** Since when the server has refused all. */
	get refusingSince(): number | undefined {
		return this.#shut?.at;
	}

	/** When the next request may be sent: a time, or Infinity while only an answer can tell. */
	next(now: number): number {
		if (this.#shut) return this.#shut.asking ? Infinity : this.#shut.until;
		if (this.#left && this.#left.count <= 0 && now < this.#left.until) return this.#left.until;
		if (!this.#known) return now;
		const { count, window } = this.#known;
		this.#forget(now - window - SLACK);
		const used = this.#passed.length - this.#first;
		if (used + this.#pending < count) return now;
		if (now - this.#calm.at >= window) {
			this.#calm.at = now;
			this.#calm.full += 1;
		}
		return used > 0 ? this.#passed[this.#first] + window + SLACK : Infinity;
	}

	sent(): void {
		this.#pending += 1;
		if (this.#left) this.#left.count -= 1;
		if (this.#shut) this.#shut.asking = true;
	}

	/** What was to be sent was not. */
	unsent(): void {
		this.#pending -= 1;
		if (this.#left) this.#left.count += 1;
		if (this.#shut) this.#shut.asking = false;
	}

	/** No answer came, so nothing is known of the limit. */
	lost(now: number, sentAt: number): void {
		this.#pending -= 1;
		if (this.#shut && sentAt >= this.#shut.at) this.#shut.asking = false;
		this.#passed.push(now);
	}

	/** The limit let a request through, whatever the answer was. */
	passed(now: number, sentAt: number, told: Told): void {
		this.#pending -= 1;
		this.#fastest = Math.min(this.#fastest, now - sentAt);
		if (this.#shut && sentAt >= this.#shut.at) this.#open(now);
		this.#passed.push(Math.max(this.#passed.at(-1) ?? 0, now - this.#fastest));
		if (this.#passed.length - this.#first > MOST) this.#first += 1;
		if (this.#refusals) this.#refusals.passed += 1;
		this.#hear(now, sentAt, told);
		if (this.#calm.full > this.#calm.windows) this.#try();
	}

	refused(now: number, sentAt: number, told: Told): void {
		this.#pending -= 1;
		const wait = told.wait ?? told.reset;
		if (!this.#shut) {
			this.#shut = { at: now, until: now, step: 0, told: wait, asking: false };
			this.#correct(sentAt);
		} else if (sentAt >= this.#shut.at) {
			// The one that asked. Where the server was wrong, the next wait is longer in any case.
			this.#shut.asking = false;
			this.#shut.step += 1;
		}
		const { at, step } = this.#shut;
		const stepEnds = at + WINDOWS[Math.min(step, WINDOWS.length - 1)];
		// Told nothing, we look again soon; told something, only when that has proved wrong.
		const asked = wait ? Math.max(now + wait, step > 0 ? stepEnds : 0) : stepEnds;
		this.#shut.until = Math.max(
			this.#shut.until,
			Math.min(Math.max(asked, now), now + LONGEST) + SLACK,
		);
	}

	/** Takes what the server says is left, so that not even the first refusal is needed. */
	#hear(now: number, sentAt: number, { remaining, reset }: Told): void {
		if (remaining === undefined || reset === undefined) return;
		if (this.#left && sentAt < this.#left.asOf) return;
		this.#left = {
			count: remaining - this.#pending,
			asOf: sentAt,
			until: now + Math.min(reset, LONGEST) + SLACK,
		};
	}

	/** Refused although what is known was kept: it is less, or counted over a longer time. */
	#correct(sentAt: number): void {
		const { count, window } = this.#known ?? { count: 0, window: 0 };
		const span = sentAt - (this.#refusals?.at ?? -Infinity);
		// In a long span it may have been quiet for a while.
		const rate = span < 10 * Math.max(window, 1000) ? this.#refusals!.passed / span : 0;
		this.#refusals = { at: sentAt, passed: 0 };
		this.#calm.full = 0;
		if (!this.#known) return;
		if (this.#raise) {
			this.#known.count = this.#raise;
			this.#raise = undefined;
			this.#calm.windows = Math.min(this.#calm.windows * 2, LONGEST_CALM);
			this.#calm.factor = FIRST_RAISE;
			return;
		}
		// What got through in a window, or would have at the rate since the last refusal.
		const fits = Math.max(this.#within(sentAt - window), Math.round(rate * window));
		if (fits >= count / 2 || rate === 0)
			this.#known.count = Math.max(
				1,
				fits < count ? Math.max(fits, Math.floor(count / 2)) : Math.floor(count * 0.9),
			);
		else
			this.#known.window =
				WINDOWS.find((size) => size > window && size > (0.9 * count) / rate) ?? window;
	}

	/** The server takes requests again. */
	#open(now: number): void {
		const { at, step, told } = this.#shut!;
		this.#shut = undefined;
		// The wait is over, so the window is no longer than it was.
		const waited = now - at;
		const window =
			WINDOWS.find((size) => size >= (step === 0 && told ? told : waited) * 0.9) ?? waited;
		this.#known ??= { count: Math.max(1, this.#within(at - window)), window };
	}

	/** How many got through since a moment. */
	#within(from: number): number {
		let at = this.#passed.length;
		while (at > this.#first && this.#passed[at - 1] > from) at -= 1;
		return this.#passed.length - at;
	}

	/** All has gone well for long: perhaps the server takes more. Each step that holds doubles. */
	#try(): void {
		const { count } = this.#known!;
		if (this.#raise) this.#calm.factor = Math.min(1 + (this.#calm.factor - 1) * 2, 1.5);
		this.#raise = count;
		this.#known!.count = Math.max(count + 1, Math.floor(count * this.#calm.factor));
		this.#calm.full = 0;
	}

	#forget(before: number): void {
		while (this.#first < this.#passed.length && this.#passed[this.#first] <= before)
			this.#first += 1;
		if (this.#first > 1000 && this.#first * 2 > this.#passed.length) {
			this.#passed = this.#passed.slice(this.#first);
			this.#first = 0;
		}
	}
}

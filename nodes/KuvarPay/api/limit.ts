import { Bucket } from './bucket';
import { Care, type Use } from './care';
import { Passes } from './passes';
import { Raise, type Known } from './raise';
import { LONGEST, SLACK, Shut, WINDOWS } from './shut';
import { Strays } from './strays';

/** What an answer says about the server's limit; nothing of it is sure to be there. */
export interface Told {
	/** When to come again, in ms from now. */
	wait?: number;
	/** How many more requests will be taken. */
	remaining?: number;
	/** When there will be more again, in ms from now. */
	reset?: number;
}

interface Opened {
	at: number;
	passed: number;
}

/** What is added to a window that is known, in ms: a timer may end a little early. */
const APART = 2;

/** After so long without a request, and two windows, what went before tells nothing of a rate; in ms. */
const QUIET = 1000;

/** Fewer than this do not make a limit: somebody else may have used it up. Twice they do. */
const FEW = 5;

/** Refused when less than this part of it was used, somebody else has used the rest. */
const OURS = 0.9;

/** Refused when so little of it was used, it counts over another time than was thought. */
const isLittle = (used: number, count: number) => used < count / 2;

/** How many more than a bucket can hold show that it is none. */
const tooMany = (count: number) => 2 + count / 50;

/** Shortest window that is thought of at first, where a server says nothing; in ms. */
const USUAL = 1000;

/**
 * What a server lets through, learned from its refusals (429). No clock of its own: every call says
 * when it is made, in ms.
 *
 * A limit is kept as a count in a sliding window, which fits a window by the clock and one that begins
 * with the first request; or as a {@link Bucket}. After a refusal nothing is sent until the server is
 * expected to be ready; then one request asks, and when it gets through the others follow.
 */
export class Limit {
	#known?: Known;
	/** When those that got through reached the server, as late as it can have been. */
	readonly #passed = new Passes();
	/** Since when they count in a window that is known, as of the latest look. */
	#countsFrom = -Infinity;
	#pending = 0;
	#sentAt = -Infinity;
	/** Shortest time that an answer took. */
	#fastest = Infinity;
	/** Since when the server refuses, while it does. */
	#shut?: Shut;
	/** How many more the server said that it takes, and until when that holds. */
	#left?: { count: number; asOf: number; until: number };
	/** When the server took requests again after refusals, and how many got through since. */
	#opened?: Opened;
	readonly #raise = new Raise();
	readonly #care = new Care();
	#bucket = new Bucket(0);
	/** Of the window that refused: what was used of it, as far as is known, and what was thought that it takes. */
	#refusedIn?: { used: number; count: number };
	/** It may be a window that had ended by chance when it was asked. */
	#isBucketDoubtful = false;
	readonly #strays = new Strays();

	get known(): Known | undefined {
		return this.#known;
	}

	/** How many more a window that is known takes, as far as has been counted. */
	get room(): number {
		if (!this.#known || this.#known.fills) return Infinity;
		return this.#known.count - this.#passed.since(this.#countsFrom) - this.#pending;
	}

	/** Since when the server has refused all. */
	get refusingSince(): number | undefined {
		return this.#shut?.at;
	}

	/** When the next request may be sent: a time, or Infinity while only an answer can tell. */
	next(now: number): number {
		if (this.#shut) return this.#shut.asking ? Infinity : this.#shut.until;
		if (this.#left && this.#left.count <= 0 && now < this.#left.until) return this.#left.until;
		if (!this.#known) {
			const useIn = (window: number) =>
				this.#use(this.#opened?.passed ?? this.#passed.since(now - window));
			return this.#care.isSuspect(useIn) ? Infinity : now;
		}
		const { count, window, fills } = this.#known;
		this.#countsFrom = now - window - APART;
		this.#passed.forget(Math.min(this.#countsFrom, now - LONGEST));
		if (fills) {
			const over = this.#isBucketDoubtful ? tooMany(count) : 0;
			const at = this.#bucket.holds(this.#pending + 1 - over, now, this.#known);
			if (at > now) this.#raise.noteFull(now, window);
			return at;
		}
		const used = this.#passed.since(this.#countsFrom);
		if (this.#care.isRisky(this.#known, this.#use(used))) return Infinity;
		if (used + this.#pending < count) return now;
		this.#raise.noteFull(now, window);
		return used > 0 ? this.#passed.firstOf(used)! + window + APART : Infinity;
	}

	sent(now: number): void {
		// After a quiet time the server's window has ended, or its bucket has filled, unseen.
		const quiet = Math.max(QUIET, 2 * (this.#known?.window ?? 0));
		if (!this.#shut && now - this.#sentAt > quiet) this.#opened = undefined;
		this.#sentAt = now;
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
		if (this.#shut?.asks(sentAt)) this.#shut.asking = false;
		this.#take(now);
	}

	/** One got through, or may have, at a time. */
	#take(at: number): void {
		this.#passed.add(at);
		if (!this.#known?.fills) return;
		this.#bucket.take(at, this.#known);
		const { count } = this.#known;
		if (!this.#isBucketDoubtful || this.#bucket.level(at, this.#known) > 1 - tooMany(count)) return;
		this.#isBucketDoubtful = false;
		this.#known = undefined;
	}

	/** The limit let a request through, whatever the answer was. */
	passed(now: number, sentAt: number, told: Told): void {
		this.#pending -= 1;
		this.#strays.passed();
		this.#fastest = Math.min(this.#fastest, now - sentAt);
		if (this.#shut?.asks(sentAt)) this.#open(this.#shut, sentAt);
		else this.#shut?.passed(sentAt, this.#apart);
		this.#take(Math.max(this.#passed.latest ?? 0, now - this.#fastest));
		if (this.#opened) this.#opened.passed += 1;
		this.#hear(now, sentAt, told);
		if (!this.#known) return;
		const more = this.#raise.more(this.#known);
		if (more !== this.#known) this.#care.trust(this.#known.count);
		this.#known = more;
	}

	refused(now: number, sentAt: number, told: Told): void {
		this.#pending -= 1;
		const wait = told.wait ?? told.reset ?? 0;
		this.#strays.refused(!this.#shut);
		if (!this.#shut) {
			this.#shut = new Shut(now, sentAt, wait);
			if (this.#isBucketDoubtful) this.#bucket = new Bucket(now);
			else this.#correct(sentAt, wait > 0);
			this.#isBucketDoubtful = false;
			if (!wait) this.#shut.until = this.#windowEnds(now);
		} else if (this.#shut.asks(sentAt)) {
			this.#shut.inVain(now);
			if (this.#known && this.#isUnused(sentAt, this.#known)) this.#unlearn(sentAt, this.#known);
		} else this.#correctAgain(sentAt);
		this.#shut.refused(now, sentAt, wait);
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

	/** Refused although what is known was kept. */
	#correct(sentAt: number, isTold: boolean): void {
		const held = this.#raise.refused(this.#known, isTold);
		this.#refusedIn = undefined;
		if (this.#strays.inVain) this.#known = this.#opened = undefined;
		if (!this.#known) return;
		const { count, window, fills } = this.#known;
		this.#care.trust(held ? held.count : 0);
		if (held) this.#known = held;
		else if (this.#isUnused(sentAt, this.#known)) this.#unlearn(sentAt, this.#known);
		else if (fills) {
			// Refused long before it should be empty it holds less; else it fills more slowly.
			const left = Math.max(0, Math.floor(this.#bucket.level(sentAt, this.#known)) - 1);
			const part = 1 - left / count;
			this.#known =
				part < 1
					? { count: Math.round(count * part), window: window * part, fills }
					: this.#raise.less(this.#known);
		} else {
			const used = this.#usedAt(sentAt, window);
			this.#refusedIn = { used, count };
			if (used < count * OURS) this.#raise.again();
			this.#known = used < count ? { count: used, window } : this.#raise.less(this.#known);
		}
		this.#bucket = new Bucket(sentAt);
	}

	/** One that was on its way, and counted as used, was refused too. */
	#correctAgain(sentAt: number): void {
		const window = this.#refusedIn;
		if (!window || !this.#known || this.#known.fills) return;
		window.used -= 1;
		if (isLittle(window.used, window.count)) this.#unlearn(sentAt, this.#known);
		else this.#known = { ...this.#known, count: Math.min(this.#known.count, window.used) };
	}

	#use(used: number): Use {
		return { used, pending: this.#pending, fastest: this.#fastest };
	}

	/** Whether hardly anything had been sent when it refused. */
	#isUnused(sentAt: number, { count, window }: Known): boolean {
		return isLittle(this.#usedAt(sentAt, window), count);
	}

	/** How many of a window were used when one left, with those on their way: a refusal may overtake them. */
	#usedAt(sentAt: number, window: number): number {
		return this.#passed.since(sentAt - window) + this.#pending;
	}

	/** That is learned anew, also from what has got through since it last opened, if that is not long ago. */
	#unlearn(sentAt: number, { window }: Known): void {
		this.#known = undefined;
		this.#raise.again();
		if (this.#opened && sentAt - this.#opened.at > 2 * window) this.#opened = undefined;
	}

	/** How much later of two requests the one must have left that surely reached the server later, in ms. */
	get #apart(): number {
		return Math.max(APART, this.#fastest / 4);
	}

	/** When a window that is known lets the next one through. */
	#windowEnds(now: number): number {
		if (!this.#known || this.#known.fills) return now;
		const { window } = this.#known;
		const oldest = this.#passed.firstOf(this.#passed.since(now - window)) ?? now - window - APART;
		return oldest + window + APART;
	}

	/** The server takes requests again, the first of which left at a time. */
	#open(shut: Shut, sentAt: number): void {
		const { at, refusedAt, isAsked, believed, fills } = shut;
		const before = this.#opened;
		this.#shut = undefined;
		this.#opened = { at: sentAt, passed: 0 };
		// Whatever it was thought to be. Told nothing, a small window that begins anew looks the same.
		if (fills && believed && !this.#known?.fills) this.#known = undefined;
		if (this.#known || this.#strays.inVain) return;
		if (before && !believed) {
			this.#care.trust(0);
			this.#known = this.#windowOf(before, sentAt, isAsked ? refusedAt : undefined);
			this.#bucket = new Bucket(at);
			return;
		}
		// Most windows are a second, and most buckets hold what flows in in one.
		const least = believed ? believed * 0.9 : Math.max(USUAL, refusedAt - at + 1);
		const window = WINDOWS.find((size) => size >= least) ?? least;
		const count = this.#passed.since((isAsked ? refusedAt : at) - window);
		if (!before && count < FEW) return;
		this.#known = { count: Math.max(1, count), window };
		this.#care.suspect(this.#known);
		// One that has ended since the first refusal may have begun at any time before it ended.
		this.#care.trust(this.#passed.since(sentAt - window));
		if ((believed && !fills) || isAsked) return;
		// It filled again while it was being emptied.
		const took = at - (this.#passed.firstOf(count) ?? at);
		const size = Math.max(1, Math.round(count / (1 + took / window)));
		this.#known = { count: size, window, fills: true };
		this.#bucket = new Bucket(at);
		this.#isBucketDoubtful = !believed;
	}

	/**
	 * From one opening to the next it let through what it lets through in a window, which ended
	 * between the last refusal and the second opening. One that took the first that asked takes a few
	 * at any time: a bucket that fills again.
	 */
	#windowOf(before: Opened, opened: number, refusedAt?: number): Known {
		const span = opened - before.at;
		if (refusedAt === undefined) return { count: before.passed, window: span, fills: true };
		const window = WINDOWS.find((size) => size > refusedAt - before.at && size <= span) ?? span;
		return { count: before.passed, window };
	}
}

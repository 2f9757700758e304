import { Limit, type Told } from './limit';
import { Width } from './width';

/**
 * When the next request to a server may leave: how many are in flight ({@link Width}) and what the
 * server lets through ({@link Limit}). No clock of its own: every call says when it is made, in ms.
 */
export class Tempo {
	readonly limit = new Limit();
	readonly width = new Width();
	#inFlight = 0;

	get inFlight(): number {
		return this.#inFlight;
	}

	/** When the next request may leave: a time, or Infinity while only an answer can tell. */
	next(now: number): number {
		const at = this.limit.next(now);
		if (at > now) {
			this.width.idle(now);
			return at;
		}
		return this.#inFlight < this.width.at(now) ? now : this.width.wake(now);
	}

	sent(now: number): void {
		if (this.#inFlight === 0) this.width.begin(now);
		this.#inFlight += 1;
		this.limit.sent(now);
	}

	/** What was to be sent was not. */
	unsent(): void {
		this.#inFlight -= 1;
		this.limit.unsent();
	}

	/** An answer came. @param now when @param sentAt when its request left */
	answered(now: number, sentAt: number, status: number, told: Told): void {
		const inFlight = this.#inFlight--;
		if (status === 429) {
			this.width.refused(now);
			this.limit.refused(now, sentAt, told);
			return;
		}
		this.limit.passed(now, sentAt, told);
		if (OVERLOADED.has(status)) this.width.lost(now, sentAt);
		else this.width.answer(now, sentAt, inFlight);
	}

	/** No answer came. */
	lost(now: number, sentAt: number): void {
		this.#inFlight -= 1;
		this.limit.lost(now, sentAt);
		this.width.lost(now, sentAt);
	}

	/** Nobody waits although there is room. */
	idle(now: number): void {
		this.width.idle(now);
	}
}

/** Statuses that say that it is too much at the moment. */
const OVERLOADED = new Set([502, 503, 504]);

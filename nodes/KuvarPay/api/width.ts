/** Most requests in flight, whatever the server takes. */
export const WIDEST = 500;

/** In flight at least, and before the first answer at most. */
const NARROWEST = 4;
const START = 64;

/** How fast the first requests of all leave: so many each ms. */
const START_RATE = 1;
const MOST_AT_ONCE = 2;

/** An answer is slow when it takes so much longer than the fastest: by a factor, and by so many ms. */
const SLOW = { factor: 1.5, ms: 2 };

/**
 * What each answer that is not slow adds, while the width is sought: the more the longer it took,
 * as with long ways there are few rounds. One for so many ms, for fewer as long as no more are in
 * flight than may be before the first answer; and at least and at most so much.
 */
const STEP = { each: 50, eachAtFirst: 10, least: 1, most: 3 };

/** Fewest answers of a round: so many, and such a share of what is in flight; and its shortest time in ms. */
const ROUND = { answers: 30, share: 1 / 2, ms: 20 };

/** How many more and fewer in flight are tried. */
const TRIAL = { wider: 1.5, narrower: 0.7 };

/** More in flight must bring so much more, and fewer so little less. */
const WORTH = { wider: 1.08, narrower: 0.97 };

/** Rounds between two trials: at first, and at most. */
const REST = { first: 2, most: 16 };

/**
 * How many requests may be in flight, found out by trying. No clock of its own: every call says when
 * it is made, in ms.
 *
 * It begins gently, and each answer that comes as fast as the fastest makes room for more. When they
 * become slower, more in flight may still bring more answers in a second, or fewer: so from then on
 * fewer and more are tried in turn, and what brings more is kept; of two that bring the same
 * the smaller. What a width brings follows from how many are in flight and how long their
 * answers take (Little's law), and not from how many come in a while: they come in bursts.
 */
export class Width {
	#width = NARROWEST;
	/** How many may be in flight as long as no answer has come, and since when. */
	#start?: { at: number; width: number };
	#fastest = Infinity;
	#slow = 0;
	#seeking = true;
	/** The most that were in flight while the width was sought. */
	#most = 0;
	/** What is counted at present; it began when the width last changed. */
	#round = roundFrom(0);
	/** The width that held so far, and what it brought: answers each ms. While another is tried. */
	#trial?: { width: number; rate: number };
	#rest = { rounds: 0, next: REST.first, wider: false };
	#lostAt = -Infinity;

	/** How many may be in flight now. */
	at(now: number): number {
		if (!this.#start) return Math.floor(this.#width);
		const passed = Math.floor((now - this.#start.at) * START_RATE);
		if (passed > 0) {
			// Where we were held up ourselves, the answers that came meanwhile are to be read first.
			const more = Math.min(passed, MOST_AT_ONCE);
			this.#start = { at: now, width: Math.min(START, this.#start.width + more) };
		}
		return Math.floor(Math.max(this.#width, this.#start.width));
	}

	/** When there is room by the passing of time alone. */
	wake(now: number): number {
		return !this.#start || this.at(now) >= START ? Infinity : now + 1 / START_RATE;
	}

	/**
	 * The first request after a pause leaves: until the first answer more follow by and by. Where it
	 * is known how long an answer takes, as many leave at once as would have followed until then.
	 */
	begin(now: number): void {
		if (!this.#seeking) return;
		const known = this.#fastest === Infinity ? 0 : this.#fastest * START_RATE;
		this.#start = { at: now, width: Math.min(START, Math.max(NARROWEST, known)) };
	}

	/** Room is left over, so that what is sent from now on says nothing of the width. */
	idle(now: number): void {
		this.#round.until = Math.min(this.#round.until, now);
	}

	/** @param inFlight how many were, with this one */
	answer(now: number, sentAt: number, inFlight: number): void {
		if (this.#start) {
			this.#width = this.at(now);
			this.#start = undefined;
		}
		const took = now - sentAt;
		this.#fastest = Math.min(this.#fastest, took);
		if (this.#seeking) this.#seek(now, took, inFlight);
		else this.#count(now, sentAt, inFlight);
	}

	/** The server refused by its limit: then the limit decides, and nothing is sought. */
	refused(now: number): void {
		if (this.#seeking) this.#settle(now);
		this.idle(now);
	}

	/** No answer, or one that tells of overload. Those of one burst count once. */
	lost(now: number, sentAt: number): void {
		if (sentAt < this.#lostAt) return;
		this.#lostAt = now;
		// A few that fail are chance; where many were in flight, they were too many.
		if (this.#width > START) this.#seeking = false;
		this.#set(now, this.#width * 0.7);
		this.#trial = undefined;
	}

	#seek(now: number, took: number, inFlight: number): void {
		this.#most = Math.max(this.#most, inFlight);
		if (took > this.#fastest * SLOW.factor + SLOW.ms) this.#slow += 1;
		else {
			this.#slow = Math.max(0, this.#slow - 1);
			if (this.#round.until === Infinity) this.#widen(took);
			this.#round.until = Infinity;
		}
		if (this.#slow >= Math.max(4, this.#width / 8)) this.#settle(now);
	}

	/** No further than all that were in flight can have made room for: an answer tells of no more than that. */
	#widen(took: number): void {
		const step = stepFor(took, this.#width);
		const widest = Math.min(WIDEST, this.#most * (1 + step));
		this.#width = Math.max(this.#width, Math.min(widest, this.#width + step));
	}

	#settle(now: number): void {
		this.#seeking = false;
		this.#set(now, this.#width);
	}

	#set(now: number, width: number): void {
		this.#width = Math.max(NARROWEST, Math.min(WIDEST, width));
		this.#round = roundFrom(now);
	}

	/** Counts the answers to what left when this many were in flight. */
	#count(now: number, sentAt: number, inFlight: number): void {
		const round = this.#round;
		if (sentAt > round.until) return this.#set(now, this.#width);
		if (sentAt < round.from) return;
		// By the first answer to what was sent with the new width, so many are in flight.
		round.begun ??= now;
		if (sentAt < round.begun) return;
		round.answers += 1;
		round.took += now - sentAt;
		round.inFlight += inFlight;
		round.most = Math.max(round.most, inFlight);
		const fewest = Math.max(ROUND.answers, this.#width * ROUND.share);
		if (round.answers < fewest || now - round.begun < ROUND.ms) return;
		this.#judge(now, round.inFlight / round.took);
	}

	#judge(now: number, rate: number): void {
		const rest = this.#rest;
		if (this.#trial) {
			const wider = this.#width > this.#trial.width;
			// Room that nobody uses tells nothing.
			const isTried = !wider || this.#round.most > this.#trial.width;
			const kept = isTried && rate >= this.#trial.rate * (wider ? WORTH.wider : WORTH.narrower);
			if (!kept) {
				this.#set(now, this.#trial.width);
				this.#trial = undefined;
				rest.wider = !rest.wider;
				rest.rounds = rest.next;
				rest.next = Math.min(REST.most, rest.next * 2);
				return;
			}
			rest.next = REST.first;
		} else if (rest.rounds > 0) {
			rest.rounds -= 1;
			this.#set(now, this.#width);
			return;
		}
		this.#trial = { width: this.#width, rate };
		this.#set(now, this.#width * (rest.wider ? TRIAL.wider : TRIAL.narrower));
		if (this.#width === this.#trial.width) {
			rest.wider = !rest.wider;
			this.#trial = undefined;
		}
	}
}

function stepFor(took: number, width: number): number {
	const each = width < START ? STEP.eachAtFirst : STEP.each;
	return Math.min(STEP.most, Math.max(STEP.least, took / each));
}

const roundFrom = (from: number) => ({
	from,
	/** When room was left over. */
	until: Infinity,
	begun: undefined as number | undefined,
	answers: 0,
	/** Of all of them together: ms, and how many were in flight. */
	took: 0,
	inFlight: 0,
	/** The most at once. */
	most: 0,
});

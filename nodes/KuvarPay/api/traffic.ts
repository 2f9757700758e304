import type { Told } from './limit';
import { Tempo } from './tempo';
import { clearTimeout, onAbort, setTimeout } from './timers';

/** Who waits first: what a workflow does, or what a trigger and an editor look at. */
export type Rank = 'action' | 'look';

/** Somebody's requests to a server; all that share the server take turns. */
export interface Lane {
	readonly rank: Rank;
	/** Most of them in flight. */
	readonly max: number;
	inFlight: number;
	/** How many were refused by a limit (429). */
	refused: number;
	/** Those of work that has begun, and those that would begin some; the former go first. */
	readonly waiting: { begun: Set<Waiting>; fresh: Set<Waiting> };
}

type Waiting = (flight: Flight) => void;

/**
 * Requests leave in groups, at most so many in a turn of the event loop, and a turn later what was
 * answered meanwhile makes room for the next. One that leaves with each answer costs both sides half
 * as much time again, for all that each turn does once; a hundred that begin at once reach the
 * server, and come back, at once: then either the server waits for us or we for it. A server that
 * nobody knows may refuse the rest of a group, so a group is no more than a tenth of what has been
 * sent, or of what a known limit leaves: it may be a little less. Where a limit is known a group is
 * what the server takes in 20 ms: each request counts from when it can have arrived, and that is known
 * the better the fewer were made ready beside it.
 */
const GROUP = { least: 5, most: 20, share: 1 / 10, lasts: 20 };

/** Of so many requests one is a look, when actions wait as well. */
const LOOKS = 10;

/** What was learned is forgotten after so long without a request, in ms. */
const LASTING = 60 * 60_000;

/** After so long without anything but refusals there is no use in waiting, in ms. */
const PATIENCE = 5 * 60_000;

/** How long others wait at most for what the first request to a server finds out, in ms. */
const SCOUTING = 2_000;

/** A request that may leave now. Exactly one of its methods is to be called, once. */
export interface Flight {
	/** @param told what the answer says about a limit */
	answered(status: number, told: Told): void;
	/** No answer came. */
	lost(): void;
	/** It is not made after all. */
	unused(): void;
}

/** All requests of this process to one server with one key: who may send, and when. */
export class Traffic {
	#tempo = new Tempo();
	#usedAt = performance.now();
	readonly #lanes = new Set<Lane>();
	#sent = 0;
	#begunInTurn = 0;
	/** Until when nothing but the first begins. */
	#scoutingUntil = 0;
	#alarm?: { at: number; timer: ReturnType<typeof setTimeout> };

	/** Whether the server has refused everything for so long that it is no matter of pace. */
	get hopeless(): boolean {
		const since = this.#tempo.limit.refusingSince;
		return since !== undefined && performance.now() - since > PATIENCE;
	}

	get isScouting(): boolean {
		return performance.now() < this.#scoutingUntil;
	}

	/** The first request goes alone, and the others when it is known how they are to go. */
	scout(): void {
		if (this.#sent === 0) this.#scoutingUntil = performance.now() + SCOUTING;
	}

	/** The first request has found out what can be found out. */
	scouted(): void {
		if (this.#scoutingUntil === 0) return;
		this.#scoutingUntil = 0;
		this.#wake(performance.now());
	}

	/**
	 * Resolves when the next request of the lane may leave. Rejects with the reason of the signal.
	 * @param fresh it would begin something new
	 */
	async enter(lane: Lane, fresh: boolean, signal?: AbortSignal): Promise<Flight> {
		signal?.throwIfAborted();
		if (performance.now() - this.#usedAt > LASTING) this.#tempo = new Tempo();
		return await new Promise<Flight>((resolve, reject) => {
			const queue = fresh ? lane.waiting.fresh : lane.waiting.begun;
			const go: Waiting = (flight) => {
				forget?.();
				resolve(flight);
			};
			const forget =
				signal &&
				onAbort(signal, () => {
					queue.delete(go);
					if (isEmpty(lane)) this.#lanes.delete(lane);
					reject(signal.reason);
				});
			queue.add(go);
			this.#lanes.add(lane);
			// The next group is about to leave.
			if (!this.#alarm || this.#alarm.at > performance.now()) this.#pump();
		});
	}

	#pump(): void {
		for (;;) {
			const now = performance.now();
			const isHeld = this.#sent > 0 && this.isScouting;
			const lane = this.#turn(isHeld);
			// Room that nobody uses tells nothing.
			if (!lane) {
				if (isHeld) this.#wake(this.#scoutingUntil);
				return this.#tempo.idle(now);
			}
			const at = this.#tempo.next(now);
			if (at > now) return this.#wake(at);
			if (this.#begunInTurn >= this.#group) return this.#wake(now);
			const { begun, fresh } = lane.waiting;
			const queue = begun.size > 0 ? begun : fresh;
			const [go] = queue;
			queue.delete(go);
			// Whose turn it was is last now.
			this.#lanes.delete(lane);
			if (!isEmpty(lane)) this.#lanes.add(lane);
			this.#begunInTurn += 1;
			this.#sent += 1;
			go(this.#depart(lane, now));
		}
	}

	/** How many may leave in this turn of the event loop. */
	get #group(): number {
		const { known, room } = this.#tempo.limit;
		const share = Math.floor(Math.min(this.#sent, room) * GROUP.share);
		const most = known ? Math.ceil((known.count * GROUP.lasts) / known.window) : GROUP.most;
		return Math.min(GROUP.most, most, Math.max(GROUP.least, share));
	}

	/** The lane whose turn it is, of those that may send. @param isHeld nothing is to begin */
	#turn(isHeld: boolean): Lane | undefined {
		const ready = [...this.#lanes].filter(
			({ max, inFlight, waiting }) => inFlight < max && (!isHeld || waiting.begun.size > 0),
		);
		const first: Rank = this.#sent % LOOKS === LOOKS - 1 ? 'look' : 'action';
		return ready.find(({ rank }) => rank === first) ?? ready[0];
	}

	#depart(lane: Lane, sentAt: number): Flight {
		const tempo = this.#tempo;
		tempo.sent(sentAt);
		lane.inFlight += 1;
		const arrive = (tell: (now: number) => void) => {
			const now = performance.now();
			this.#usedAt = now;
			lane.inFlight -= 1;
			this.#begunInTurn = 0;
			tell(now);
			if (tempo.inFlight > 0 && this.#lanes.size > 0) this.#wake(now);
			else this.#pump();
		};
		return {
			answered: (status, told) => {
				if (status === 429) lane.refused += 1;
				arrive((now) => tempo.answered(now, sentAt, status, told));
			},
			lost: () => arrive((now) => tempo.lost(now, sentAt)),
			unused: () => {
				this.#sent -= 1;
				arrive(() => tempo.unsent());
			},
		};
	}

	#wake(at: number): void {
		if (at === Infinity || (this.#alarm && this.#alarm.at <= at)) return;
		clearTimeout(this.#alarm?.timer);
		const leave = () => {
			this.#alarm = undefined;
			this.#begunInTurn = 0;
			this.#pump();
		};
		const wait = Math.max(0, Math.ceil(at - performance.now()));
		// Of timers that are due Node runs one after the other, with no look at the network between
		// them. One that is set by the other is not due yet.
		const onTime = () => (wait > 0 ? leave() : (alarm.timer = setTimeout(leave)));
		const alarm = { at, timer: setTimeout(onTime, wait) };
		this.#alarm = alarm;
	}
}

const isEmpty = ({ waiting }: Lane): boolean => waiting.begun.size + waiting.fresh.size === 0;

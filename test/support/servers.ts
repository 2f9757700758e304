// A client with one thread and a server, played through on a clock held in the hand.
import { Tempo } from '../../nodes/KuvarPay/api/tempo';
import type { Told } from '../../nodes/KuvarPay/api/limit';

/** Judges a request when it reaches the server. Times in ms. */
export type Rule = (now: number) => { passes: boolean; told?: Told };

export interface Server {
	/** From the arrival of a request to its answer. @param inFlight with this one */
	latency?: (inFlight: number) => number;
	rule?: Rule;
}

/** CPU of the client for a request and for its answer, in ms, as measured on n8n's engine. */
const CPU = { send: 0.2, answer: 0.22 };

/** One way through the network, in ms. */
const WIRE = 0.3;

/** How many requests begin before answers are looked at. */
const GROUP = 20;

export interface Outcome {
	took: number;
	refused: number;
	mostInFlight: number;
}

/** Sends all items, each until it gets through. */
export function play(tempo: Tempo, server: Server, items: number, from = 0): Outcome {
	let now = from;
	let left = items;
	let done = 0;
	let refused = 0;
	let mostInFlight = 0;
	let atServer = 0;
	let began = 0;
	const events: Array<{ at: number; run: () => void }> = [];
	const plan = (at: number, run: () => void) => {
		let index = events.length;
		while (index > 0 && events[index - 1].at > at) index -= 1;
		events.splice(index, 0, { at, run });
	};
	const send = () => {
		const sentAt = now;
		tempo.sent(sentAt);
		left -= 1;
		now += CPU.send;
		mostInFlight = Math.max(mostInFlight, tempo.inFlight);
		plan(now + WIRE, () => {
			const arrived = now;
			atServer += 1;
			const { passes, told = {} } = server.rule?.(arrived) ?? { passes: true };
			plan(arrived + (passes ? (server.latency?.(atServer) ?? 0) : 0), () => {
				atServer -= 1;
				plan(now + WIRE, () => {
					busyUntil = Math.max(busyUntil, now) + CPU.answer;
					plan(busyUntil, () => {
						tempo.answered(now, sentAt, passes ? 200 : 429, told);
						if (passes) done += 1;
						else {
							refused += 1;
							left += 1;
						}
						began = 0;
					});
				});
			});
		});
	};
	let busyUntil = now;
	for (let turns = 0; done < items; turns++) {
		if (turns > 5_000_000) throw new Error('It does not end');
		// The client's one thread sends when it is free.
		const free = Math.max(now, busyUntil);
		const nextEvent = events[0]?.at ?? Infinity;
		const may = left > 0 ? tempo.next(free) : Infinity;
		if (left === 0) tempo.idle(now);
		if (may <= free && free <= nextEvent && began < GROUP) {
			now = free;
			send();
			busyUntil = now;
			began += 1;
			continue;
		}
		const at = Math.min(nextEvent, Math.max(may, free));
		if (at === Infinity) throw new Error('Nothing can happen any more');
		began = 0;
		now = Math.max(now, at);
		if (nextEvent <= at) events.shift()!.run();
	}
	return { took: now - from, refused, mostInFlight };
}

/** So many in each window of the server's clock. */
export function fixedWindow(count: number, window: number, tell: (left: number) => Told): Rule {
	let current = -1;
	let used = 0;
	return (now) => {
		const index = Math.floor(now / window);
		if (index !== current) [current, used] = [index, 0];
		used += 1;
		return {
			passes: used <= count,
			told: used <= count ? undefined : tell((index + 1) * window - now),
		};
	};
}

/** A bucket that fills again, never above its size. */
export function bucket(perSecond: number, size: number, tell: (left: number) => Told): Rule {
	let tokens = size;
	let filledAt = 0;
	return (now) => {
		tokens = Math.min(size, tokens + ((now - filledAt) / 1000) * perSecond);
		filledAt = now;
		const passes = tokens >= 1;
		if (passes) tokens -= 1;
		return { passes, told: passes ? undefined : tell(((1 - tokens) / perSecond) * 1000) };
	};
}

/** So many in each window, and every answer says what is left of it, in whole seconds. */
export function remaining(count: number, window: number): Rule {
	const rule = fixedWindow(count, window, nothing);
	let current = -1;
	let used = 0;
	return (now) => {
		const index = Math.floor(now / window);
		if (index !== current) [current, used] = [index, 0];
		used += 1;
		const reset = Math.ceil(((index + 1) * window - now) / 1000) * 1000;
		return { ...rule(now), told: { remaining: Math.max(0, count - used), reset } };
	};
}

/** As most servers say it: in whole seconds, at least one. */
export const inSeconds = (left: number): Told => ({
	wait: Math.max(1, Math.ceil(left / 1000)) * 1000,
});
export const nothing = (): Told => ({});

/** n8n's HTTP Request node in batches of a second. */
export function inBatches(server: Server, items: number, size: number): number {
	const batches = Math.ceil(items / size);
	const each = 1001 + size * 0.45;
	const lastSize = items - (batches - 1) * size;
	return (batches - 1) * each + lastSize * (CPU.send + CPU.answer) + (server.latency?.(1) ?? 0);
}

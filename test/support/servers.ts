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
	return playTogether([tempo], server, items, from)[0];
}

/** One thread with its own items. */
interface Client {
	tempo: Tempo;
	left: number;
	done: number;
	/** How many requests have begun since answers were looked at. */
	began: number;
	busyUntil: number;
	outcome: Outcome;
}

/**
 * Processes that know nothing of each other and send to one server, each all of its items.
 * @param apart how much later each of them begins than the one before, in ms
 */
export function playTogether(
	tempos: Tempo[],
	server: Server,
	items: number,
	from = 0,
	apart = 0,
): Outcome[] {
	let now = from;
	let atServer = 0;
	const events: Array<{ at: number; run: () => void }> = [];
	const plan = (at: number, run: () => void) => {
		let index = events.length;
		while (index > 0 && events[index - 1].at > at) index -= 1;
		events.splice(index, 0, { at, run });
	};
	const clients = tempos.map((tempo, index): Client => ({
		tempo,
		left: items,
		done: 0,
		began: 0,
		busyUntil: from + index * apart,
		outcome: { took: 0, refused: 0, mostInFlight: 0 },
	}));
	const answered = (client: Client, sentAt: number, passes: boolean, told: Told) => {
		client.tempo.answered(now, sentAt, passes ? 200 : 429, told);
		client.began = 0;
		if (passes) client.done += 1;
		else {
			client.outcome.refused += 1;
			client.left += 1;
		}
		if (client.done === items) client.outcome.took = now - from;
	};
	const send = (client: Client) => {
		const sentAt = now;
		client.tempo.sent(sentAt);
		client.left -= 1;
		client.began += 1;
		client.busyUntil = now + CPU.send;
		const { outcome, tempo } = client;
		outcome.mostInFlight = Math.max(outcome.mostInFlight, tempo.inFlight);
		plan(client.busyUntil + WIRE, () => {
			const arrived = now;
			atServer += 1;
			const { passes, told = {} } = server.rule?.(arrived) ?? { passes: true };
			plan(arrived + (passes ? (server.latency?.(atServer) ?? 0) : 0), () => {
				atServer -= 1;
				plan(now + WIRE, () => {
					client.busyUntil = Math.max(client.busyUntil, now) + CPU.answer;
					plan(client.busyUntil, () => answered(client, sentAt, passes, told));
				});
			});
		});
	};
	/** When the client's one thread, if it is free, may send. */
	const maySend = (client: Client) => {
		if (client.done === items) return Infinity;
		if (client.left === 0) client.tempo.idle(now);
		const free = Math.max(now, client.busyUntil);
		return client.left > 0 ? Math.max(free, client.tempo.next(free)) : Infinity;
	};
	for (let turns = 0; clients.some(({ done }) => done < items); turns++) {
		if (turns > 5_000_000 * clients.length) throw new Error('It does not end');
		const nextEvent = events[0]?.at ?? Infinity;
		const times = clients.map(maySend);
		const at = Math.min(...times);
		const first = clients[times.indexOf(at)];
		if (at === Infinity && nextEvent === Infinity) throw new Error('Nothing can happen any more');
		const isFree = at <= Math.max(now, first.busyUntil);
		if (at <= nextEvent && isFree && first.began < GROUP) {
			now = at;
			send(first);
			continue;
		}
		first.began = 0;
		now = Math.max(now, Math.min(nextEvent, at));
		if (nextEvent <= at) events.shift()!.run();
	}
	return clients.map(({ outcome }) => outcome);
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

import { pages } from '../api/pagination';
import { targetAt, type Source } from '../payments/sources';
import { isFinal, statusOf } from '../payments/statuses';
import type { LastingClient } from './client';
import type { Looks } from './journal';
import type { Seen } from './ledger';
import { Order, rowsOf, type Row } from './look';
import type { Monitor } from './monitor';
import { readState, readUpdate, untilNextRead } from './read';

export interface DiscoveryOptions {
	client: LastingClient;
	source: Source;
	monitor: Monitor;
	looks: Looks;
	/** Least time between two reads of the same object, in ms. */
	pollInterval: number;
	/** How long an object is looked at after its end, in ms. */
	watchAfterEnd: number;
	/** Whether a stream tells of it, so that it need not be read. */
	isStreamed: (id: string) => boolean;
}

/** Most pages of a list with the newest first that its first look reads: with 100 a page 5,000 rows. */
const MOST_PAGES = 50;

/** Most objects whose end is remembered: those that ended first are let go. */
const MOST_ENDED = 5_000;

/**
 * How long before the newest known object another may turn up that was not listed yet, in ms.
 * Finished ones are remembered this long, so that none is told twice.
 */
const OVERLAP = 60 * 60_000;

/** By how much the pause between two reads grows, as a share of the time that nothing has changed. */
const GROWTH = { open: 1 / 20, ended: 1 / 4 };

/**
 * Looks at a list, again and again, and feeds the monitor: with what is new, with what has changed and
 * no stream tells, and with what becomes of payments after their end.
 *
 * Nothing is assumed of the list's order. Where the newest come first, a look ends with the first page
 * that brings nothing; else all pages are read.
 */
export class Discovery {
	/** When each object was read last, in ticks. */
	readonly #readAt = new Map<string, number>();
	/** Looks were begun before; as long as none came to its end, the first one was interrupted. */
	#isSecondTry = false;

	constructor(private readonly options: DiscoveryOptions) {}

	/** One look. @throws ApiError when the list cannot be read */
	async look(): Promise<void> {
		const { looks, client, monitor } = this.options;
		this.#isSecondTry = looks.since !== undefined;
		looks.since ??= client.clock.now();
		const wanted = this.#due();
		await this.#readList(wanted);
		await this.#readSingly(wanted);
		this.#prune();
		for (const id of this.#readAt.keys()) if (!monitor.seen(id)) this.#readAt.delete(id);
	}

	/** What no stream tells of, and was not read for long enough. */
	#due(): Set<string> {
		const { client, monitor, pollInterval, isStreamed } = this.options;
		const [now, ticks] = [client.clock.now(), client.clock.ticks()];
		const due = new Set<string>();
		for (const [id, seen] of monitor.all) {
			if (isStreamed(id) || !this.#isWatched(seen, now)) continue;
			const growth = isFinal(seen.status) ? GROWTH.ended : GROWTH.open;
			const wait = untilNextRead(quietOf(seen, now), pollInterval, growth);
			if (ticks - (this.#readAt.get(id) ?? -Infinity) >= wait) due.add(id);
		}
		return due;
	}

	#isWatched(seen: Seen, now: number): boolean {
		return !isFinal(seen.status) || quietOf(seen, now) < this.options.watchAfterEnd;
	}

	/** @param wanted what is hoped to be listed; what was is taken out, and what is doubtful put in */
	async #readList(wanted: Set<string>): Promise<void> {
		const { client, source, looks } = this.options;
		const wasWhole = !looks.unfinished;
		looks.unfinished = true;
		const order = new Order();
		const doubtful: string[] = [];
		let newest = looks.newest ?? 0;
		let [count, idle] = [0, 0];
		const target = targetAt(source, 'list');
		for await (const objects of pages(client, { target, maxRetries: 4, timeout: 30_000 })) {
			const rows = rowsOf(source, objects, client.clock.now());
			order.note(rows);
			if (order.isMixed) looks.isMixed = true;
			const brings = rows.map((row) => this.#take(row, wanted, doubtful)).some(Boolean);
			newest = Math.max(newest, ...rows.map(({ created }) => created ?? 0));
			count += 1;
			idle += brings ? 0 : 1;
			// Subscriptions go on for years: a change may be anywhere.
			if (!source.stream || !order.isNewestFirst || looks.isMixed) continue;
			const isKnown = wasWhole || rows.every(({ created = Infinity }) => created < this.#horizon);
			// A page costs as much as reading one of those that are still wanted.
			const isEnough = looks.newest !== undefined && isKnown && idle > 0 && idle >= wanted.size;
			if (isEnough || count >= MOST_PAGES) break;
		}
		looks.newest = newest;
		delete looks.unfinished;
		for (const id of doubtful) wanted.add(id);
	}

	/** Whatever was made before it is known. */
	get #horizon(): number {
		return (this.options.looks.newest ?? 0) - OVERLAP;
	}

	/** @returns whether the row brings anything: it is new, has changed, or was wanted */
	#take(row: Row, wanted: Set<string>, doubtful: string[]): boolean {
		const { client, monitor, source } = this.options;
		const { id, object } = row;
		const seen = monitor.seen(id);
		const isNew = !seen && this.#isNew(row);
		const isFirst = this.options.looks.newest === undefined;
		// It was forgotten, as it had ended long ago.
		if (!seen && !isNew && !isFirst && isFinal(statusOf(object))) return false;
		const before = seen && `${seen.status} ${seen.updated}`;
		if (monitor.take(id, readUpdate(source, object, 'list'), isNew)) doubtful.push(id);
		this.#readAt.set(id, client.clock.ticks());
		const next = monitor.seen(id);
		return wanted.delete(id) || before !== (next && `${next.status} ${next.updated}`);
	}

	/** Made since the last whole look, or since the first one began. */
	#isNew({ created }: Row): boolean {
		const { newest, since = Infinity } = this.options.looks;
		if (newest === undefined) return this.#isSecondTry && (created ?? 0) >= since;
		// Without a time nothing is hidden.
		return created === undefined || created >= this.#horizon;
	}

	/** What the list did not show. */
	async #readSingly(ids: Set<string>): Promise<void> {
		const { client, monitor, source } = this.options;
		const readOne = async (id: string) => {
			try {
				this.#readAt.set(id, client.clock.ticks());
				monitor.take(id, await readState(client, source, id));
			} catch (error) {
				client.signal.throwIfAborted();
				client.log(`The ${source.noun} ${id} could not be read: ${(error as Error).message}`);
			}
		};
		await Promise.all([...ids].map(readOne));
	}

	/** Forgets what has ended, when it is looked at no more and cannot be taken for new. */
	#prune(): void {
		const { client, monitor, watchAfterEnd } = this.options;
		const now = client.clock.now();
		const ended = [...monitor.all].filter(([, { status }]) => isFinal(status));
		const mostRecent = ended.sort(([, one], [, other]) => other.since - one.since);
		const tooMany = new Set(mostRecent.slice(MOST_ENDED).map(([id]) => id));
		const horizon = this.#horizon - OVERLAP;
		monitor.forget((id, seen) => {
			if (!isFinal(seen.status)) return true;
			// Without a time it would be new each time that it is listed.
			if (seen.created === undefined || seen.created >= horizon) return true;
			return quietOf(seen, now) < watchAfterEnd && !tooMany.has(id);
		});
	}
}

/** Since when nothing has changed, in ms. */
const quietOf = ({ since, updated = since }: Seen, now: number): number =>
	now - Math.max(since, updated);

import type { Source } from '../payments/sources';
import { isFinal, statusOf } from '../payments/statuses';
import type { Clock } from './clock';
import type { Delivery } from './delivery';
import type { Journal } from './journal';
import { judge, type Emission, type Seen, type Update } from './ledger';

export interface MonitorOptions {
	source: Source;
	anyUpdate: boolean;
	/** Statuses to tell; empty for all. */
	statuses: string[];
	/** Tell also what is already so at the first sight of an object. */
	emitCurrentState: boolean;
	clock: Clock;
}

/** Decides what of all that is learned becomes an execution. */
export class Monitor {
	#isClosed = false;

	constructor(
		private readonly options: MonitorOptions,
		private readonly journal: Journal,
		private readonly delivery: Pick<Delivery, 'deliver'>,
	) {}

	/**
	 * Takes what a stream, a read or a list tells of an object.
	 * @param isNew it came into being just now
	 * @returns whether it may be older than what is known, and is to be read once more
	 */
	take(id: string, update: Update, isNew = false): boolean {
		if (this.#isClosed) return false;
		const { source, anyUpdate, statuses, emitCurrentState, clock } = this.options;
		const { seen: all } = this.journal;
		const seen = all.get(id);
		const now = clock.now();
		const taste = { anyUpdate, byContent: !source.stream, now };
		const { isNews, isDoubtful, next, moment } = judge(seen, update, taste);
		// Remembered before it is told, as n8n saves the static data at the beginning of an emit.
		all.set(id, next);
		// What was so when the watching began is no event, but what a stream tells then is one.
		const isWanted = seen !== undefined || emitCurrentState || isNew || update.from === 'stream';
		const isChosen = statuses.length === 0 || statuses.includes(next.status);
		if (isNews && isWanted && isChosen) {
			const emission = emissionOf(source, id, update, now, seen);
			if (isNew) emission.isNew = true;
			this.delivery.deliver(emission, moment, now);
		}
		return isDoubtful;
	}

	seen(id: string): Seen | undefined {
		return this.journal.seen.get(id);
	}

	/** All that is remembered. */
	get all(): ReadonlyMap<string, Seen> {
		return this.journal.seen;
	}

	/** Forgets objects that are of no more interest. */
	forget(isKept: (id: string, seen: Seen) => boolean): void {
		for (const [id, seen] of this.journal.seen) if (!isKept(id, seen)) this.journal.seen.delete(id);
	}

	/** Nothing is told after it. */
	close(): void {
		this.#isClosed = true;
	}
}

let latest = { ms: 0, text: '' };

/** ISO 8601 in UTC. What comes in the same millisecond shares the text, which is dear. */
function iso(ms: number): string {
	if (ms !== latest.ms) latest = { ms, text: new Date(ms).toISOString() };
	return latest.text;
}

/** The item for an update. @param now ms since 1970 */
export function emissionOf(
	{ resource }: Source,
	id: string,
	{ event, object, from }: Update,
	now: number,
	seen?: Seen,
): Emission {
	const status = statusOf(object);
	return {
		event,
		resource,
		id,
		status,
		previousStatus: seen?.status ?? null,
		isFinal: isFinal(status),
		receivedAt: iso(now),
		learnedFrom: from,
		data: object,
	};
}

import { isFinal } from '../payments/statuses';
import type { Seen } from './ledger';
import { readRows, writeRow, type Rows } from './rows';

/**
 * What the node keeps in its static data. n8n saves it as a whole after the activation and with every
 * emit, if something was set on it directly; so it is written seldom, and as short as can be: rows
 * without names, and nothing of a payment but its ID, status and times.
 */
export interface TriggerState {
	/** What is watched: what was kept of another kind means nothing. */
	kind?: string;
	/** By id: status, since, updated, created, eventId, print, told, doubt. */
	seen?: Rows;
	/** By key: id, status, previous, at, event, isNew. */
	pending?: Rows;
	/** See {@link Looks}. */
	looks?: Looks;
}

/** What is known of a list from earlier looks. Times in ms since 1970. */
export interface Looks {
	/** When the newest object was made that a whole look has found. */
	newest?: number;
	/** When the first look began. */
	since?: number;
	/** A row was older than one after it, so what is new may be anywhere. */
	isMixed?: true;
	/** The last look was interrupted, so the next one makes up for it. */
	unfinished?: true;
}

/** Something that was told and whose execution has not ended. */
export interface Pending {
	id: string;
	status: string;
	previous: string | null;
	/** When it was received, in ms since 1970. */
	at: number;
	event: string;
	isNew?: true;
}

/** Values by name, and which of them have changed since they were put away. */
class Kept<Value> extends Map<string, Value> {
	readonly #changed = new Set<string>();

	override set(name: string, value: Value): this {
		this.#changed.add(name);
		return super.set(name, value);
	}

	override delete(name: string): boolean {
		this.#changed.add(name);
		return super.delete(name);
	}

	/** Puts away what has changed, and nothing else: with a thousand all of them take a millisecond. */
	putInto(rows: Rows, write: (value: Value) => string): void {
		for (const name of this.#changed) {
			const value = this.get(name);
			if (value === undefined) delete rows[name];
			else rows[name] = write(value);
		}
		this.#changed.clear();
	}
}

/** The trigger's memory: in full while it runs, and in short in the static data. */
export class Journal {
	readonly seen = new Kept<Seen>();
	/** By n8n's deduplication key. */
	readonly pending = new Kept<Pending>();
	looks: Looks = {};
	readonly #rows: Required<Pick<TriggerState, 'seen' | 'pending'>> = { seen: {}, pending: {} };

	/** @param kind what is watched; what was kept of something else is dropped */
	constructor(
		private readonly state: TriggerState,
		private readonly kind: string,
	) {
		if (state.kind !== kind) return;
		for (const [id, row] of readRows(state.seen)) this.seen.set(id, readSeen(row));
		for (const [key, row] of readRows(state.pending)) this.pending.set(key, readPending(row));
		this.looks = { ...state.looks };
	}

	/** Puts it where n8n saves it with the next emit. */
	save(): void {
		const { seen, pending } = this.#rows;
		this.seen.putInto(seen, writeSeen);
		this.pending.putInto(pending, writePending);
		// n8n notices only what is set on the static data itself.
		Object.assign(this.state, { kind: this.kind, seen, pending, looks: { ...this.looks } });
	}
}

function writeSeen(seen: Seen): string {
	const { status, since, updated, created, print, told, doubt } = seen;
	// The time of the end is that of the last change, and no stream is resumed after it.
	const ended = isFinal(status);
	return writeRow([
		status,
		since === updated ? undefined : since,
		updated,
		created,
		ended ? undefined : seen.eventId,
		print,
		told,
		doubt,
	]);
}

function readSeen([status, ...others]: string[]): Seen {
	const [since, updated, created, eventId, print, told, doubt] = others;
	return {
		status,
		since: number(since) ?? number(updated) ?? 0,
		updated: number(updated),
		created: number(created),
		eventId: text(eventId),
		print: text(print),
		told: number(told),
		doubt: text(doubt),
	};
}

const writePending = ({ id, status, previous, at, event, isNew }: Pending): string =>
	writeRow([id, status, previous, at, event, isNew && 1]);

function readPending([id, status = '', previous, at, event = '', isNew]: string[]): Pending {
	return {
		id,
		status,
		previous: text(previous) ?? null,
		at: number(at) ?? 0,
		event,
		...(isNew === '1' && { isNew: true as const }),
	};
}

const number = (value: string | undefined): number | undefined => Number(value) || undefined;

const text = (value: string | undefined): string | undefined => value || undefined;

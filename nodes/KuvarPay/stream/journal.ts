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
	/** In the order in which it happened: id, status, previous, at, event, isNew, moment. */
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
	/** What tells this change from others of the same status. */
	moment: string;
}

/** Values by name, and which of them have changed since they were put away. */
class Kept<Name extends keyof Rows, Value> extends Map<Name, Value> {
	readonly #changed = new Set<Name>();

	override set(name: Name, value: Value): this {
		this.#changed.add(name);
		return super.set(name, value);
	}

	override delete(name: Name): boolean {
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
	readonly seen = new Kept<string, Seen>();
	/**
	 * By number, in the order in which it happened. A number and not n8n's deduplication key: to keep
	 * something under an ever new name takes longer than to judge an event.
	 */
	readonly #pending = new Kept<number, Pending>();
	#lastNumber = 0;
	looks: Looks = {};
	readonly #rows: Required<Pick<TriggerState, 'seen' | 'pending'>> = { seen: {}, pending: {} };
	/** Whether the static data holds these rows. */
	#isPlaced = false;

	/** @param kind what is watched; what was kept of something else is dropped */
	constructor(
		private readonly state: TriggerState,
		private readonly kind: string,
	) {
		if (state.kind !== kind) return;
		for (const [id, row] of readRows(state.seen)) this.seen.set(id, readSeen(row));
		for (const [, row] of readRows(state.pending)) this.begin(readPending(row));
		this.looks = { ...state.looks };
	}

	/** What has not ended, by number. */
	get pending(): ReadonlyMap<number, Pending> {
		return this.#pending;
	}

	/** @returns the number under which it is pending until {@link end} */
	begin(pending: Pending): number {
		this.#pending.set(++this.#lastNumber, pending);
		return this.#lastNumber;
	}

	end(number: number): void {
		this.#pending.delete(number);
	}

	/** Puts it where n8n saves it with the next emit. */
	save(): void {
		const { seen, pending } = this.#rows;
		this.seen.putInto(seen, writeSeen);
		this.#pending.putInto(pending, writePending);
		if (!this.#isPlaced) Object.assign(this.state, { kind: this.kind, seen, pending });
		this.#isPlaced = true;
		// n8n notices only what is set on the static data itself.
		this.state.looks = { ...this.looks };
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

const writePending = ({ id, status, previous, at, event, isNew, moment }: Pending): string =>
	writeRow([id, status, previous, at, event, isNew && 1, moment]);

function readPending([id, status = '', ...others]: string[]): Pending {
	const [previous, at, event = '', isNew, moment = ''] = others;
	return {
		id,
		status,
		previous: text(previous) ?? null,
		at: number(at) ?? 0,
		event,
		isNew: isNew === '1' ? true : undefined,
		moment,
	};
}

const number = (value: string | undefined): number | undefined => Number(value) || undefined;

const text = (value: string | undefined): string | undefined => value || undefined;

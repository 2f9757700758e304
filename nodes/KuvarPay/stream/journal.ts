import { isFinal } from '../payments/statuses';
import type { Seen } from './ledger';
import { readRows, writeRows } from './rows';

/**
 * What the node keeps in its static data. n8n saves it as a whole after the activation and with every
 * emit, if something was set on it directly; so it is written seldom, and as short as can be: rows
 * instead of names, and nothing of a payment but its ID, status and times.
 */
export interface TriggerState {
	/** What is watched: what was kept of another kind means nothing. */
	kind?: string;
	/** Rows of id, status, since, updated, created, eventId, print, told, doubt. */
	seen?: string;
	/** Rows of key, id, status, previous, at, event, isNew. */
	pending?: string;
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

/** The trigger's memory: in full while it runs, and in short in the static data. */
export class Journal {
	readonly seen = new Map<string, Seen>();
	/** By n8n's deduplication key. */
	readonly pending = new Map<string, Pending>();
	looks: Looks = {};

	/** @param kind what is watched; what was kept of something else is dropped */
	constructor(
		private readonly state: TriggerState,
		private readonly kind: string,
	) {
		if (state.kind !== kind) return;
		for (const row of readRows(state.seen)) this.seen.set(row[0], readSeen(row));
		for (const row of readRows(state.pending)) this.pending.set(row[0], readPending(row));
		this.looks = { ...state.looks };
	}

	/** Puts it where n8n saves it with the next emit. */
	save(): void {
		this.state.kind = this.kind;
		this.state.seen = writeRows([...this.seen].map(writeSeen));
		this.state.pending = writeRows([...this.pending].map(writePending));
		this.state.looks = { ...this.looks };
	}
}

function writeSeen([id, seen]: [string, Seen]) {
	const { status, since, updated, created, print, told, doubt } = seen;
	// The time of the end is that of the last change, and no stream is resumed after it.
	const ended = isFinal(status);
	return [
		id,
		status,
		since === updated ? undefined : since,
		updated,
		created,
		ended ? undefined : seen.eventId,
		print,
		told,
		doubt,
	];
}

function readSeen([, status = '', ...others]: string[]): Seen {
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

const writePending = ([key, each]: [string, Pending]) => [
	key,
	each.id,
	each.status,
	each.previous,
	each.at,
	each.event,
	each.isNew && 1,
];

function readPending([, id = '', status = '', previous, at, event = '', isNew]: string[]): Pending {
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

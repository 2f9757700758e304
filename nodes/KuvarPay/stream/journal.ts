import { isFinal } from '../payments/statuses';
import type { Seen } from './ledger';

/**
 * What the node keeps in its static data. n8n saves it as a whole after the activation and with every
 * emit, if something was set on it directly; so it is written seldom, and as short as can be: lists
 * instead of names, and nothing of a payment but its ID, status and times.
 */
export interface TriggerState {
	/** What is watched: what was kept of another kind means nothing. */
	kind?: string;
	seen?: SeenRow[];
	pending?: PendingRow[];
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

/** id, status, since, updated, created, eventId, print, told, doubt; 0 for none, the last ones left out. */
type SeenRow = Array<string | number>;

/** key, id, status, previous, at, event, isNew. */
type PendingRow = Array<string | number>;

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
		for (const row of listed(state.seen)) this.seen.set(String(row[0]), readSeen(row));
		for (const row of listed(state.pending)) this.pending.set(String(row[0]), readPending(row));
		this.looks = { ...state.looks };
	}

	/** Puts it where n8n saves it with the next emit. */
	save(): void {
		this.state.kind = this.kind;
		this.state.seen = [...this.seen].map(([id, seen]) => short(writeSeen(id, seen)));
		this.state.pending = [...this.pending].map(([key, each]) => short(writePending(key, each)));
		this.state.looks = { ...this.looks };
	}
}

/** What was saved may be of another version, or changed by hand. */
const listed = (rows: unknown): Array<Array<string | number>> =>
	Array.isArray(rows) ? rows.filter(Array.isArray).map((row) => [...row]) : [];

/** Without the ends that say nothing. */
function short(row: Array<string | number | undefined | null>): Array<string | number> {
	const filled = row.map((each) => each ?? 0);
	while (filled.at(-1) === 0) filled.pop();
	return filled;
}

function writeSeen(id: string, seen: Seen) {
	const { status, since, updated, created, print, told, doubt } = seen;
	// The time of the end is that of the last change, and no stream is resumed after it.
	const ended = isFinal(status);
	return [
		id,
		status,
		since === updated ? 0 : since,
		updated,
		created,
		ended ? 0 : seen.eventId,
		print,
		told,
		doubt,
	];
}

function readSeen([, status, since, updated, created, eventId, print, told, doubt]: SeenRow): Seen {
	return {
		status: String(status),
		since: number(since) ?? number(updated) ?? 0,
		updated: number(updated),
		created: number(created),
		eventId: text(eventId),
		print: text(print),
		told: number(told),
		doubt: text(doubt),
	};
}

const writePending = (key: string, { id, status, previous, at, event, isNew }: Pending) => [
	key,
	id,
	status,
	previous,
	at,
	event,
	isNew && 1,
];

function readPending([, id, status, previous, at, event, isNew]: PendingRow): Pending {
	return {
		id: String(id),
		status: String(status),
		previous: text(previous) ?? null,
		at: number(at) ?? 0,
		event: text(event) ?? '',
		...(isNew === 1 && { isNew: true as const }),
	};
}

const number = (value: unknown): number | undefined =>
	typeof value === 'number' && value !== 0 ? value : undefined;

const text = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : undefined;

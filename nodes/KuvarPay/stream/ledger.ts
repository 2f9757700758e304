import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { createdAt, updatedAt } from '../payments/objects';
import type { Watched } from '../payments/sources';
import { isFinal, statusOf } from '../payments/statuses';

/** What the workflow was last told of one object. Times in ms since 1970. */
export interface Seen {
	status: string;
	/** Since when it has this status, as far as we know. */
	since: number;
	/** The object's own times; undefined where it tells none. */
	updated?: number;
	created?: number;
	/** The last event's ID: from there a stream can be resumed. */
	eventId?: string;
	/** A fingerprint of the content, where no time tells whether it has changed. */
	print?: string;
	/** How often it was told, where it has no time. */
	told?: number;
	/** What a read showed that may be older than what a stream told: news when read once more. */
	doubt?: string;
}

/** Where something was learned: from the event stream, by reading the object, or from the list. */
export type From = 'stream' | 'read' | 'list';

/** The item that the trigger emits. */
export interface Emission extends IDataObject {
	event: string;
	resource: Watched;
	id: string;
	status: string;
	previousStatus: string | null;
	isFinal: boolean;
	/** ISO 8601, UTC. */
	receivedAt: string;
	learnedFrom: From;
	/** The object as the REST call gives it. */
	data: IDataObject;
}

export interface Update {
	object: IDataObject;
	/** The SSE event name. */
	event: string;
	/** The event's ID, '' when it came without one or was read. */
	eventId: string;
	/** Streams tell events in order; an answer may be older than what a stream told meanwhile. */
	from: From;
}

/** How to judge. */
export interface Taste {
	/** Whether a change of something else than the status is news too. */
	anyUpdate: boolean;
	/** Whether more may change than `updatedAt` tells, such as what hangs on a subscription. */
	byContent: boolean;
	/** ms since 1970. */
	now: number;
}

/** What an update means. */
export interface Judgement {
	/** Whether it tells something new: not what was told already, and nothing older than that. */
	isNews: boolean;
	/** It may be new, or older than what is known: reading once more tells. */
	isDoubtful: boolean;
	/** What to remember after it, whether it is told or not. Nothing goes back in time. */
	next: Seen;
	/** What tells this change from others of the same status, however it was learned. */
	moment: string;
}

type Verdict = 'news' | 'doubt' | 'same' | 'old';

/**
 * Judges an update by the object's own time of change where it has one, else by event ID, content and
 * status.
 */
export function judge(seen: Seen | undefined, update: Update, taste: Taste): Judgement {
	const { object, from } = update;
	const status = statusOf(object);
	const updated = updatedAt(object, taste.now);
	// The stream's order is certain; of what is read only the time is.
	const print =
		updated === undefined || (taste.byContent && taste.anyUpdate)
			? `${from[0]}${fingerprint(object)}`
			: undefined;
	const found: Found = { status, updated, print, from, eventId: update.eventId };
	const verdict = seen ? verdictOn(seen, found, taste) : 'news';
	const isNews = verdict === 'news';
	const isDoubtful = verdict === 'doubt' && status !== seen?.status;
	// When it was made does not change.
	const created = seen?.created ?? createdAt(object, taste.now);
	const next = remember(seen, found, verdict, created, taste.now);
	return { isNews, isDoubtful, next, moment: momentOf(seen, found, next) };
}

interface Found {
	status: string;
	updated?: number;
	print?: string;
	from: From;
	eventId: string;
}

function verdictOn(seen: Seen, found: Found, { anyUpdate }: Taste): Verdict {
	const { status, updated, from, eventId, print } = found;
	const age = (updated ?? NaN) - (seen.updated ?? NaN);
	const isChange = status !== seen.status;
	const isEnd = isFinal(status) && !isFinal(seen.status);
	if (age < 0) {
		if (!isEnd) return 'old';
		// Two servers' clocks differ, and an end that is never told is a payment lost: read twice it is
		// none that a later change has revoked.
		return from !== 'stream' && seen.doubt === status ? 'news' : 'doubt';
	}
	if (age > 0) return isChange || anyUpdate ? 'news' : 'same';
	// Only a later time shows that an end was none; else it is an answer from before.
	if (isFinal(seen.status) && !isFinal(status)) return 'old';
	if (from === 'stream') {
		// The ID alone does not tell a repeat: an event without one comes with the last one's.
		if (Number.isNaN(age) && eventId === seen.eventId && print === seen.print) return 'same';
		return isChange || (anyUpdate && Number.isNaN(age)) ? 'news' : 'same';
	}
	if (isChange) {
		// Two changes in the same millisecond: the end comes after what is none.
		if (age === 0 && isEnd) return 'news';
		return seen.doubt === status ? 'news' : 'doubt';
	}
	if (!anyUpdate || print === undefined || seen.print === undefined || print === seen.print)
		return 'same';
	// Lists and single objects show different fields: only their own kind says that something changed.
	if (print[0] !== seen.print[0]) return 'same';
	return seen.doubt === print ? 'news' : 'doubt';
}

function remember(
	seen: Seen | undefined,
	{ status, updated, print, eventId }: Found,
	verdict: Verdict,
	created: number | undefined,
	now: number,
): Seen {
	if (seen && verdict === 'old') return { ...seen, ...(eventId && { eventId }) };
	if (seen && verdict === 'doubt')
		return { ...seen, doubt: status === seen.status ? print : status };
	const isSame = seen?.status === status;
	const ended = isFinal(status) ? updated : undefined;
	return {
		status,
		since: isSame ? seen.since : Math.min(ended ?? now, now),
		updated: updated ?? seen?.updated,
		created,
		eventId: eventId || seen?.eventId,
		print: print ?? (isSame ? seen.print : undefined),
		told: updated === undefined ? (seen?.told ?? 0) + (verdict === 'news' ? 1 : 0) : seen?.told,
	};
}

/** A change of status needs no more than its place; another one of the same status has its content. */
function momentOf(seen: Seen | undefined, { status, updated, print }: Found, next: Seen): string {
	const place = updated ?? next.told ?? 0;
	const hasContent = seen?.status === status && print !== undefined;
	return hasContent ? `${place} ${print.slice(1)}` : String(place);
}

export const fingerprint = (object: IDataObject): string =>
	createHash('sha256').update(JSON.stringify(object)).digest('base64url').slice(0, 16);

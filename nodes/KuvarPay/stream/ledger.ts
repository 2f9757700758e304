import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { type Watched } from '../payments/sources';
import { isFinal, statusOf } from '../payments/statuses';

/** What the workflow was last told of one object. Kept in the node's static data. */
export interface Seen {
	status: string;
	updatedAt?: string;
	eventId?: string;
	createdAt?: string;
	/** Of objects without `updatedAt`: a fingerprint, and how often it was told. */
	print?: string;
	told?: number;
}

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
	/** The session or transaction as the REST call gives it. */
	data: IDataObject;
}

export interface Update {
	object: IDataObject;
	/** The SSE event name. */
	event: string;
	/** The event's id, '' when it came without one or was read by REST. */
	eventId: string;
	/** Streams tell events in order; a REST answer may be older than what a stream told meanwhile. */
	from: 'stream' | 'rest';
}

const time = (text: string | undefined): number => (text === undefined ? NaN : Date.parse(text));

/** What an update means. */
export interface Judgement {
	/** Whether it tells something new: not what was told already, and nothing older than that. */
	isNews: boolean;
	/** What to remember after it, whether it is told or not. Nothing goes back in time. */
	next: Seen;
}

/**
 * Judges an update by the object's own `updatedAt` where it has one, else by event id, content and
 * status.
 * @param anyUpdate whether a change of something else than the status is news too
 */
export function judge(seen: Seen | undefined, update: Update, anyUpdate: boolean): Judgement {
	const age = time(update.object.updatedAt as string | undefined) - time(seen?.updatedAt);
	return {
		isNews: !seen || isNews(seen, update, anyUpdate, age),
		next: remember(seen, update, age),
	};
}

/** @param age how much later than what was told last, in ms; NaN where one has no time */
function isNews(seen: Seen, update: Update, anyUpdate: boolean, age: number): boolean {
	const status = statusOf(update.object);
	if (age < 0) return false;
	if (Number.isNaN(age) && isRepeat(seen, update)) return false;
	if (isFinal(seen.status) && !isFinal(status)) return false;
	// Two changes in the same millisecond: the stream's order counts, a REST answer may be either.
	if (age === 0 && update.from === 'rest' && !isFinal(status)) return false;
	if (status !== seen.status) return true;
	return anyUpdate && (age > 0 || (Number.isNaN(age) && update.from === 'stream'));
}

/** The same event again. The id alone does not tell: an event without one comes with the last one's. */
const isRepeat = (seen: Seen, { eventId, object }: Update): boolean =>
	eventId !== '' && eventId === seen.eventId && fingerprint(object) === seen.print;

export const fingerprint = (object: IDataObject): string =>
	createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 16);

function remember(seen: Seen | undefined, { object, eventId }: Update, age: number): Seen {
	const updatedAt = object.updatedAt as string | undefined;
	const next: Seen = {
		status: seen && age < 0 ? seen.status : statusOf(object),
		updatedAt: age < 0 ? seen?.updatedAt : (updatedAt ?? seen?.updatedAt),
		eventId: eventId || seen?.eventId,
		createdAt: (object.createdAt as string | undefined) ?? seen?.createdAt,
	};
	if (updatedAt === undefined) {
		next.print = fingerprint(object);
		next.told = seen?.told;
	}
	return next;
}

/**
 * The object in an event's payload: `{ success, data: {…}, …metadata }` or flat.
 * @throws SyntaxError | TypeError when it is none
 */
export function objectOf(payload: unknown): IDataObject {
	const data = (payload as IDataObject | null)?.data ?? payload;
	if (typeof data !== 'object' || data === null || Array.isArray(data))
		throw new TypeError('the event carries no object');
	return data as IDataObject;
}

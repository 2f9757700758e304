import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { isFinal, statusOf, type Watched } from './source';

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

/**
 * Whether an update tells something new: not what was told already, and nothing older than that.
 * Decided by the object's own `updatedAt` where it has one, else by event id, content and status.
 */
export function isNews(seen: Seen | undefined, update: Update, anyUpdate: boolean): boolean {
	if (!seen) return true;
	const status = statusOf(update.object);
	const age = time(update.object.updatedAt as string | undefined) - time(seen.updatedAt);
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

/** What to remember after an update, whether it was emitted or not. Nothing goes back in time. */
export function remember(seen: Seen | undefined, { object, eventId }: Update): Seen {
	const updatedAt = object.updatedAt as string | undefined;
	const older = time(updatedAt) < time(seen?.updatedAt);
	return {
		status: older && seen ? seen.status : statusOf(object),
		updatedAt: older ? seen?.updatedAt : (updatedAt ?? seen?.updatedAt),
		eventId: eventId || seen?.eventId,
		createdAt: (object.createdAt as string | undefined) ?? seen?.createdAt,
		...(updatedAt === undefined && { print: fingerprint(object), told: seen?.told }),
	};
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

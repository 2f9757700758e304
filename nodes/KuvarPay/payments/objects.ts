import type { IDataObject } from 'n8n-workflow';
import { isPlainObject } from '../api/json';
import { sources, type Source } from './sources';
import { statusOf } from './statuses';

/** How KuvarPay's objects are read, under whatever names their parts come. */

/** The object's own ID. */
export function idOf({ ids }: Source, object: IDataObject): string | undefined {
	return textAt(object, ids);
}

/** The session's own token, which opens its stream (contract notes, section 2). */
export const tokenOf = (session: IDataObject): string | undefined => {
	const token = textAt(session, ['authToken', 'auth_token', 'sessionToken', 'session_token']);
	return token !== undefined && isToken(token) ? token : undefined;
};

/** A token as RFC 6750, section 2.1 allows, so that nothing can follow it in the header. */
export const isToken = (text: string): boolean => /^[\w\-.~+/]+=*$/.test(text);

/** The session that a transaction belongs to. */
export const sessionIdOf = (transaction: IDataObject): string | undefined =>
	textAt(transaction, sources.checkoutSession.ids.slice(0, -4));

/** How far ahead of ours another clock may be, in ms; the zones of the world span 26 hours. */
const AHEAD = 24 * 3_600_000;

/** When it was changed last, in ms since 1970; undefined where that is not told or cannot be. */
export const updatedAt = (object: IDataObject, now: number): number | undefined =>
	timeAt(object, ['updatedAt', 'updated_at', 'modifiedAt', 'modified_at', 'lastUpdated'], now);

/** When it was made. */
export const createdAt = (object: IDataObject, now: number): number | undefined =>
	timeAt(object, ['createdAt', 'created_at', 'created', 'creationDate'], now);

function timeAt(object: IDataObject, names: readonly string[], now: number): number | undefined {
	for (const name of names) {
		const value = object[name];
		if (value === undefined || value === null) continue;
		const time = timeOf(value);
		// A time that has not come yet is none: it would make all that follows look old.
		return time > 0 && time <= now + AHEAD ? time : undefined;
	}
	return undefined;
}

/** ISO 8601, or Unix seconds or milliseconds. */
function timeOf(value: unknown): number {
	const number = typeof value === 'number' || /^\d+$/.test(String(value)) ? Number(value) : NaN;
	if (!Number.isNaN(number)) return number < 1e11 ? number * 1000 : number;
	return typeof value === 'string' ? Date.parse(value) : NaN;
}

function textAt(object: IDataObject, names: readonly string[]): string | undefined {
	for (const name of names) {
		const text = textOf(object, name);
		if (text !== undefined) return text;
	}
	return undefined;
}

function textOf(object: IDataObject, name: string): string | undefined {
	const value = Object.hasOwn(object, name) ? object[name] : undefined;
	if (typeof value === 'number') return String(value);
	return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Names under which anything may be wrapped. */
const WRAPPERS = [
	'data',
	'payload',
	'object',
	'resource',
	'result',
	'attributes',
	'body',
	'message',
];

/** How deep an object may be wrapped. */
const DEEPEST = 4;

/**
 * The watched object in an event's payload: flat, below `data` or another wrapper, or below the name of
 * its kind. It has a status; and its ID, or none where only one object can be meant.
 * @param id the object that is watched
 */
export function objectIn(source: Source, payload: unknown, id: string): IDataObject | undefined {
	const found = candidates(source, payload).filter((object) => statusOf(object) !== '');
	return (
		found.find((object) => source.ids.some((name) => textOf(object, name) === id)) ??
		found.find(
			(object) => textAt(object, source.ids) === undefined && !OF_ENVELOPES.test(statusOf(object)),
		)
	);
}

/** What an envelope or a greeting may have for a status. */
const OF_ENVELOPES =
	/^(OK|SUCCESS|ERROR|(DIS)?CONNECT(ED|ING)|ALIVE|READY|LISTENING|SUBSCRIBED|HEARTBEAT|PING|PONG)$/;

/** What is inside first. */
function candidates(
	source: Source,
	payload: unknown,
	depth = 0,
	found: IDataObject[] = [],
): IDataObject[] {
	if (!isPlainObject(payload) || depth > DEEPEST) return found;
	for (const names of [source.names, WRAPPERS])
		for (const name of names)
			if (Object.hasOwn(payload, name)) candidates(source, payload[name], depth + 1, found);
	found.push(payload as IDataObject);
	return found;
}

/** What an answer by REST is about: its `data` or what has the name of its kind, else all of it. */
export function objectOf({ names }: Source, answer: unknown): IDataObject {
	if (!isPlainObject(answer)) throw new TypeError('the answer carries no object');
	if (statusOf(answer as IDataObject) !== '') return answer as IDataObject;
	const inner = [...names, ...WRAPPERS].map((name) => answer[name]).find(isPlainObject);
	return (inner ?? answer) as IDataObject;
}

/** Names of events, and kinds in their payloads, that only say that somebody is there. */
const SIGN_OF_LIFE =
	/^(connect|open|ready|hello|hi$|welcome|init|start|subscribed|listening|heart.?beat|ping|pong|keep.?alive|noop|alive)/i;

/** Whether an event without an object tells nothing, such as a greeting or a heartbeat. */
export function isSignOfLife(name: string, payload?: unknown): boolean {
	if (SIGN_OF_LIFE.test(name) || payload === null || payload === '') return true;
	if (!isPlainObject(payload)) return false;
	const kinds = ['type', 'event', 'kind', 'message', 'status'].map((at) => payload[at]);
	return (
		Object.keys(payload).length === 0 ||
		kinds.some((kind) => typeof kind === 'string' && SIGN_OF_LIFE.test(kind))
	);
}

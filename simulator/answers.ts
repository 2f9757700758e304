import type { IncomingHttpHeaders } from 'node:http';

import type { Core } from './core';
import type { Json } from './state';
import type { StreamKind } from './types';

/** What an operation is called with. */
export interface Call {
	params: Record<string, string>;
	query: Record<string, string | string[]>;
	body: Json;
	headers: IncomingHttpHeaders;
}

/** An operation: works on the state and gives the body to answer with. */
export type Handler = (call: Call, core: Core) => Json | Rows | StreamStart;

/** The handlers of one resource, by operationId. */
export type Handlers = Record<string, Handler>;

/** The answer of an operation that streams. */
export class StreamStart {
	constructor(
		readonly kind: StreamKind,
		readonly id: string,
		readonly resource: object,
	) {}
}

/** The answer of an operation that lists: all rows that fit the request, oldest first. */
export class Rows {
	constructor(
		readonly entries: readonly unknown[],
		/** Whether they come in pages; short lists that nobody pages come whole. */
		readonly paged = true,
	) {}
}

/** What is wrong with one field, or with the whole. */
export interface Problem {
	field?: string;
	message: string;
}

/** A refusal with a status code and a sentence that says why. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly headers: Record<string, string> = {},
		/** The same by field, for dialects that tell it so. */
		readonly problems: readonly Problem[] = [],
	) {
		super(message);
	}
}

/** Fields that the server decides, whatever a request says. */
const SERVER_FIELDS = new Set([
	'id',
	'businessId',
	'status',
	'payoutStatus',
	'reference',
	'depositAddress',
	'transactions',
	'prices',
	'charge_attempts',
	'attempt_count',
	'createdAt',
	'updatedAt',
]);

/** What a request may set: its body without the fields that are the server's. */
export function given(body: Json): Json {
	return Object.fromEntries(Object.entries(body).filter(([name]) => !SERVER_FIELDS.has(name)));
}

/** The body of every refusal. */
export function failure(message: string): Json {
	return { success: false, error: message };
}

/** The usual envelope. */
export function success(data: unknown, more: Json = {}): Json {
	return { success: true, ...more, data };
}

/** The entry with that id, or a 404 that names what was looked for. */
export function found<T>(map: ReadonlyMap<string, T>, id: string, what: string): T {
	const entry = map.get(id);
	if (entry === undefined) throw new ApiError(404, `${what} not found`);
	return entry;
}

/** A list to answer with. */
export function list<T>(entries: Iterable<T>, keep?: (entry: T) => boolean): Rows {
	return new Rows(keep ? [...entries].filter(keep) : [...entries]);
}

/** The value of a query parameter as text; the first one if it was given twice. */
export function text(query: Call['query'], name: string): string | undefined {
	const value = query[name];
	return Array.isArray(value) ? value[0] : value;
}

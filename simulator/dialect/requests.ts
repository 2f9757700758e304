import { ApiError, type Problem } from '../answers';
import type { Json } from '../state';
import { NEEDED, SPELLINGS } from './spellings';
import type { RequestDialect, Wording } from './types';

/** A body as the handlers know it. */
export interface Understood {
	body: Json;
	/** Something was sent that is not known here and was passed over in silence. */
	ignored: boolean;
}

const LONG = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'];
const SHORT = ['day', 'week', 'month', 'year'];

/** Gives each field the contract's name, or refuses it where this KuvarPay knows only another name. */
export function understand(dialect: RequestDialect, operationId: string, sent: Json): Understood {
	const spellings = SPELLINGS[operationId] ?? {};
	const own = dialect.fields[operationId] ?? {};
	const body = structuredClone(sent);
	const unknown: string[] = [];
	const missing: string[] = [];
	for (const field of new Set([...Object.keys(spellings), ...Object.keys(own)])) {
		const names = [...new Set([field, ...(spellings[field] ?? [])])];
		const wanted = own[field];
		const accepted = wanted === undefined ? names : [wanted];
		const value = accepted.map((name) => take(body, name)).find((found) => found !== undefined);
		if (wanted !== undefined) {
			unknown.push(...names.filter((name) => take(body, name) !== undefined));
			const needed = dialect.needed[operationId]?.includes(field);
			if (value === undefined && (needed || isNeeded(operationId, field, body))) {
				missing.push(wanted);
			}
		}
		if (value !== undefined) put(body, field, value);
	}
	if (missing.length > 0 || (unknown.length > 0 && dialect.wording === 'zodStrict')) {
		if (dialect.unknown === 'unnamed') throw new ApiError(400, 'Invalid request');
		if (dialect.unknown === 'named') throw refusal(dialect.wording, missing, unknown);
	}
	// Both are how METERED and FIXED were published: the one with a target, the other the usual one.
	if (operationId === 'subscriptionCheckout.create') {
		body.billingMode ??= body.targetPrice === undefined ? 'FIXED' : 'METERED';
	}
	if (operationId === 'price.create') checkInterval(dialect, body);
	return { body, ignored: missing.length > 0 || unknown.length > 0 };
}

function isNeeded(operationId: string, field: string, body: Json): boolean {
	// Only a subscription at a fixed price has one.
	if (operationId === 'subscriptionCheckout.create' && field === 'priceId') {
		return body.targetPrice === undefined;
	}
	return NEEDED[operationId]?.includes(field) ?? false;
}

function checkInterval({ intervals, unknown }: RequestDialect, body: Json): void {
	if (intervals === 'any' || body.interval === undefined) return;
	const known = intervals === 'month' ? SHORT : LONG;
	if (known.includes(String(body.interval))) return;
	if (unknown === 'unnamed') throw new ApiError(400, 'Invalid request');
	const message = `interval must be one of: ${known.join(', ')}`;
	throw new ApiError(400, message, {}, [{ field: 'interval', message }]);
}

function refusal(wording: Wording, missing: string[], unknown: string[]): ApiError {
	const problems: Problem[] = missing.flatMap((field) =>
		missingIn(wording, field).map((message) => ({ field, message })),
	);
	if (wording === 'zodStrict' && unknown.length > 0) {
		const keys = unknown.map((name) => `'${name}'`).join(', ');
		problems.push({ message: `Unrecognized key(s) in object: ${keys}` });
	}
	const inOne = problems.map(({ field, message }) =>
		field !== undefined && !message.includes(field) ? `${field}: ${message}` : message,
	);
	return new ApiError(400, inOne.join('; '), {}, problems);
}

function missingIn(wording: Wording, field: string): string[] {
	switch (wording) {
		case 'joi':
			return [`"${field}" is required`];
		case 'zod':
		case 'zodStrict':
			return ['Required'];
		case 'classValidator':
			return [`${field} should not be empty`, `${field} must be a string`];
		case 'ajv':
			return [`must have required property '${field}'`];
		default:
			return [`${field} is required`];
	}
}

/** Takes a value out of the body; an object that it leaves empty goes with it. */
function take(body: Json, name: string): unknown {
	const [first, rest] = split(name);
	if (rest === undefined) {
		const value = body[first];
		delete body[first];
		return value;
	}
	const inner = body[first];
	if (typeof inner !== 'object' || inner === null) return undefined;
	const value = take(inner as Json, rest);
	if (value !== undefined && Object.keys(inner).length === 0) delete body[first];
	return value;
}

function put(body: Json, name: string, value: unknown): void {
	const [first, rest] = split(name);
	if (rest === undefined) body[first] = value;
	else put((body[first] ??= {}) as Json, rest, value);
}

function split(name: string): [string, string | undefined] {
	const dot = name.indexOf('.');
	return dot === -1 ? [name, undefined] : [name.slice(0, dot), name.slice(dot + 1)];
}

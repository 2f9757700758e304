import type { IDataObject, IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import type { Query, QueryValue } from '../api/connection';
import { endpoints } from '../api/endpoints';
import { InputError } from '../api/errors';
import { idempotencyKey } from '../api/idempotency';
import { targetOf, type Names } from '../api/routes';
import type { SpellingTable } from '../api/spelling';
import { isPlainObject, writeJson } from '../api/json';
import { options } from './options';
import type { Read } from './parameters';
import { collectionOf } from './properties';
import type { Field, FindOperation, Send, Wish } from './types';
import { count, flag, isEmpty, isoDate, json, text, type Convert } from './values';

/** What Node's timers take, about 24.8 days; with more they fire at once. In ms. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Reads what is wanted for an item.
 * @param findOperation the table of what the node offers
 * @param read the item's parameters
 * @throws InputError that names the parameter; no request has been made then
 */
export function readWish(
	context: IExecuteFunctions,
	item: number,
	findOperation: FindOperation,
	read: Read = (name) => context.getNodeParameter(name, item, null),
): Wish {
	const settings = { timezone: context.getTimezone() };
	const { id, operation } = operationOf(read, findOperation);
	const isRead = endpoints[id].method === 'GET';
	const chosen = readOptions(read('options'), settings);

	const ids: Names = {};
	const controls: Record<string, unknown> = {};
	const query: Record<string, unknown> = {};
	const body: Record<string, unknown> = {};
	const spellings: SpellingTable = {};
	const put = (field: Field, raw: unknown, keepEmpty = false) => {
		if (field.send === false) return;
		const {
			in: place = isRead ? 'query' : 'body',
			as = field.name,
			...send
		}: Send = field.send ?? {};
		// What the user sets by its own name wins, and is not looked at.
		const own = { body: chosen.bodyProperties, query: chosen.queryParameters }[place as string];
		if (own && as !== '' && hasAt(own, as.split('.')) && isEmpty(valueOf(raw))) return;
		const value = convert(field, raw, settings, keepEmpty);
		if (value === undefined) return;
		const target = { body, query, control: controls, path: ids }[place];
		if (place === 'path') ids[as] = String(value);
		else if (as === '') merge(target, value as Record<string, unknown>);
		else setAt(target, as.split('.'), value);
		if (place === 'body' && as !== '' && !(own && as.split('.')[0] in own))
			spellings[as] = send.spellings ?? {};
	};

	for (const field of operation.fields ?? [])
		if (isShown(field, read)) put(field, read(field.name));
	const collection = (read(collectionOf(operation)) ?? {}) as IDataObject;
	for (const field of operation.optional ?? [])
		if (field.name in collection)
			put(field, collection[field.name], collectionOf(operation) === 'updateFields');

	merge(body, chosen.bodyProperties ?? {});
	merge(query, chosen.queryParameters ?? {});
	if (operation.value === 'update' && Object.keys(body).length === 0)
		throw new InputError('Update Fields is empty', 'Add the field that is to change.');
	const target = targetOf(id, ids, namesIn(body), chosen.pathOverride);
	const key = isRead
		? undefined
		: (chosen.idempotencyKey ?? idempotencyKey(context, item, [id, target.routes[0].path, body]));
	return {
		operation,
		ids,
		controls,
		call: {
			target,
			query: flat(query),
			...(!isRead && { body, spellings }),
			...(key !== undefined && { idempotencyKey: key }),
			maxRetries: Math.min(10, Number(chosen.maxRetries ?? 4)),
			timeout: Math.min(LONGEST_TIMEOUT, Number(chosen.timeout ?? 30) * 1000),
		},
		limit:
			read('returnAll') === true ? Infinity : Number(count(read('limit') ?? 50, 'Limit', settings)),
		raw: chosen.rawResponse === true,
		...(chosen.readPathOverride && { readPath: chosen.readPathOverride }),
		...(operation.simplify && read('simplify') === true && { keep: operation.simplify }),
	};
}

/** How many items may be in flight, from the options of the first item; undefined when it is to be found out. */
export function readConcurrency(context: IExecuteFunctions): number | undefined {
	const { concurrency } = context.getNodeParameter('options', 0, {}) as IDataObject;
	if (concurrency === undefined) return undefined;
	return Math.min(1000, Number(count(concurrency, 'Concurrency', { timezone: 'UTC' })));
}

function operationOf(read: Read, findOperation: FindOperation) {
	const resource = String(read('resource'));
	const operation = String(read('operation'));
	const found = findOperation(resource, operation);
	if (found) return found;
	throw new InputError(
		`The node has no operation "${operation}" for the resource "${resource}"`,
		'Choose Resource and Operation from their lists.',
	);
}

interface Chosen {
	bodyProperties?: Record<string, unknown>;
	queryParameters?: Record<string, unknown>;
	maxRetries?: unknown;
	timeout?: unknown;
	idempotencyKey?: string;
	pathOverride?: string;
	readPathOverride?: string;
	rawResponse?: boolean;
}

function readOptions(value: unknown, settings: { timezone: string }): Chosen {
	const given = (value ?? {}) as IDataObject;
	return Object.fromEntries(
		options
			.filter(({ name }) => name in given)
			.map((option) => [option.name, convert(option, given[option.name], settings)]),
	);
}

/** The name that messages use: as the editor shows it, without the words n8n wants on pickers. */
const labelOf = (field: INodeProperties) => field.displayName.replace(/ Name or ID$/, '');

const BY_TYPE: Partial<Record<INodeProperties['type'], Convert>> = {
	boolean: flag,
	dateTime: isoDate,
	json,
};

function convert(
	field: Field,
	raw: unknown,
	settings: { timezone: string },
	keepEmpty = false,
): unknown {
	const value = valueOf(raw);
	const converter = (field.send && field.send.convert) || BY_TYPE[field.type] || text;
	if (isEmpty(value)) {
		if (field.required)
			throw new InputError(`${labelOf(field)} is empty`, `Enter a value for ${labelOf(field)}.`);
		return keepEmpty && converter === text && value === '' ? '' : undefined;
	}
	return converter(value, labelOf(field), settings);
}

/** A resource locator carries its value inside. */
const valueOf = (raw: unknown): unknown =>
	isPlainObject(raw) && raw.__rl === true ? raw.value : raw;

/** What of the body may stand in a path. */
const namesIn = (body: Record<string, unknown>): Names =>
	Object.fromEntries(
		Object.entries(body)
			.filter(([, value]) => typeof value === 'string' || typeof value === 'number')
			.map(([name, value]) => [name, String(value)]),
	);

/** Whether the field's own conditions hold. */
function isShown(field: Field, read: (name: string) => unknown): boolean {
	return Object.entries(field.displayOptions?.show ?? {}).every(([name, values]) =>
		(values as unknown[]).includes(read(name)),
	);
}

function setAt(target: Record<string, unknown>, path: string[], value: unknown): void {
	const [name, ...deeper] = path;
	if (deeper.length === 0) target[name] = value;
	else setAt((target[name] ??= {}) as Record<string, unknown>, deeper, value);
}

function hasAt(object: Record<string, unknown>, [name, ...deeper]: string[]): boolean {
	if (!Object.hasOwn(object, name)) return false;
	const inner = object[name];
	return deeper.length === 0 || inner === null || (isPlainObject(inner) && hasAt(inner, deeper));
}

/**
 * Lays the user's own properties over what the fields gave: objects are joined, null takes away what
 * a field gave, and all else replaces it.
 */
function merge(target: Record<string, unknown>, extra: Record<string, unknown>): void {
	for (const [name, value] of Object.entries(extra)) {
		const old = Object.hasOwn(target, name) ? target[name] : undefined;
		if (isPlainObject(old) && isPlainObject(value)) merge(old, value);
		else if (value === null && old !== undefined) delete target[name];
		// defineProperty: a plain assignment of "__proto__" would change the object's prototype.
		else
			Object.defineProperty(target, name, {
				value,
				enumerable: true,
				configurable: true,
				writable: true,
			});
	}
}

/** Query values are plain; what is not, is sent as JSON text. */
function flat(query: Record<string, unknown>): Query {
	const single = (value: unknown): QueryValue =>
		isPlainObject(value) || Array.isArray(value) ? writeJson(value) : String(value);
	return Object.fromEntries(
		Object.entries(query)
			.filter(([, value]) => value !== null && value !== undefined)
			.map(([name, value]) => [name, Array.isArray(value) ? value.map(single) : single(value)]),
	);
}

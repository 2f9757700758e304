import type { IDataObject } from 'n8n-workflow';
import { isPlainObject } from './json';

/** What a list answer is made of, wherever a server puts it: no document shows one. */

/** Names under which servers put the rows, the likeliest first. */
const ROW_NAMES = ['data', 'items', 'results', 'rows', 'records', 'list', 'docs', 'content'];

/** How deep rows and figures are looked for. */
const DEEPEST = 4;

/**
 * The records of a list answer: the body itself, or the list in it. Of several lists one of objects
 * comes first, then one with a usual name, then the one that stands highest. What is no object
 * becomes one, with the record as its `value`.
 */
export function rowsOf(body: unknown): IDataObject[] {
	return (rowsIn(body)?.list ?? []).map((row) =>
		isPlainObject(row) ? (row as IDataObject) : ({ value: row } as IDataObject),
	);
}

/** A list in a body, and where it stands: `data.items`. */
interface List {
	path: string;
	list: unknown[];
}

function rowsIn(body: unknown): List | undefined {
	if (Array.isArray(body)) return { path: '', list: body as unknown[] };
	const rank = ({ path, list }: List) =>
		(list.some(isPlainObject) ? 0 : 2) +
		(ROW_NAMES.includes(path.slice(path.lastIndexOf('.') + 1)) ? 0 : 1);
	return listsIn(body).sort((one, other) => rank(one) - rank(other))[0];
}

/** The lists in a body, those higher up first. */
function listsIn(body: unknown): List[] {
	const found: List[] = [];
	let floor: Array<{ path: string; object: unknown }> = [{ path: '', object: body }];
	for (let depth = 0; depth < DEEPEST && floor.length > 0; depth++) {
		const inner: typeof floor = [];
		for (const { path, object } of floor)
			if (isPlainObject(object))
				for (const [name, value] of Object.entries(object)) {
					const place = path === '' ? name : `${path}.${name}`;
					if (Array.isArray(value)) found.push({ path: place, list: value });
					else inner.push({ path: place, object: value });
				}
		floor = inner;
	}
	return found;
}

/** In words what a list answer looks like, without anything of its rows' content. */
export function shapeOf(body: unknown, headers: Record<string, unknown>): string {
	const found = rowsIn(body);
	if (!found) return 'no list';
	const rows = found.list.filter(isPlainObject) as IDataObject[];
	const figures = Object.keys(toldOf(body, headers));
	const id = ID_NAMES.find((name) => rows.some((row) => name in row));
	const count = found.list.length;
	return [
		`${count} ${count === 1 ? 'row' : 'rows'} ${found.path === '' ? 'as the body' : `at ${found.path}`}`,
		`figures: ${figures.join(', ') || 'none'}`,
		// An empty list tells nothing of its rows.
		...(count > 0 ? [`ID as ${id ?? 'another name'}`, orderOf(rows)] : []),
	].join(', ');
}

function orderOf(rows: IDataObject[]): string {
	const times = rows.map(({ createdAt }) => Date.parse(String(createdAt)));
	if (times.some(Number.isNaN)) return 'without createdAt';
	const steps = new Set(times.slice(1).map((time, index) => Math.sign(time - times[index])));
	steps.delete(0);
	if (steps.size !== 1) return steps.size === 0 ? 'order unknown' : 'not sorted by createdAt';
	return steps.has(1) ? 'oldest first' : 'newest first';
}

/** Names under which objects carry their own ID. */
export const ID_NAMES = ['id', 'uid', 'uuid', '_id'];

/**
 * The ID of a record, under whichever name; undefined for one without.
 * @param own further names of this kind's ID, such as `transactionId`. With others it may be the ID
 * of something else, so they come last
 */
export function idOf(row: IDataObject, ...own: string[]): string | undefined {
	for (const name of [...ID_NAMES, ...own.flatMap((name) => [name, inSnakeCase(name)])]) {
		const value = row[name];
		if ((typeof value === 'string' && value !== '') || typeof value === 'number')
			return String(value);
	}
	return undefined;
}

const inSnakeCase = (name: string) =>
	name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What a server tells of a list's pages; what it does not tell is undefined. */
export interface Told {
	/** How many records there are in all. */
	total?: number;
	/** How many pages there are. */
	pages?: number;
	/** The number of this page. */
	page?: number;
	/** Whether there is more. */
	more?: boolean;
	/** Opens the next page. */
	cursor?: string;
	/** Address of the next page, absolute or relative. */
	next?: string;
}

const NAMES: Record<'total' | 'pages' | 'page' | 'more' | 'cursor' | 'next', string[]> = {
	total: ['total', 'totalcount', 'totalitems', 'totalrecords', 'totalresults', 'totalelements'],
	pages: ['totalpages', 'pages', 'pagecount', 'lastpage', 'numpages'],
	page: ['page', 'currentpage', 'pagenumber'],
	more: ['hasmore', 'hasnext', 'hasnextpage', 'more'],
	cursor: ['nextcursor', 'cursor', 'endcursor', 'nextpagetoken', 'nexttoken', 'continuationtoken'],
	next: ['next', 'nexturl', 'nextlink', 'nextpageurl'],
};

/** Names of what may hold a link: `{ next: { href } }`. */
const LINKS = ['href', 'url'];

/** Headers in which figures come (a convention without a standard); lower case. */
const HEADERS: Partial<Record<keyof Told, string>> = {
	total: 'x-total-count',
	pages: 'x-total-pages',
	page: 'x-page',
};

/** Reads what the server tells of its pages: beside the rows, below `data`, or in the headers. */
export function toldOf(body: unknown, headers: Record<string, unknown> = {}): Told {
	const told: Told = {};
	let floor: unknown[] = [body];
	for (let depth = 0; depth < DEEPEST && floor.length > 0; depth++) {
		const inner: unknown[] = [];
		for (const object of floor.filter(isPlainObject))
			for (const [name, value] of Object.entries(object)) {
				take(told, name.replace(/[_-]/g, '').toLowerCase(), value);
				inner.push(value);
			}
		floor = inner;
	}
	for (const [kind, header] of Object.entries(HEADERS))
		if (headers[header] !== undefined) take(told, kind, headers[header]);
	// RFC 8288.
	const link = /<([^>]*)>[^,]*;\s*rel="?next"?/i.exec(String(headers.link ?? ''))?.[1];
	if (link) told.next ??= link;
	return told;
}

function take(told: Told, name: string, value: unknown): void {
	const kind = (Object.keys(NAMES) as Array<keyof Told>).find((each) => NAMES[each].includes(name));
	if (kind === undefined || told[kind] !== undefined) return;
	if (kind === 'more') {
		if (typeof value === 'boolean') told.more = value;
	} else if (kind === 'total' || kind === 'pages' || kind === 'page') {
		const number = typeof value === 'string' && value !== '' ? Number(value) : value;
		if (typeof number === 'number' && number >= 0) told[kind] = number;
	} else {
		const link = isPlainObject(value) ? LINKS.map((each) => value[each]).find(Boolean) : value;
		// A next page that is told as none is an end.
		if (link === null || link === '' || link === false) told.more ??= false;
		else if (typeof link === 'string')
			told[kind === 'next' && !isAddress(link) ? 'cursor' : kind] = link;
		else if (typeof link === 'number' && kind === 'cursor') told.cursor = String(link);
	}
}

const isAddress = (text: string) => /^(https?:\/\/|\/|\?)/i.test(text);

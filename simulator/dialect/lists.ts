import { ApiError, type Call, type Rows } from '../answers';
import type { Json } from '../state';
import type { ListDialect } from './types';

/** One page of a list, and where the next one is. */
export interface Page {
	rows: unknown[];
	number: number;
	limit: number;
	total: number;
	totalPages: number;
	/** Number of the next row; undefined at the end. */
	next: number | undefined;
}

/** The part of the list that the query asks for. */
export function pageOf(dialect: ListDialect, { entries, paged }: Rows, query: Call['query']): Page {
	const { paging, size, cap } = dialect;
	const total = entries.length;
	if (!paged || paging === 'all') {
		const rows = paged ? ordered(dialect, entries, 0, total) : [...entries];
		return { rows, number: 1, limit: Math.max(total, 1), total, totalPages: 1, next: undefined };
	}
	const asked = dialect.limit ? wholeNumber(query.limit, size) : size;
	const limit = Math.min(cap, Math.max(1, asked));
	const totalPages = Math.ceil(total / limit);
	let start = startOf(paging, query, limit);
	if (start >= total && start > 0) {
		if (dialect.beyond === '404') throw new ApiError(404, 'Invalid page');
		if (dialect.beyond === 'last') start = Math.max(0, (totalPages - 1) * limit);
	}
	const end = Math.min(total, start + limit);
	return {
		rows: start < total ? ordered(dialect, entries, start, end) : [],
		number: Math.floor(start / limit) + 1,
		limit,
		total,
		totalPages,
		next: end < total ? end : undefined,
	};
}

/** The rest of the body and the headers that come with the rows. */
export function listBody(
	dialect: ListDialect,
	{ paged }: Rows,
	page: Page,
	rows: unknown[],
	plural: string,
	address: URL,
): { body: unknown; headers: Record<string, string> } {
	const headers: Record<string, string> = {};
	const top: Json = {};
	const inside: Json = {};
	if (paged) {
		const figures = figuresOf(dialect, page, headers);
		Object.assign(dialect.figures === 'inside' ? inside : top, figures);
		addNext(dialect, page, address, { top, inside, headers });
	}
	return { body: assembled(dialect, rows, plural, top, inside), headers };
}

function assembled(
	dialect: ListDialect,
	rows: unknown[],
	plural: string,
	top: Json,
	inside: Json,
): unknown {
	const [outer, inner] = dialect.rows.split('.');
	const nameOf = (name: string) => (name === 'plural' ? plural : name);
	if (outer === 'array') return rows;
	if (outer !== 'data') return { [nameOf(outer)]: rows, ...top, ...inside };
	if (inner === undefined) return { success: true, ...top, ...inside, data: rows };
	return { success: true, ...top, data: { [nameOf(inner)]: rows, ...inside } };
}

function figuresOf(dialect: ListDialect, page: Page, headers: Record<string, string>): Json {
	const { number, limit, total, totalPages, next } = page;
	if (dialect.figures === 'headers') {
		Object.assign(headers, {
			'x-total-count': String(total),
			'x-page': String(number),
			'x-per-page': String(limit),
			'x-total-pages': String(totalPages),
		});
	}
	if (dialect.figures === 'headers' || dialect.figures === 'none') return {};
	switch (dialect.figuresAs) {
		case 'meta':
			return { meta: { page: number, limit, total, totalPages } };
		case 'flat':
			return { page: number, limit, total, totalPages };
		case 'total':
			return { total };
		case 'hasMore':
			return { hasMore: next !== undefined };
		default:
			return { pagination: { page: number, limit, total, totalPages } };
	}
}

function addNext(
	dialect: ListDialect,
	{ next, limit }: Page,
	address: URL,
	{ top, inside, headers }: { top: Json; inside: Json; headers: Record<string, string> },
): void {
	if (dialect.paging === 'cursor') {
		const cursor = next === undefined ? null : cursorAt(next);
		const told = { [dialect.cursorName]: cursor };
		const figures = [top, inside]
			.flatMap((place) => [place.pagination, place.meta])
			.find((place) => place !== undefined);
		if (dialect.cursor === 'header' || dialect.rows === 'array') {
			if (cursor !== null) headers['x-next-cursor'] = cursor;
		} else if (dialect.cursor === 'figures' && figures) Object.assign(figures, told);
		else Object.assign(dialect.cursor === 'inside' ? inside : top, told);
	}
	if (dialect.paging !== 'link') return;
	const link = next === undefined ? null : linkTo(dialect, address, next, limit);
	if (dialect.link === 'header' || dialect.rows === 'array') {
		if (link !== null) headers.link = `<${link}>; rel="next"`;
	} else if (dialect.link === 'links') top.links = { next: link };
	else top.next = link;
}

function linkTo({ absolute }: ListDialect, address: URL, next: number, limit: number): string {
	const url = new URL(address);
	url.searchParams.set('cursor', cursorAt(next));
	url.searchParams.set('limit', String(limit));
	const path = url.pathname + url.search;
	if (absolute === false) return path;
	return (absolute === true ? url.origin : absolute) + path;
}

function startOf(paging: ListDialect['paging'], query: Call['query'], limit: number): number {
	if (paging === 'offset') return Math.max(0, wholeNumber(query.offset, 0));
	if (paging === 'page') return (Math.max(1, wholeNumber(query.page, 1)) - 1) * limit;
	return positionOf(query.cursor);
}

function wholeNumber(value: string | string[] | undefined, usual: number): number {
	return Math.floor(Number(value ?? usual)) || usual;
}

/** A cursor is nobody's business but the server's: it does not look like a number. */
function cursorAt(position: number): string {
	return Buffer.from(`row:${position}`).toString('base64url');
}

function positionOf(cursor: string | string[] | undefined): number {
	if (typeof cursor !== 'string') return 0;
	const position = /^row:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'))?.[1];
	if (position === undefined) throw new ApiError(400, 'Invalid cursor');
	return Number(position);
}

function ordered(
	{ order }: ListDialect,
	entries: readonly unknown[],
	start: number,
	end: number,
): unknown[] {
	if (order === 'oldest') return entries.slice(start, end);
	if (order === 'newest') {
		return entries.slice(entries.length - end, entries.length - start).reverse();
	}
	// By the checksum of the ids: an order that stays as it is and means nothing.
	return entries
		.map((entry) => ({ entry, weight: weightOf(entry) }))
		.sort((one, other) => one.weight - other.weight)
		.slice(start, end)
		.map(({ entry }) => entry);
}

function weightOf(entry: unknown): number {
	const text = String((entry as Json).id ?? '');
	let weight = 0;
	for (const letter of text) weight = (weight * 31 + letter.charCodeAt(0)) % 65_521;
	return weight;
}

import type { IDataObject } from 'n8n-workflow';
import { ApiError } from './errors';
import { idOf, rowsOf, toldOf, type Told } from './lists';
import { outcomeOf } from './outcome';
import { sendForAnswer, type Answer, type Call, type Client } from './request';

/** Most records that are asked for at once, and most pages that are read. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10_000;

/** Most pages in a row that may hold nothing but what is known. */
const MOST_REPEATS = 10;

/** A way to ask for the next page; undefined where the answer before gives no hold for it. */
type Way = (reading: Reading) => Partial<Call> | undefined;

/** What is learned of a server that gives all at once: how many records those were. */
const WHOLE = /^all (\d+)$/;

/** How far a list has been read. */
interface Reading {
	call: Call;
	client: Client;
	/** Records a page that are asked for. */
	size: number;
	/** The number of the latest page, counted from 1. */
	page: number;
	/** Records so far. */
	rows: number;
	/** Records of the page before that came again beside new ones, as the list grew meanwhile. */
	moved: number;
	told: Told;
	/** The way that has brought records. */
	way?: string;
	/** Why another way to ask was refused. */
	refusal?: ApiError;
	/** Marks of all records so far, and of those of the latest page. */
	known: Set<string>;
	latest: string[];
}

/** What the user asks for by its own name wins. */
const withQuery = ({ call }: Reading, query: Call['query']) => ({
	query: { ...query, ...call.query },
});

const cursorAs =
	(name: string): Way =>
	(reading) =>
		reading.told.cursor === undefined
			? undefined
			: withQuery(reading, { limit: reading.size, [name]: reading.told.cursor });

/**
 * How servers give the next page, the likeliest first: none is documented. One that brings nothing
 * new is left for the next one; what worked for an endpoint is used first from then on.
 */
const WAYS: Record<string, Way> = {
	page: (reading) => withQuery(reading, { limit: reading.size, page: reading.page + 1 }),
	cursor: cursorAs('cursor'),
	after: cursorAs('after'),
	pageToken: cursorAs('pageToken'),
	link: ({ call, client, told }) => linkTo(client, call, told.next),
	// Under both of its names, as a server takes no notice of the one that it does not know.
	offset: (reading) =>
		withQuery(reading, { limit: reading.size, offset: reading.rows, skip: reading.rows }),
	// Where pages are counted from 0, the first one that was read was the second.
	pageFromZero: (reading) =>
		isShort(reading) ? withQuery(reading, { limit: reading.size, page: 0 }) : undefined,
};

/** Fewer records came than the server says there are. */
const isShort = ({ rows, told }: Reading): boolean => told.total !== undefined && rows < told.total;

/** The call to the address that the server names for the next page, at the same server only. */
function linkTo({ connection }: Client, call: Call, next?: string): Partial<Call> | undefined {
	if (next === undefined) return undefined;
	const { target } = call;
	const [route] = target.routes;
	const base = connection.hosts[route.host];
	const url =
		URL.canParse(next, base.origin + route.path) && new URL(next, base.origin + route.path);
	if (!url || url.origin !== base.origin) return undefined;
	const root = base.pathname.replace(/\/+$/, '');
	const path = url.pathname.startsWith(`${root}/`) ? url.pathname.slice(root.length) : url.pathname;
	return {
		target: { method: target.method, routes: [{ ...route, path }] },
		query: Object.fromEntries(url.searchParams),
	};
}

/**
 * The pages of a list, as long as somebody asks for more; no record comes twice (by ID). It ends
 * where the server says so, or where nothing new comes in any of the ways to ask. Nothing is taken
 * for granted of order, figures and sizes.
 * @param size records a page
 * @throws ApiError also when there is no end in sight
 */
export async function* pages(
	client: Client,
	call: Call,
	size = PAGE_SIZE,
): AsyncGenerator<IDataObject[]> {
	const reading: Reading = {
		...{ call, client, size, page: 0, rows: 0, moved: 0, told: {} },
		...{ known: new Set<string>(), latest: [] },
	};
	const first = take(reading, await firstPage(reading));
	if (first.length > 0) yield first;
	// Who asks for a certain page gets that one.
	if (first.length === 0 || PLACES.some((name) => name in (call.query ?? {}))) return;

	if (isWhole(reading)) return;
	const ways = waysFor(reading);
	while (!hasEnded(reading)) {
		const fresh = await nextPage(reading, ways);
		if (fresh.length === 0) {
			// There is more, and no way to it: that is no end.
			if (reading.refusal && saysMore(reading) && !hasGrown(reading)) throw reading.refusal;
			return;
		}
		yield fresh;
	}
}

/** Names by which a user may ask for a certain page. */
const PLACES = ['page', 'cursor', 'after', 'pageToken', 'offset', 'skip'];

/** A server may not know how pages are asked for; then it is asked without. */
async function firstPage(reading: Reading): Promise<Answer> {
	const { call, client, size } = reading;
	const asked = await outcomeOf(
		sendForAnswer(client, { ...call, ...withQuery(reading, { limit: size, page: 1 }) }),
	);
	if ('result' in asked) return asked.result;
	const { error } = asked;
	const isAboutQuery = error instanceof ApiError && [400, 422].includes(error.failure.status ?? 0);
	if (!isAboutQuery) throw error;
	const plain = await outcomeOf(sendForAnswer(client, call));
	if ('result' in plain) return plain.result;
	throw error;
}

/** The ways in the order in which they are tried for this list. */
function waysFor(reading: Reading): Set<string> {
	const { told } = reading;
	const isNumbered = told.pages !== undefined || told.page !== undefined;
	const wanted = [
		learnedWay(reading),
		// A server that gives a link or a cursor and no page numbers means these to be used.
		!isNumbered && told.next && 'link',
		!isNumbered && told.cursor && 'cursor',
		...Object.keys(WAYS),
	];
	return new Set(wanted.filter((way): way is string => typeof way === 'string'));
}

/** Records that were not there before; none when no way brings any. */
async function nextPage(reading: Reading, ways: Set<string>): Promise<IDataObject[]> {
	const { call, client } = reading;
	const learn = (way: string) =>
		call.target.id && client.connection.learned.paging.note(call.target.id, way);
	for (const way of ways) {
		// While a list grows, whole pages of it may have been read already.
		for (let repeats = 0; repeats < MOST_REPEATS; repeats++) {
			if (reading.page >= MOST_PAGES) throw endless();
			const next = WAYS[way]?.(reading);
			const answer = next && (await askFor(reading, way, next));
			if (!answer) break;
			const before = reading.page;
			const fresh = take(reading, answer);
			if (fresh.length > 0) {
				reading.way = way;
				learn(way);
				return fresh;
			}
			// An empty page is an end, unless the server says that there is more.
			if (reading.latest.length === 0 && !hasMore(reading)) return [];
			if (reading.page === before || way !== 'page') break;
		}
		ways.delete(way);
	}
	// It takes no notice of any way: all that there is came at once.
	if (!reading.way && !reading.refusal) learn(`all ${reading.rows}`);
	return [];
}

/**
 * A way that the server refuses is none, unless it has brought records before. Trouble that passes was
 * waited for already.
 */
async function askFor(
	reading: Reading,
	way: string,
	next: Partial<Call>,
): Promise<Answer | undefined> {
	const asked = await outcomeOf(sendForAnswer(reading.client, { ...reading.call, ...next }));
	if ('result' in asked) return asked.result;
	const { error } = asked;
	const status = error instanceof ApiError ? error.failure.status : undefined;
	// Behind the last page there is none; any other refusal of a way that works may hide records.
	const isNone = status === 404 || (way !== reading.way && (status === 400 || status === 422));
	if (!isNone) throw error;
	reading.refusal ??= error as ApiError;
	return undefined;
}

/** Takes in an answer. @returns what of it was not there before */
function take(reading: Reading, { body, headers }: Answer): IDataObject[] {
	const { call, known } = reading;
	const resource = call.target.id?.split('.')[0];
	const marked = rowsOf(body).map((row) => {
		const id = idOf(row, `${resource}Id`, 'sessionId');
		return { row, id, mark: id ?? JSON.stringify(row) };
	});
	const fresh = marked.filter(({ id, mark }) => {
		if (known.has(mark)) return false;
		// Two without an ID that are alike may be two.
		if (id !== undefined) known.add(mark);
		return true;
	});
	for (const { mark } of fresh) known.add(mark);
	const marks = marked.map(({ mark }) => mark);
	// The same page once more is no other one: the server took no notice of how it was asked.
	if (marked.length > 0 && String(marks) !== String(reading.latest)) reading.page += 1;
	// What an empty page tells of itself says nothing of the list.
	if (fresh.length > 0) {
		reading.told = toldOf(body, headers);
		// Only rows of the page before have moved; those of others come from a server that took no notice.
		const before = new Set(reading.latest);
		reading.moved += marks.filter((mark) => before.has(mark)).length;
	}
	reading.rows += fresh.length;
	reading.latest = marks;
	return fresh.map(({ row }) => row);
}

const saysMore = (reading: Reading): boolean =>
	hasMore(reading) || reading.page < (reading.told.pages ?? 0);

/** Whether what is missing came to the head of the list while it was read. */
const hasGrown = ({ moved, rows, told }: Reading): boolean =>
	moved > 0 && told.total !== undefined && rows + moved >= told.total;

/** Whether the server says that there is more than was read. */
const hasMore = (reading: Reading): boolean => reading.told.more === true || isShort(reading);

/**
 * Whether the first page is all, of a server that has given as many at once before: it tells of no
 * more, and did not stop at the number that was asked for.
 */
function isWhole(reading: Reading): boolean {
	const { rows, size, told } = reading;
	const [, before = 0] = WHOLE.exec(learnedWay(reading) ?? '') ?? [];
	const isMore = hasMore(reading) || told.cursor !== undefined || told.next !== undefined;
	// A round number may be the size of a page, of a server that gives its last page again.
	const isPage = rows === size || (rows < size && rows % 5 === 0);
	return !isMore && !isPage && rows <= Number(before);
}

const learnedWay = ({ call: { target }, client }: Reading): string | undefined =>
	target.id && client.connection.learned.paging.recall(target.id);

/** Whether the server says that this was all. What says that there is more wins. */
function hasEnded(reading: Reading): boolean {
	const { more, pages: all, total } = reading.told;
	if (hasMore(reading)) return false;
	if (all !== undefined) return reading.page >= all;
	return more === false || total !== undefined;
}

const endless = () =>
	new ApiError({
		message: `The list has more than ${MOST_PAGES} pages`,
		hint: 'Narrow it with filters, or switch Return All off and set a limit.',
		transient: false,
	});

/**
 * Reads a list.
 * @param limit most records wanted; without it all
 */
export async function collect(
	client: Client,
	call: Call,
	limit = Infinity,
): Promise<IDataObject[]> {
	const records: IDataObject[] = [];
	for await (const rows of pages(client, call, Math.min(limit, PAGE_SIZE))) {
		for (const row of rows.slice(0, limit - records.length)) records.push(row);
		if (records.length >= limit) break;
	}
	return records;
}

import type { IDataObject } from 'n8n-workflow';
import { ApiError } from './errors';
import { send, type Call, type Client } from './request';

/** Most records that are asked for at once, and most pages that are read. */
const PAGE_SIZE = 100;
const MOST_PAGES = 10_000;

/**
 * The pages of a list, as long as somebody asks for more. Ends at a short page, the last page told,
 * or a page that comes again.
 * @param size records a page
 * @throws ApiError also when there is no end in sight
 */
export async function* pages(
	client: Client,
	call: Call,
	size = PAGE_SIZE,
): AsyncGenerator<IDataObject[]> {
	let previous = '';
	for (let page = 1; page <= MOST_PAGES; page++) {
		const body = await send(client, { ...call, query: { limit: size, page, ...call.query } });
		const rows = rowsOf(body);
		// A server that does not know `page` sends the same rows again and again.
		const fingerprint = JSON.stringify(rows);
		if (rows.length === 0 || fingerprint === previous) return;
		previous = fingerprint;

		yield rows;
		if (isLast(body, rows.length, page, size)) return;
	}
	throw new ApiError({
		message: `The list has more than ${MOST_PAGES} pages`,
		hint: 'Narrow it with filters, or switch Return All off and set a limit.',
		transient: false,
	});
}

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
		records.push(...rows.slice(0, limit - records.length));
		if (records.length >= limit) break;
	}
	return records;
}

/** The records of a list answer: the body, its `data`, or the first array below `data`. */
export function rowsOf(body: unknown): IDataObject[] {
	const data = Array.isArray(body) ? body : (body as IDataObject | undefined)?.data;
	const found =
		[data, ...Object.values((data ?? body ?? {}) as IDataObject)].find(Array.isArray) ?? [];
	return found.map((row: unknown) =>
		typeof row === 'object' && row !== null && !Array.isArray(row)
			? (row as IDataObject)
			: ({ value: row } as IDataObject),
	);
}

/** Whether the server says so, or the page is short. What it says of itself comes first. */
function isLast(body: unknown, rows: number, page: number, size: number): boolean {
	const { pagination, meta } = body as { pagination?: IDataObject; meta?: IDataObject };
	const told = pagination ?? meta ?? {};
	const pages = Number(told.totalPages ?? told.pages);
	if (pages > 0) return page >= pages;
	// A server may allow fewer rows a page than were asked for.
	return rows < Math.min(size, Number(told.limit) || size);
}

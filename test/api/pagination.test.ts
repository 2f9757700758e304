import type { IHttpRequestOptions } from 'n8n-workflow';
import fc from '../support/fc';
import { rowsOf } from '../../nodes/KuvarPay/api/lists';
import { collect, pages } from '../../nodes/KuvarPay/api/pagination';
import { clientOf, getCall, targetTo, type Answer } from '../support/context';

const pageOf = ({ url }: IHttpRequestOptions) => Object.fromEntries(new URL(url).searchParams);
const rows = (count: number) => Array.from({ length: count }, (_, id) => ({ id }));

/** A server with that many rows; what it says of itself differs from server to server. */
function listing(total: number, { cap = 100, tell = 'nothing', wrap = 'data' } = {}) {
	return clientOf((request) => {
		const { page, limit } = pageOf(request);
		const size = Math.min(cap, Number(limit));
		const list = rows(total).slice((Number(page) - 1) * size, Number(page) * size);
		const totalPages = Math.max(1, Math.ceil(total / size));
		const told = {
			nothing: {},
			pagination: { pagination: { page, limit: size, total, totalPages } },
			meta: { meta: { pages: totalPages } },
			limit: { pagination: { limit: size } },
		}[tell];
		if (wrap === 'bare') return { body: list };
		return { body: { success: true, data: wrap === 'data' ? list : { [wrap]: list }, ...told } };
	});
}

const shape = fc.record({
	total: fc.nat({ max: 450 }),
	tell: fc.constantFrom('nothing', 'pagination', 'meta', 'limit'),
	wrap: fc.constantFrom('data', 'items', 'bare'),
});

it('reads every row once, in order, whatever the server tells of its pages', async () => {
	await fc.assert(
		fc.asyncProperty(shape, async ({ total, ...server }) => {
			const { client } = listing(total, server);
			expect(await collect(client, getCall())).toEqual(rows(total));
		}),
	);
});

it('reads up to the limit, and no page more than it takes', async () => {
	await fc.assert(
		fc.asyncProperty(
			shape,
			fc.integer({ min: 1, max: 500 }),
			async ({ total, ...server }, limit) => {
				const { client, requests } = listing(total, server);
				expect(await collect(client, getCall(), limit)).toEqual(rows(Math.min(total, limit)));
				// A short page is no end: where the server tells nothing, one more is asked for.
				const unsure = server.wrap === 'bare' || ['nothing', 'limit'].includes(server.tell) ? 1 : 0;
				const needed = Math.max(1, Math.ceil(Math.min(total, limit) / 100));
				expect(requests.length).toBeLessThanOrEqual(needed + unsure);
			},
		),
	);
});

it('reads all from a server that gives fewer rows a page than asked, whatever it says', async () => {
	for (const tell of ['pagination', 'meta', 'limit', 'nothing']) {
		const { client } = listing(130, { cap: 20, tell });
		expect(await collect(client, getCall())).toHaveLength(130);
	}
});

it('ends where a server sends the same page again and again', async () => {
	const { client, requests } = clientOf(() => ({ body: { data: rows(100) } }));
	expect(await collect(client, getCall())).toHaveLength(100);
	// The first page, then one for each way to ask for another.
	expect(requests.map((request) => Object.keys(pageOf(request)).pop())).toEqual([
		...['page', 'page', 'skip'],
	]);
});

describe('a server that gives all at once', () => {
	/** @param most rows of a page, and the first page for whatever is asked */
	const whole = (most: number) => {
		const server = { count: 6 };
		const { client, requests } = clientOf((request) => {
			const { page } = pageOf(request);
			const from = (Number(page) - 1) * most;
			const all = rows(server.count);
			const data = all.slice(from, from + most);
			return { body: { data: data.length > 0 ? data : all.slice(0, most) } };
		});
		const call = getCall({ target: { ...targetTo('/api/v1/things'), id: 'plan.getAll' } });
		const read = async () => {
			requests.length = 0;
			return (await collect(client, call)).length;
		};
		return { server, read, requests };
	};

	it('is asked once when that is known', async () => {
		const { read, requests } = whole(1000);
		expect(await read()).toBe(6);
		expect(requests).toHaveLength(3);
		expect(await read()).toBe(6);
		expect(requests).toHaveLength(1);
	});

	it('may have pages all the same, once the list has grown', async () => {
		const { read, server } = whole(20);
		await read();
		server.count = 25;
		expect(await read()).toBe(25);
	});
});

describe('a server that gives the next page in its own way', () => {
	const TOTAL = 130;
	const PAGE = 20;
	const all = rows(TOTAL);

	/** Answers with the rows from an index on, and what else the server says then. */
	const serving = (
		start: (query: Record<string, string>) => number,
		tell: (next: number | undefined) => Answer = () => ({}),
		order = all,
	) =>
		clientOf((request) => {
			const from = start(pageOf(request));
			const data = order.slice(from, from + PAGE);
			const { body = {}, headers } = tell(from + PAGE < TOTAL ? from + PAGE : undefined);
			return { body: { success: true, data, ...(body as object) }, headers };
		});

	const numberOf = (text?: string) => Number(text ?? 0);
	it.each<[string, () => ReturnType<typeof serving>]>([
		[
			'page, oldest first',
			() => serving(({ page }) => (Number(page) - 1) * PAGE, undefined, [...all].reverse()),
		],
		[
			'page from 0, with a total',
			() =>
				serving(
					({ page }) => Number(page) * PAGE,
					() => ({ body: { meta: { total: TOTAL } } }),
				),
		],
		['offset', () => serving(({ offset }) => numberOf(offset))],
		['skip', () => serving(({ skip }) => numberOf(skip))],
		[
			'cursor beside the rows',
			() =>
				serving(
					({ cursor }) => numberOf(cursor),
					(next) => ({ body: { nextCursor: next && String(next) } }),
				),
		],
		[
			'cursor named after',
			() =>
				serving(
					({ after }) => numberOf(after),
					(next) => ({
						body: {
							page_info: { end_cursor: String(next ?? ''), has_next_page: next !== undefined },
						},
					}),
				),
		],
		[
			'page token',
			() =>
				serving(
					({ pageToken }) => numberOf(pageToken),
					(next) => ({ body: { nextPageToken: next ? String(next) : null } }),
				),
		],
		[
			'link in the body',
			() =>
				serving(
					({ from }) => numberOf(from),
					(next) => ({
						body: {
							links: { next: next ? `https://pay.example/api/v1/things?from=${next}` : null },
						},
					}),
				),
		],
		[
			'relative link as an object',
			() =>
				serving(
					({ from }) => numberOf(from),
					(next) => ({
						body: { _links: next ? { next: { href: `/api/v1/things?from=${next}` } } : {} },
					}),
				),
		],
		[
			'link in the header',
			() =>
				serving(
					({ from }) => numberOf(from),
					(next): Answer =>
						next
							? {
									headers: { link: `<https://pay.example/api/v1/things?from=${next}>; rel="next"` },
								}
							: {},
				),
		],
		[
			'page, with hasMore only',
			() =>
				serving(
					({ page }) => (Number(page) - 1) * PAGE,
					(next) => ({ body: { hasMore: next !== undefined } }),
				),
		],
		[
			'page, with a total in a header',
			() =>
				serving(
					({ page }) => (Number(page) - 1) * PAGE,
					() => ({ headers: { 'x-total-count': String(TOTAL) } }),
				),
		],
	])('is read to its end: %s', async (_name, server) => {
		const { client, requests } = server();
		const read = await collect(client, getCall());
		expect(read.map(({ id }) => id).sort()).toEqual(all.map(({ id }) => id).sort());
		// What was found out is used first from then on.
		const before = requests.length;
		const call = getCall({ target: targetTo('/api/v1/things') });
		expect(await collect(client, call)).toHaveLength(TOTAL);
		expect(requests.length - before).toBeLessThanOrEqual(before);
	});

	it.each([true, false])(
		'may have no page behind the last (it tells a total: %s)',
		async (tells) => {
			const known = [...all];
			const { client } = clientOf((request, count) => {
				const from = (Number(pageOf(request).page) - 1) * PAGE;
				// One more comes to the head after the first page.
				if (count === 2) known.unshift({ id: TOTAL });
				if (from >= known.length) return { status: 404, body: { error: 'Invalid page' } };
				const data = known.slice(from, from + PAGE);
				return { body: { data, ...(tells && { meta: { total: known.length } }) } };
			});
			expect(await collect(client, getCall())).toEqual(all);
		},
	);

	it('may refuse to go on, which is no end', async () => {
		const { client } = clientOf((request) => {
			const { page, offset } = pageOf(request);
			if (Number(page) > 2 || offset) return { status: 400, body: { error: 'Too deep' } };
			const data = all.slice((Number(page) - 1) * PAGE, Number(page) * PAGE);
			return { body: { data } };
		});
		await expect(collect(client, getCall())).rejects.toThrow('Too deep');
	});

	it('is not followed to another server', async () => {
		const { client, requests } = serving(
			({ from }) => numberOf(from),
			() => ({ body: { next: 'https://evil.example/api/v1/things?from=20' } }),
		);
		expect(await collect(client, getCall())).toHaveLength(PAGE);
		expect(new Set(requests.map(({ url }) => new URL(url).origin))).toEqual(
			new Set(['https://pay.example']),
		);
	});

	it('may refuse to be asked for pages', async () => {
		const { client } = clientOf((request) =>
			'page' in pageOf(request)
				? { status: 400, body: { error: 'page is not allowed' } }
				: { body: all },
		);
		expect(await collect(client, getCall())).toEqual(all);
	});

	it('loses and repeats nothing while the list grows at its head', async () => {
		let grown = 0;
		const { client } = clientOf((request) => {
			const { page } = pageOf(request);
			const list = [
				...rows(grown)
					.map(({ id }) => ({ id: `new${id}` }))
					.reverse(),
				...all,
			];
			grown += 3;
			const from = (Number(page) - 1) * PAGE;
			return { body: { data: list.slice(from, from + PAGE), total: list.length } };
		});
		const ids = (await collect(client, getCall())).map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(all.every(({ id }) => ids.includes(id))).toBe(true);
	});
});

it('gives the page that the user asked for, and no other', async () => {
	const { client, requests } = listing(450);
	expect(await collect(client, getCall({ query: { page: 3 } }))).toEqual(rows(450).slice(200, 300));
	expect(requests).toHaveLength(1);
});

it('takes two rows with one ID for one, and keeps rows without one', async () => {
	const { client } = clientOf((_request, count) => ({
		body: count === 1 ? [{ uid: 'a' }, { uid: 'a' }, { fee: 1 }, { fee: 1 }] : [],
	}));
	expect(await collect(client, getCall())).toEqual([{ uid: 'a' }, { fee: 1 }, { fee: 1 }]);
});

it('finds the rows wherever they are', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (body) => {
			const found = rowsOf(body);
			expect(found.every((row) => typeof row === 'object' && row !== null)).toBe(true);
			if (Array.isArray(body)) expect(found).toHaveLength(body.length);
		}),
	);
	expect(rowsOf({ data: { total: 2, items: ['a', { id: 1 }] } })).toEqual([
		{ value: 'a' },
		{ id: 1 },
	]);
	expect([undefined, null, 'text', {}, { data: null }].map(rowsOf)).toEqual(Array(5).fill([]));
});

// It takes as long as all others together.
it('gives up a list without an end', async () => {
	const { client, requests } = clientOf((_request, count) => ({ body: { data: [{ id: count }] } }));
	const read = async () => {
		for await (const _page of pages(client, getCall(), 1));
	};
	await expect(read()).rejects.toThrow('The list has more than 10000 pages');
	expect(requests).toHaveLength(10_000);
});

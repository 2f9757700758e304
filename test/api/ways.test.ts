import type { IHttpRequestOptions } from 'n8n-workflow';
import { collect, pages } from '../../nodes/KuvarPay/api/pagination';
import { clientOf, getCall, targetTo, type Answer } from '../support/context';

// In which way a server is asked for its pages, and what it costs to find that out.

const TOTAL = 50;
const PAGE = 20;
const all = Array.from({ length: TOTAL }, (_, id) => ({ id }));
const target = { ...targetTo('/api/v1/transactions'), id: 'transaction.getAll' as const };
const list = getCall({ target });
const queryOf = ({ url }: IHttpRequestOptions) => Object.fromEntries(new URL(url).searchParams);
const asked = (requests: IHttpRequestOptions[]) =>
	requests.map(({ url }) => url.replace('https://pay.example/api/v1/', ''));

/** A server that pages by one thing in the query, and says what comes next. */
const serving = (
	start: (query: Record<string, string>) => number,
	tell: (next: number | undefined, from: number) => object = () => ({}),
) =>
	clientOf((request) => {
		const from = start(queryOf(request));
		const next = from + PAGE < TOTAL ? from + PAGE : undefined;
		return { body: { data: all.slice(from, from + PAGE), ...tell(next, from) } };
	});
const byPage = ({ page = '1' }) => (Number(page) - 1) * PAGE;
const refusal = (status: number): Answer => ({ status, body: { error: `refused ${status}` } });

describe('what worked', () => {
	it('is used at once from then on', async () => {
		const { client, requests } = serving(
			({ cursor = '0' }) => Number(cursor),
			(next) => ({ next_cursor: next }),
		);
		expect(await collect(client, list)).toEqual(all);
		requests.length = 0;
		expect(await collect(client, list)).toEqual(all);
		expect(asked(requests)).toEqual([
			'transactions?limit=100&page=1',
			'transactions?limit=100&cursor=20',
			'transactions?limit=100&cursor=40',
			// Nothing said that this was all.
			expect.stringContaining('page=4'),
			expect.stringContaining('page=5'),
			expect.stringContaining('offset=50'),
		]);
	});

	it('is a single request, where more comes at once than was asked for', async () => {
		const many = Array.from({ length: 101 }, (_, id) => ({ id }));
		const { client, requests } = clientOf(() => ({ body: { data: many } }));
		expect(await collect(client, list)).toEqual(many);
		expect(requests.length).toBeGreaterThan(1);
		requests.length = 0;
		expect(await collect(client, list)).toEqual(many);
		expect(requests).toHaveLength(1);
	});

	it.each<[string, (page: number, last: number) => number | undefined]>([
		['refuses pages after the last one', (page, last) => (page > last ? undefined : page)],
		['gives the last page again', (page, last) => Math.min(page, last)],
	])('is no single request for a list of one page: it may grow (%s)', async (_how, given) => {
		let total = PAGE;
		const { client } = clientOf((request) => {
			const { page = '1', offset } = queryOf(request);
			const at = given(Number(page), Math.ceil(total / PAGE));
			if (at === undefined || offset !== undefined) return refusal(404);
			return { body: { data: all.slice(0, total).slice((at - 1) * PAGE, at * PAGE) } };
		});
		expect(await collect(client, list)).toHaveLength(PAGE);
		total = 2 * PAGE;
		const read = collect(client, list, 2 * PAGE);
		expect(await read).toHaveLength(2 * PAGE);
	});

	it.each<[string, number, number, object]>([
		['came at once before', 7, 7, {}],
		['were fewer than before', 7, 6, {}],
		['were more than before', 7, 8, {}],
		['are a round number, which may be the size of a page', 7, 5, {}],
		['are as many as were asked for', 100, 100, {}],
		['are a round number above what was asked for', 105, 105, {}],
		['are not all that the server says', 7, 7, { total: 8 }],
		['have more behind them, as the server says', 7, 7, { hasMore: true }],
		['come with a cursor', 7, 7, { nextCursor: 'on' }],
		['come with a link', 7, 7, { next: '/api/v1/transactions?from=7' }],
	])('is believed where so many rows %s, or not', async (_which, before, count, told) => {
		const rows = Array.from({ length: count }, (_, id) => ({ id }));
		const { client, requests } = clientOf(({ url }) =>
			url.includes('page=1') ? { body: { data: rows, ...told } } : refusal(404),
		);
		client.connection.learned.paging.note('transaction.getAll', `all ${before}`);
		const isSure =
			count <= before && Object.keys(told).length === 0 && (count % 5 > 0 || count > 100);
		const read = collect(client, list);
		if ('total' in told || 'hasMore' in told) await expect(read).rejects.toThrow('refused 404');
		else expect(await read).toEqual(rows);
		expect(requests.length === 1).toBe(isSure);
	});

	it('does not hide what comes when it has become more than one page', async () => {
		let total = PAGE;
		const { client } = clientOf((request) => {
			const from = byPage(queryOf(request));
			return { body: { data: all.slice(0, total).slice(from, from + PAGE), total } };
		});
		client.connection.learned.paging.note('transaction.getAll', `all ${PAGE}`);
		expect(await collect(client, list)).toHaveLength(PAGE);
		total = TOTAL;
		expect(await collect(client, list)).toEqual(all);
	});
});

describe('the first way', () => {
	it('is a link, where one is given and no page numbers', async () => {
		const { client, requests } = serving(
			({ from = '0' }) => Number(from),
			(next) => ({ next: next ? `/api/v1/transactions?from=${next}` : null }),
		);
		expect(await collect(client, getCall({ target: targetTo('/api/v1/transactions') }))).toEqual(
			all,
		);
		expect(asked(requests)).toEqual([
			'transactions?limit=100&page=1',
			'transactions?from=20',
			'transactions?from=40',
		]);
	});

	it('is a cursor, where one is given and no page numbers', async () => {
		const { client, requests } = serving(
			({ cursor = '0' }) => Number(cursor),
			(next) => (next ? { nextCursor: `${next}` } : { nextCursor: null }),
		);
		expect(await collect(client, list)).toEqual(all);
		expect(asked(requests)).toEqual([
			'transactions?limit=100&page=1',
			'transactions?limit=100&cursor=20',
			'transactions?limit=100&cursor=40',
		]);
	});

	it.each([{ totalPages: 3 }, { page: 1 }])('is the number, where %j is told', async (figures) => {
		const { client, requests } = serving(byPage, (next) => ({
			...figures,
			next: next ? '/api/v1/elsewhere' : null,
			cursor: 'x',
		}));
		expect(await collect(client, list)).toEqual(all);
		expect(asked(requests)).toEqual([
			'transactions?limit=100&page=1',
			'transactions?limit=100&page=2',
			'transactions?limit=100&page=3',
		]);
	});
});

describe('a link to the next page', () => {
	const linking = (next: string, base = 'https://pay.example') => {
		const served = clientOf((request) => ({
			body: request.url.includes('from=') ? { data: [{ id: 'last' }] } : { data: all, next },
		}));
		served.client.connection.hosts.payments = new URL(base);
		return served;
	};
	const read = async (next: string, base?: string) => {
		const { client, requests } = linking(next, base);
		await collect(client, list);
		return requests[1].url;
	};

	it.each([
		['https://pay.example/api/v1/transactions?from=5&a=b', 'https://pay.example'],
		['/api/v1/transactions?from=5&a=b', 'https://pay.example'],
		['?from=5&a=b', 'https://pay.example'],
	])('%s is followed', async (next, base) => {
		expect(await read(next, base)).toBe('https://pay.example/api/v1/transactions?from=5&a=b');
	});

	it.each(['/kuvar/api/v1/transactions?from=5', '/api/v1/transactions?from=5'])(
		'%s stays below the base URL',
		async (next) => {
			expect(await read(next, 'https://pay.example/kuvar/')).toBe(
				'https://pay.example/kuvar/api/v1/transactions?from=5',
			);
		},
	);

	it.each([
		'https://evil.example/api/v1/transactions?from=5',
		'https://[',
		'http://pay.example/?from=5',
	])('%s is not followed', async (next) => {
		const { client, requests } = linking(next);
		expect(await collect(client, list)).toEqual(all);
		expect(requests.some(({ url }) => url.includes('from='))).toBe(false);
	});
});

describe('a server that refuses', () => {
	it.each([400, 422])('the names of pages with %i is asked without them', async (status) => {
		const { client, requests } = clientOf(({ url }) =>
			url.includes('?') ? refusal(status) : { body: all },
		);
		expect(await collect(client, list)).toEqual(all);
		expect(asked(requests).slice(0, 2)).toEqual(['transactions?limit=100&page=1', 'transactions']);
	});

	it.each([400, 404, 500])('everything with %i has its first word told', async (status) => {
		const { client, requests } = clientOf(({ url }) =>
			url.includes('?') ? refusal(status) : refusal(401),
		);
		await expect(collect(client, { ...list, maxRetries: 0 })).rejects.toThrow(`refused ${status}`);
		expect(requests).toHaveLength(status === 400 ? 2 : 1);
	});

	it.each([400, 404, 422])('one way to ask with %i is asked in another', async (status) => {
		const { client } = clientOf((request) => {
			const { page, offset } = queryOf(request);
			if (page !== undefined && page !== '1') return refusal(status);
			const from = Number(offset ?? 0);
			return { body: { data: all.slice(from, from + PAGE), total: TOTAL } };
		});
		expect(await collect(client, list)).toEqual(all);
	});

	it.each([401, 403])('one way to ask with %i is no matter of ways', async (status) => {
		const { client } = clientOf((request) =>
			queryOf(request).page === '1' ? { body: { data: all } } : refusal(status),
		);
		await expect(collect(client, list)).rejects.toThrow(`refused ${status}`);
	});

	it('a later page is no end', async () => {
		const { client } = clientOf((request) => {
			const { page } = queryOf(request);
			if (page === '3') return refusal(400);
			const from = byPage({ page });
			return { body: { data: all.slice(from, from + PAGE) } };
		});
		await expect(collect(client, list)).rejects.toThrow('refused 400');
	});

	it.each([{ total: TOTAL }, { hasMore: true }, { totalPages: 3 }])(
		'every way although there is more, as %j says, is told',
		async (figures) => {
			const { client } = clientOf((request) =>
				queryOf(request).page === '1'
					? { body: { data: all.slice(0, PAGE), ...figures } }
					: refusal(400),
			);
			await expect(collect(client, list)).rejects.toThrow('refused 400');
		},
	);

	it('every way where nothing says that there is more, has given all', async () => {
		const { client } = clientOf((request) =>
			queryOf(request).page === '1' ? { body: { data: all } } : refusal(404),
		);
		expect(await collect(client, list)).toEqual(all);
	});
});

describe('the end', () => {
	const ends = async (figures: (page: number) => object, pageCount = 3) => {
		const { client, requests } = clientOf((request) => {
			const page = Number(queryOf(request).page);
			const from = (page - 1) * PAGE;
			return { body: { data: all.slice(from, from + PAGE), ...figures(page) } };
		});
		expect(await collect(client, list)).toHaveLength(Math.min(TOTAL, pageCount * PAGE));
		return requests.length;
	};

	it.each<[string, (page: number) => object, number]>([
		['the number of pages', () => ({ totalPages: 3 }), 3],
		['the number of rows', () => ({ total: TOTAL }), 3],
		['that there is no more', (page) => ({ hasMore: page < 3 }), 3],
		['fewer pages than there are, and more rows', () => ({ totalPages: 1, total: TOTAL }), 3],
		[
			'fewer rows than there are, and that there is more',
			(page) => ({ total: PAGE, hasMore: page < 3 }),
			3,
		],
		['the number of pages, and no more than that', () => ({ totalPages: 3, hasMore: false }), 3],
	])('is told by %s', async (_what, figures, requests) => {
		expect(await ends(figures)).toBe(requests);
	});

	it('is an empty page, and what that says of itself counts for nothing', async () => {
		expect(await ends((page) => (page > 3 ? { total: 0 } : {}))).toBe(4);
	});

	it('of an empty list is found at once', async () => {
		const { client, requests } = clientOf(() => ({ body: { data: [] } }));
		const read: unknown[] = [];
		for await (const page of pages(client, list)) read.push(page);
		expect(read).toEqual([]);
		expect(requests).toHaveLength(1);
	});
});

describe('what the user asks for', () => {
	it('is not exceeded, though the server gives more', async () => {
		const { client } = clientOf(() => ({ body: { data: all } }));
		expect(await collect(client, list, 5)).toEqual(all.slice(0, 5));
	});

	it('wins over what the reading would ask for', async () => {
		const { client, requests } = serving(byPage);
		await collect(client, getCall({ target, query: { limit: 7, status: 'PENDING' } }));
		for (const request of requests)
			expect(queryOf(request)).toMatchObject({ limit: '7', status: 'PENDING' });
	});

	it.each(['page', 'cursor', 'after', 'pageToken', 'offset', 'skip'])(
		'by %s is one page',
		async (name) => {
			const { client, requests } = serving(
				() => 0,
				() => ({ hasMore: true }),
			);
			expect(await collect(client, getCall({ target, query: { [name]: '2' } }))).toHaveLength(PAGE);
			expect(requests).toHaveLength(1);
		},
	);
});

it('a list that has grown while it was read is read to its end, though its new head is missing', async () => {
	let news = 0;
	const { client } = clientOf((request) => {
		const { page = '0' } = queryOf(request);
		if (page === '0') return refusal(404);
		const from = byPage({ page });
		const now = [...Array.from({ length: news }, (_, n) => ({ id: `new${n}` })), ...all];
		news = 1;
		const data = now.slice(from, from + PAGE);
		return data.length > 0 ? { body: { data, total: now.length } } : refusal(404);
	});
	expect(await collect(client, list)).toEqual(all);
});

it('a list that has grown by less than what is missing is not taken for whole', async () => {
	let news = 0;
	const { client } = clientOf((request) => {
		const { page = '1' } = queryOf(request);
		if (Number(page) > 2) return refusal(404);
		const from = byPage({ page });
		const now = [...Array.from({ length: news }, (_, n) => ({ id: `new${n}` })), ...all];
		news = 1;
		return { body: { data: now.slice(from, from + PAGE), total: now.length } };
	});
	await expect(collect(client, list)).rejects.toThrow('refused 404');
});

it('a list of which all is there has not grown: what says that there is more wins', async () => {
	const { client } = clientOf((request) =>
		queryOf(request).page === '1'
			? { body: { data: all.slice(0, PAGE), total: PAGE, hasMore: true } }
			: refusal(404),
	);
	await expect(collect(client, list)).rejects.toThrow('refused 404');
});

it('a list that grows so fast that whole pages come again is read to its end', async () => {
	let moved = 0;
	const { client } = clientOf((request) => {
		const from = byPage(queryOf(request));
		const news = Array.from({ length: moved }, (_, n) => ({ id: `new${moved - n}` }));
		// Between the first and the second page it grows by three pages.
		moved = 3 * PAGE;
		return { body: { data: [...news, ...all].slice(from, from + PAGE) } };
	});
	const read = (await collect(client, list)).map(({ id }) => id);
	expect(all.every(({ id }) => read.includes(id))).toBe(true);
	expect(new Set(read).size).toBe(read.length);
});

it('rows are known by the ID of their kind, and those without one by all that they hold', async () => {
	const first = [{ transactionId: 'a' }, { transactionId: 'a', n: 1 }, { fee: 1 }, { fee: 1 }];
	const { client } = clientOf((request) => ({
		body: { data: queryOf(request).page === '1' ? first : [{ fee: 1 }, { fee: 2 }] },
	}));
	expect(await collect(client, list)).toEqual([
		{ transactionId: 'a' },
		{ fee: 1 },
		{ fee: 1 },
		{ fee: 2 },
	]);
});

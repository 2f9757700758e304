import { idOf, rowsOf, shapeOf, toldOf } from '../../nodes/KuvarPay/api/lists';

const row = { id: 1 };

describe('the rows of an answer', () => {
	it.each<[string, unknown]>([
		['the body itself', [row]],
		['below a usual name', { data: [row] }],
		['below any name', { things: [row] }],
		['deeper', { data: { page: { things: [row] } } }],
		['beside a list of texts', { notes: ['a', 'b'], things: [row] }],
		['beside a list of texts with a usual name', { data: ['a'], things: [row] }],
		['below a usual name beside another list', { fees: [{ id: 2 }], items: [row] }],
		['below a usual name in another list’s object', { fees: [{ id: 2 }], data: { rows: [row] } }],
		['higher up than another list', { page: { fees: [{ id: 2 }] }, things: [row] }],
	])('are found: %s', (_where, body) => {
		expect(rowsOf(body)).toEqual([row]);
	});

	it.each<[string, unknown]>([
		['no list', { data: { id: 1 } }],
		['a list that is too deep', { a: { b: { c: { d: { e: [row] } } } } }],
		['what is no list', { data: 5, more: 'x' }],
		['nothing', null],
	])('are none in %s', (_what, body) => {
		expect(rowsOf(body)).toEqual([]);
	});

	it('may be four floors down', () => {
		expect(rowsOf({ a: { b: { c: { d: [row] } } } })).toEqual([row]);
	});

	it('become objects where they are none', () => {
		expect(rowsOf({ data: ['USDT', 5, null] })).toEqual([
			{ value: 'USDT' },
			{ value: 5 },
			{ value: null },
		]);
	});
});

describe('the ID of a row', () => {
	it.each([
		[{ id: 'a', uid: 'b' }, 'a'],
		[{ uid: 'a' }, 'a'],
		[{ uuid: 'a' }, 'a'],
		[{ _id: 'a' }, 'a'],
		[{ id: '', uid: 7 }, '7'],
		[{ id: 0 }, '0'],
		[{ id: null, planId: 'a' }, 'a'],
		[{ plan_id: 'a' }, 'a'],
		[{ planId: 'own', id: 'a' }, 'a'],
		[{ sessionId: 'a' }, 'a'],
		[{ priceId: 'a' }, undefined],
		[{ id: true }, undefined],
	])('in %j', (object, id) => {
		expect(idOf(object as never, 'planId', 'sessionId')).toBe(id);
	});
});

describe('what a server tells of its pages', () => {
	it.each<[object, object]>([
		[{ total: 5 }, { total: 5 }],
		[{ total_count: '5' }, { total: 5 }],
		[{ meta: { 'Total-Items': 0 } }, { total: 0 }],
		[{ data: { pagination: { totalPages: 3, currentPage: 2 } } }, { pages: 3, page: 2 }],
		[{ hasMore: false }, { more: false }],
		[{ has_next_page: true }, { more: true }],
		[{ nextCursor: 'c' }, { cursor: 'c' }],
		[{ nextCursor: 7 }, { cursor: '7' }],
		[{ next: 'https://a.example/b' }, { next: 'https://a.example/b' }],
		[{ next: '/b?page=2' }, { next: '/b?page=2' }],
		[{ next: '?page=2' }, { next: '?page=2' }],
		[{ next: 'c' }, { cursor: 'c' }],
		[{ next: { href: '/b' } }, { next: '/b' }],
		[{ links: { next: { url: '/b' } } }, { next: '/b' }],
		// A next page that is told as none is an end.
		[{ next: null }, { more: false }],
		[{ nextCursor: '' }, { more: false }],
		[{ next: false }, { more: false }],
		[{ hasMore: true, next: null }, { more: true }],
		// The first that says it counts.
		[{ total: 5, meta: { total: 6 } }, { total: 5 }],
	])('in %j', (body, told) => {
		expect(toldOf(body)).toEqual(told);
	});

	it.each<[string, object]>([
		['a text that is no number', { total: 'many' }],
		['an empty text', { total: '' }],
		['less than nothing', { total: -1 }],
		['a word for more', { hasMore: 'yes' }],
		['a number for an address', { next: 2 }],
		['a page that is a list', { page: [1] }],
		['what is too deep', { a: { b: { c: { d: { total: 5 } } } } }],
		['other names', { amount: 5, totals: 6, cursors: 'c' }],
	])('is nothing in %s', (_what, body) => {
		expect(toldOf(body)).toEqual({});
	});

	it('may be four floors down', () => {
		expect(toldOf({ a: { b: { c: { total: 5 } } } })).toEqual({ total: 5 });
	});

	it('may stand in the headers, where the body does not say it', () => {
		const headers = { 'x-total-count': '5', 'x-total-pages': '3', 'x-page': '2' };
		expect(toldOf([], headers)).toEqual({ total: 5, pages: 3, page: 2 });
		expect(toldOf({ total: 7 }, headers)).toEqual({ total: 7, pages: 3, page: 2 });
	});

	it.each([
		['<https://a.example/b?p=2>; rel="next"', 'https://a.example/b?p=2'],
		['<https://a.example/b>; rel=next', 'https://a.example/b'],
		['</b?p=1>; rel="prev", </b?p=3>; rel="next"', '/b?p=3'],
		['</b?p=3>; title="x";rel="next", </b?p=9>; rel="last"', '/b?p=3'],
		['</b?p=3>; rel="NEXT"', '/b?p=3'],
		['</b?p=1>; rel="prev"', undefined],
		['</b?p=1>; rel="prev", no link; rel="next"', undefined],
	])('may be a link in the header: %s', (link, next) => {
		expect(toldOf([], { link }).next).toBe(next);
	});

	it('by a link in the body counts before the one in the header', () => {
		expect(toldOf({ next: '/a' }, { link: '</b>; rel="next"' }).next).toBe('/a');
	});
});

describe('the shape of a list in words', () => {
	const made = (...times: unknown[]) => ({
		data: times.map((createdAt) => ({ id: 1, createdAt })),
	});
	const [one, two, three] = ['2026-11-21', '2026-11-22', '2026-11-23'];

	it.each<[unknown, object, string]>([
		[{}, {}, 'no list'],
		[
			[{ uid: 1, createdAt: one }],
			{},
			'1 row as the body, figures: none, ID as uid, order unknown',
		],
		[
			{ ...made(three, two, two), total: 3, page: 1 },
			{},
			'3 rows at data, figures: total, page, ID as id, newest first',
		],
		[
			{ data: { items: [{ name: 'x' }] } },
			{ 'x-total-count': '1' },
			'1 row at data.items, figures: total, ID as another name, without createdAt',
		],
		[made(one, two, three), {}, '3 rows at data, figures: none, ID as id, oldest first'],
		[made(one, three, two), {}, '3 rows at data, figures: none, ID as id, not sorted by createdAt'],
		[made(one, one), {}, '2 rows at data, figures: none, ID as id, order unknown'],
		[made(one, undefined), {}, '2 rows at data, figures: none, ID as id, without createdAt'],
		[
			{ data: ['USDT', { id: 1, createdAt: one }] },
			{},
			'2 rows at data, figures: none, ID as id, order unknown',
		],
	])('%#', (body, headers, words) => {
		expect(shapeOf(body, headers as never)).toBe(words);
	});
});

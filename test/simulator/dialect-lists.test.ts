import { startSimulator, type DialectOptions, type Simulator } from '../../simulator';
import { ask } from './client';

let simulator: Simulator;

/** Starts one with so many transactions, and gives their ids, oldest first. */
async function start(lists: DialectOptions['lists'], count = 5): Promise<string[]> {
	simulator = await startSimulator({ heartbeat: 0, dialect: { lists } });
	return Array.from({ length: count }, () => simulator.createTransaction().id);
}

afterEach(async () => {
	expect(simulator.contractViolations).toEqual([]);
	await simulator.close();
});

// Answers of any shape are looked into.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Any = any;

async function read(query = ''): Promise<{ body: Any; headers: Record<string, unknown> }> {
	const { text, headers } = await ask(simulator, `/api/v1/transactions${query}`);
	return { body: JSON.parse(text), headers };
}

const ids = (rows: Any) => (rows as Array<{ id: string }>).map(({ id }) => id);

it.each([
	['data', (body: Any) => body.data],
	['data.items', (body: Any) => body.data.items],
	['data.data', (body: Any) => body.data.data],
	['data.plural', (body: Any) => body.data.transactions],
	['items', (body: Any) => body.items],
	['results', (body: Any) => body.results],
	['plural', (body: Any) => body.transactions],
	['array', (body: Any) => body],
] as const)('has its rows at %s', async (rows, at) => {
	const all = await start({ rows });
	const { body } = await read();
	expect(ids(at(body))).toEqual(all.reverse());
	const currencies = JSON.parse((await ask(simulator, '/api/v1/currencies')).text) as Any;
	const found = rows.endsWith('plural')
		? rows === 'plural'
			? currencies.currencies
			: currencies.data.currencies
		: at(currencies);
	expect(found.length).toBeGreaterThan(3);
});

it.each([
	['top', 'pagination', { pagination: { page: 1, limit: 2, total: 5, totalPages: 3 } }],
	['top', 'meta', { meta: { page: 1, limit: 2, total: 5, totalPages: 3 } }],
	['top', 'flat', { page: 1, limit: 2, total: 5, totalPages: 3 }],
	['top', 'total', { total: 5 }],
	['top', 'hasMore', { hasMore: true }],
	['none', 'pagination', {}],
] as const)('tells figures at %s as %s', async (figures, figuresAs, told) => {
	await start({ figures, figuresAs });
	const { data, success, ...rest } = (await read('?limit=2')).body;
	expect(data).toHaveLength(2);
	expect(success).toBe(true);
	expect(rest).toEqual(told);
});

it('tells figures inside of data, and in headers', async () => {
	await start({ rows: 'data.items', figures: 'inside', figuresAs: 'total' });
	expect((await read()).body.data).toMatchObject({ total: 5, items: [{}, {}, {}, {}, {}] });
	await simulator.close();
	await start({ rows: 'array', figures: 'headers' });
	expect((await read('?limit=2')).headers).toMatchObject({
		'x-total-count': '5',
		'x-total-pages': '3',
	});
});

it.each(['newest', 'oldest'] as const)('is sorted %s first', async (order) => {
	const all = await start({ order });
	if (order === 'newest') all.reverse();
	expect(ids((await read('?limit=2')).body.data)).toEqual(all.slice(0, 2));
	expect(ids((await read('?limit=2&page=3')).body.data)).toEqual(all.slice(4));
});

it('is in no order, but in the same one each time', async () => {
	const all = await start({ order: 'none' }, 12);
	const [one, other] = [await read(), await read()].map(({ body }) => ids(body.data));
	expect(one).toEqual(other);
	expect([...one].sort()).toEqual([...all].sort());
	expect(one).not.toEqual(all);
	expect(one).not.toEqual([...all].reverse());
});

it.each([
	[{ cap: 3 }, '?limit=50', 3],
	[{ size: 4 }, '', 4],
	[{ limit: false, size: 2 }, '?limit=5', 2],
	[{ paging: 'all' }, '?limit=2&page=2', 5],
] as const)('with %j gives for "%s" %d rows', async (lists, query, count) => {
	await start(lists);
	expect((await read(query)).body.data).toHaveLength(count);
});

it.each([
	['empty', []],
	['last', [0]],
] as const)('beyond the end is %s', async (beyond, wanted) => {
	const all = await start({ beyond });
	const { body } = await read('?limit=2&page=9');
	expect(ids(body.data)).toEqual(wanted.map((index) => all[index]));
});

it('beyond the end is a 404', async () => {
	await start({ beyond: '404' });
	expect((await ask(simulator, '/api/v1/transactions?page=9')).status).toBe(404);
	expect((await ask(simulator, '/api/v1/transactions?page=1')).status).toBe(200);
});

it('goes on by offset and not by page', async () => {
	const all = (await start({ paging: 'offset' })).reverse();
	expect(ids((await read('?limit=2&page=2')).body.data)).toEqual(all.slice(0, 2));
	expect(ids((await read('?limit=2&offset=2')).body.data)).toEqual(all.slice(2, 4));
});

it.each([
	[{ cursor: 'top' }, ({ body }: Any) => body.nextCursor],
	[{ cursor: 'top', cursorName: 'next_cursor' }, ({ body }: Any) => body.next_cursor],
	[{ cursor: 'figures' }, ({ body }: Any) => body.pagination.nextCursor],
	[{ cursor: 'inside', rows: 'data.items' }, ({ body }: Any) => body.data.nextCursor],
	[{ cursor: 'header' }, ({ headers }: Any) => headers['x-next-cursor']],
] as const)('goes on by the cursor at %j', async (where, at) => {
	const all = (await start({ paging: 'cursor', ...where })).reverse();
	const rowsOf = ({ body }: Any) => ids(body.data.items ?? body.data);
	const first = await read('?limit=2&page=7');
	expect(rowsOf(first)).toEqual(all.slice(0, 2));
	const second = await read(`?limit=2&cursor=${at(first)}`);
	expect(rowsOf(second)).toEqual(all.slice(2, 4));
	const third = await read(`?limit=2&cursor=${at(second)}`);
	expect(rowsOf(third)).toEqual(all.slice(4));
	expect(at(third) ?? null).toBeNull();
	expect((await ask(simulator, '/api/v1/transactions?cursor=x')).status).toBe(400);
});

it.each([
	[{ link: 'top' }, ({ body }: Any) => body.next],
	[{ link: 'links' }, ({ body }: Any) => body.links.next],
	[{ link: 'header' }, ({ headers }: Any) => /^<(.+)>; rel="next"$/.exec(headers.link)?.[1]],
] as const)('goes on by the next link at %j', async (where, at) => {
	const all = (await start({ paging: 'link', ...where })).reverse();
	const first = at(await read('?limit=2'));
	expect(first).toMatch(`${simulator.baseUrl}/api/v1/transactions?`);
	const second = JSON.parse((await ask(simulator, first!.slice(simulator.baseUrl.length))).text);
	expect(ids(second.data)).toEqual(all.slice(2, 4));
});

it.each([
	[false, /^\/api\/v1\/transactions\?/],
	['https://evil.example', /^https:\/\/evil\.example\/api\/v1\/transactions\?/],
] as const)('has a next link that is absolute: %s', async (absolute, pattern) => {
	await start({ paging: 'link', absolute });
	expect((await read('?limit=2')).body.next).toMatch(pattern);
	expect((await read('?limit=5')).body.next).toBeNull();
});

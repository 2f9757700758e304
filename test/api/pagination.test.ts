import type { IHttpRequestOptions } from 'n8n-workflow';
import fc from '../support/fc';
import { collect, pages, rowsOf } from '../../nodes/KuvarPay/api/pagination';
import { clientOf, getCall } from '../support/context';

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
				expect(requests.length).toBeLessThanOrEqual(Math.ceil(Math.min(total + 1, limit) / 100));
			},
		),
	);
});

it('reads all from a server that gives fewer rows a page than asked, if it says so', async () => {
	for (const tell of ['pagination', 'meta', 'limit']) {
		const { client } = listing(130, { cap: 20, tell });
		expect(await collect(client, getCall())).toHaveLength(130);
	}
});

it('ends where a server sends the same page again and again', async () => {
	const { client, requests } = clientOf(() => ({ body: { data: rows(100) } }));
	expect(await collect(client, getCall())).toHaveLength(100);
	expect(requests).toHaveLength(2);
});

it('gives up a list without an end', async () => {
	const { client, requests } = clientOf((_request, count) => ({ body: { data: [{ id: count }] } }));
	const read = async () => {
		for await (const _page of pages(client, getCall(), 1));
	};
	await expect(read()).rejects.toThrow('The list has more than 10000 pages');
	expect(requests).toHaveLength(10_000);
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

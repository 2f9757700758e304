import { sources } from '../../nodes/KuvarPay/payments/sources';
import { Order, rowsOf, type Row } from '../../nodes/KuvarPay/stream/look';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;

/** Rows that were made and changed so long before now, in ms; undefined for no time. */
const rows = (...ages: Array<number | undefined>): Row[] =>
	ages.map((age, n) => {
		const time = age === undefined ? undefined : NOW - age;
		return { id: String(n), object: {}, created: time, updated: time };
	});
const orderOf = (...pages: Row[][]) => {
	const order = new Order();
	for (const page of pages) order.note(page);
	return order;
};

describe('the order of a list', () => {
	it('is newest first where each row is older than the one before, over all pages', () => {
		const order = orderOf(rows(0, 1, 2), rows(3, 4));
		expect([order.isNewestFirst, order.isMixed]).toEqual([true, false]);
	});

	it('is not known from one row, nor from rows of the same moment', () => {
		expect(orderOf().isNewestFirst).toBe(false);
		expect(orderOf(rows(5)).isNewestFirst).toBe(false);
		expect(orderOf(rows(5, 5, 5)).isNewestFirst).toBe(false);
	});

	it('is not known where a row tells no time', () => {
		const order = orderOf(rows(0, undefined, 2));
		expect([order.isNewestFirst, order.isMixed]).toEqual([false, false]);
		expect(orderOf(rows(0, 2), rows(undefined)).isNewestFirst).toBe(false);
	});

	it('may have neighbours of the same minute in the wrong order', () => {
		const order = orderOf(rows(MINUTE, 2 * MINUTE, MINUTE, 3 * MINUTE));
		expect([order.isNewestFirst, order.isMixed]).toEqual([true, false]);
	});

	it('is mixed where an older row stands before a newer one, and stays so', () => {
		const order = orderOf(rows(MINUTE, 2 * MINUTE + 1, MINUTE, 3 * MINUTE));
		expect([order.isNewestFirst, order.isMixed]).toEqual([false, true]);
		order.note(rows(4 * MINUTE, 5 * MINUTE));
		expect([order.isNewestFirst, order.isMixed]).toEqual([false, true]);
	});

	it('may be that of the last change, or that of the making', () => {
		const upAndDown = rows(0, 9 * MINUTE, 3 * MINUTE);
		const down = rows(0, MINUTE, 2 * MINUTE);
		for (const kind of ['created', 'updated'] as const) {
			const mix = upAndDown.map((row, n) => ({ ...row, [kind]: down[n][kind] }));
			const order = orderOf(mix);
			expect([order.isNewestFirst, order.isMixed]).toEqual([true, false]);
		}
	});
});

describe('the rows of a list', () => {
	const read = (...objects: object[]) => rowsOf(sources.transaction, objects as never, NOW);

	it('are those with an ID, with their times', () => {
		const object = { uid: 'a', created_at: '2026-11-21T11:00:00Z', updatedAt: NOW - 1 };
		expect(read({ status: 'PENDING' }, object)).toEqual([
			{ id: 'a', object, created: NOW - 60 * MINUTE, updated: NOW - 1 },
		]);
	});

	it('were not made later than now, or all others would look old', () => {
		expect(read({ id: 'a', createdAt: NOW + 5 * MINUTE })).toMatchObject([{ created: NOW }]);
		expect(read({ id: 'a' })[0].created).toBeUndefined();
	});
});

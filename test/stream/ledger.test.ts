import { judge, type From, type Seen, type Taste } from '../../nodes/KuvarPay/stream/ledger';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const taste = (change: Partial<Taste> = {}): Taste => ({
	anyUpdate: false,
	byContent: false,
	now: NOW,
	...change,
});
/** Seconds before now. */
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
const update = (object: object, from: From = 'stream', eventId = '') => ({
	object: object as never,
	event: 'x',
	eventId,
	from,
});
const after = (object: object, from: From = 'stream', eventId = '', change: Partial<Taste> = {}) =>
	judge(undefined, update(object, from, eventId), taste(change)).next;
const verdict = (
	seen: Seen,
	object: object,
	from: From = 'stream',
	change: Partial<Taste> = {},
) => {
	const { isNews, isDoubtful } = judge(seen, update(object, from), taste(change));
	return isNews ? 'news' : isDoubtful ? 'doubt' : 'no';
};

describe('an object that tells when it changed', () => {
	let seen: Seen;
	beforeEach(() => (seen = after({ status: 'PROCESSING', updatedAt: ago(10) })));

	it.each<[string, object, From, string]>([
		['a later status', { status: 'COMPLETED', updatedAt: ago(9) }, 'stream', 'news'],
		['a later status that was read', { status: 'COMPLETED', updatedAt: ago(9) }, 'read', 'news'],
		['a later status that was listed', { status: 'PENDING', updatedAt: ago(9) }, 'list', 'news'],
		['an earlier status', { status: 'PENDING', updatedAt: ago(11) }, 'stream', 'no'],
		['an earlier end', { status: 'COMPLETED', updatedAt: ago(11) }, 'read', 'doubt'],
		['an earlier end by stream', { status: 'COMPLETED', updatedAt: ago(11) }, 'stream', 'doubt'],
		['the same', { status: 'PROCESSING', updatedAt: ago(10) }, 'stream', 'no'],
		[
			'a later time of the same status',
			{ status: 'PROCESSING', updatedAt: ago(9) },
			'stream',
			'no',
		],
		[
			'another status of the same moment',
			{ status: 'PENDING', updatedAt: ago(10) },
			'stream',
			'news',
		],
		[
			'another one of the same moment that was read',
			{ status: 'PENDING', updatedAt: ago(10) },
			'read',
			'doubt',
		],
		[
			'the end of the same moment that was read',
			{ status: 'FAILED', updatedAt: ago(10) },
			'read',
			'news',
		],
		['a status without a time', { status: 'COMPLETED' }, 'stream', 'news'],
		['a status without a time that was read', { status: 'COMPLETED' }, 'read', 'doubt'],
		[
			'a time that has not come yet',
			{ status: 'COMPLETED', updatedAt: '2099-01-01' },
			'read',
			'doubt',
		],
	])('%s', (_what, object, from, is) => {
		expect(verdict(seen, object, from)).toBe(is);
	});

	it('tells any later change when asked to, and no other', () => {
		const any = { anyUpdate: true };
		expect(verdict(seen, { status: 'PROCESSING', updatedAt: ago(9) }, 'read', any)).toBe('news');
		expect(verdict(seen, { status: 'PROCESSING', updatedAt: ago(10), n: 1 }, 'stream', any)).toBe(
			'no',
		);
		expect(verdict(seen, { status: 'PROCESSING', updatedAt: ago(10), n: 1 }, 'read', any)).toBe(
			'no',
		);
		expect(verdict(seen, { status: 'PROCESSING', updatedAt: ago(11) }, 'stream', any)).toBe('no');
	});

	it('is not news for its content, however often that is read', () => {
		const any = taste({ anyUpdate: true });
		let { next } = judge(undefined, update({ status: 'PENDING', updatedAt: ago(10) }), any);
		for (let n = 0; n < 3; n++) {
			const object = { status: 'PENDING', updatedAt: ago(10), n: 1 };
			const read = judge(next, update(object, 'read'), any);
			expect([read.isNews, read.isDoubtful]).toEqual([false, false]);
			next = read.next;
		}
		// Nor is more remembered of it than it needs.
		expect([next.print, next.told, next.doubt]).toEqual([undefined, undefined, undefined]);
	});

	it('may have changed twice in a moment, also under the ID of the last event', () => {
		const before = after({ status: 'PENDING', updatedAt: ago(10) }, 'stream', '7');
		const now = update({ status: 'PROCESSING', updatedAt: ago(10) }, 'stream', '7');
		expect(judge(before, now, taste()).isNews).toBe(true);
	});

	it('may begin to tell it, or cease to: that is no news', () => {
		const any = { anyUpdate: true };
		const [timed, untimed] = [{ status: 'PENDING', updatedAt: ago(10) }, { status: 'PENDING' }];
		expect(verdict(after(untimed, 'read', '', any), timed, 'read', any)).toBe('no');
		expect(verdict(after(timed, 'read', '', any), untimed, 'read', any)).toBe('no');
	});

	it('is not such an end by a stream that repeats it: a later change may have revoked it', () => {
		const early = update({ status: 'COMPLETED', updatedAt: ago(11) });
		const first = judge(seen, early, taste());
		const second = judge(first.next, early, taste());
		expect([second.isNews, second.isDoubtful]).toEqual([false, true]);
	});

	it('may be an end whose time lies before what was told: servers’ clocks differ', () => {
		const early = { status: 'COMPLETED', updatedAt: ago(12) };
		const told = judge(seen, update(early, 'stream', '7'), taste());
		expect([told.isNews, told.isDoubtful]).toEqual([false, true]);
		const read = judge(told.next, update(early, 'read'), taste());
		expect([read.isNews, read.next.status]).toEqual([true, 'COMPLETED']);
		// What is no end is old, however often it is read, and so is what comes after an end.
		let { next } = judge(seen, update({ status: 'PENDING', updatedAt: ago(12) }, 'read'), taste());
		for (let n = 0; n < 3; n++) {
			const again = judge(next, update({ status: 'PENDING', updatedAt: ago(12) }, 'read'), taste());
			expect([again.isNews, again.isDoubtful]).toEqual([false, false]);
			({ next } = again);
		}
		const ended = after({ status: 'FAILED', updatedAt: ago(10) });
		expect(verdict(ended, early, 'read')).toBe('no');
	});

	it('is not an end that is read no more: a later change has revoked it', () => {
		const early = { status: 'FAILED', updatedAt: ago(12) };
		const told = judge(seen, update(early, 'stream', '7'), taste());
		const { status } = seen;
		const read = judge(told.next, update({ status, updatedAt: ago(10) }, 'read'), taste());
		expect([read.isNews, read.next.doubt]).toEqual([false, undefined]);
	});

	it('keeps what is known when something older comes', () => {
		const { next } = judge(
			seen,
			update({ status: 'PENDING', updatedAt: ago(11) }, 'stream', '7'),
			taste(),
		);
		expect(next).toEqual({ ...seen, eventId: '7' });
	});

	it('does not take a lie about the future for the time after which nothing is new', () => {
		const lied = after({ status: 'PENDING', updatedAt: '2099-01-01T00:00:00Z' });
		expect(lied.updated).toBeUndefined();
		expect(verdict(lied, { status: 'COMPLETED', updatedAt: ago(1) })).toBe('news');
	});
});

describe('after the end', () => {
	let ended: Seen;
	beforeEach(() => (ended = after({ status: 'COMPLETED', updatedAt: ago(10) })));

	it.each<[string, object, From, string]>([
		['a refund', { status: 'REFUNDED', updatedAt: ago(9) }, 'read', 'news'],
		['a refund that is told', { status: 'REFUNDED', updatedAt: ago(9) }, 'stream', 'news'],
		['a status that is none', { status: 'PROCESSING', updatedAt: ago(9) }, 'list', 'news'],
		['one of the same moment', { status: 'PROCESSING', updatedAt: ago(10) }, 'stream', 'no'],
		['an earlier one', { status: 'PROCESSING', updatedAt: ago(11) }, 'stream', 'no'],
		['one without a time', { status: 'PROCESSING' }, 'stream', 'no'],
		['one without a time that is read', { status: 'PROCESSING' }, 'read', 'no'],
		['a refund without a time', { status: 'REFUNDED' }, 'stream', 'news'],
		['a refund without a time that is read', { status: 'REFUNDED' }, 'read', 'doubt'],
	])('%s', (_what, object, from, is) => {
		expect(verdict(ended, object, from)).toBe(is);
	});

	it('keeps the time of the end as that since when it is so', () => {
		expect(ended.since).toBe(NOW - 10_000);
		expect(after({ status: 'PENDING', updatedAt: ago(10) }).since).toBe(NOW);
		expect(after({ status: 'COMPLETED' }).since).toBe(NOW);
	});
});

describe('an object without times', () => {
	it('tells what a stream says, once', () => {
		const seen = after({ status: 'PENDING' }, 'stream', '1');
		expect(verdict(seen, { status: 'PROCESSING' })).toBe('news');
		const repeat = judge(
			seen,
			update({ status: 'PENDING' }, 'stream', '1'),
			taste({ anyUpdate: true }),
		);
		expect(repeat.isNews).toBe(false);
		const other = judge(
			seen,
			update({ status: 'PENDING', n: 1 }, 'stream', '1'),
			taste({ anyUpdate: true }),
		);
		expect(other.isNews).toBe(true);
		const later = judge(
			seen,
			update({ status: 'PENDING' }, 'stream', '2'),
			taste({ anyUpdate: true }),
		);
		expect(later.isNews).toBe(true);
	});

	it('tells what is read only when it is read twice: an answer may be older than the stream', () => {
		const seen = after({ status: 'PROCESSING' });
		const first = judge(seen, update({ status: 'PENDING' }, 'read'), taste());
		expect(first).toMatchObject({
			isNews: false,
			isDoubtful: true,
			next: { status: 'PROCESSING' },
		});
		expect(verdict(first.next, { status: 'PENDING' }, 'list')).toBe('news');
		// What is as it was settles the doubt.
		const settled = judge(first.next, update({ status: 'PROCESSING' }, 'read'), taste());
		expect(settled.isNews).toBe(false);
		expect(verdict(settled.next, { status: 'PENDING' }, 'read')).toBe('doubt');
		// So does a third status.
		const third = judge(first.next, update({ status: 'FAILED' }, 'read'), taste());
		expect(third.isDoubtful).toBe(true);
		expect(verdict(third.next, { status: 'FAILED' }, 'read')).toBe('news');
	});

	it('tells another content when asked for any update, of the same kind of answer, read twice', () => {
		const any = { anyUpdate: true };
		const seen = after({ status: 'PENDING', n: 1 }, 'read', '', any);
		const list = judge(seen, update({ status: 'PENDING', m: 1 }, 'list'), taste(any));
		expect(list.isNews).toBe(false);
		const first = judge(seen, update({ status: 'PENDING', n: 2 }, 'read'), taste(any));
		// Nobody needs to hurry for it.
		expect(first).toMatchObject({ isNews: false, isDoubtful: false });
		expect(verdict(first.next, { status: 'PENDING', n: 2 }, 'read', any)).toBe('news');
		expect(verdict(first.next, { status: 'PENDING', n: 3 }, 'read', any)).toBe('no');
		expect(verdict(first.next, { status: 'PENDING', n: 2 }, 'read')).toBe('no');
	});

	it('tells no content that was told, nor that of another kind of answer, however often it is read', () => {
		const any = taste({ anyUpdate: true });
		for (const kind of ['read', 'list'] as const) {
			let { next } = judge(undefined, update({ status: 'PENDING', n: 1 }, 'read'), any);
			for (let n = 0; n < 3; n++) {
				const again = judge(next, update({ status: 'PENDING', n: 1 }, kind), any);
				expect([again.isNews, again.isDoubtful]).toEqual([false, false]);
				next = again.next;
			}
		}
	});

	it('has the same moment however often it was repeated, and by which way it came', () => {
		const any = taste({ anyUpdate: true });
		const first = judge(undefined, update({ status: 'PENDING', n: 1 }, 'read'), any);
		const repeated = judge(first.next, update({ status: 'PENDING', n: 1 }, 'read'), any);
		const changed = { status: 'PENDING', n: 2 };
		const told = judge(first.next, update(changed, 'stream', '1'), any);
		const doubted = judge(repeated.next, update(changed, 'read'), any);
		const read = judge(doubted.next, update(changed, 'read'), any);
		expect([told.isNews, read.isNews]).toEqual([true, true]);
		expect(read.moment).toBe(told.moment);
	});

	it('is remembered by a short print of its content', () => {
		const long = { status: 'PENDING', note: 'x'.repeat(10_000) };
		expect(after(long, 'read').print).toMatch(/^r[\w-]{16}$/);
	});

	it('has another moment for each time that it is told', () => {
		const any = taste({ anyUpdate: true });
		const one = judge(undefined, update({ status: 'PENDING', n: 1 }, 'stream', '1'), any);
		const two = judge(one.next, update({ status: 'PENDING', n: 1 }, 'stream', '2'), any);
		const three = judge(two.next, update({ status: 'FAILED', n: 1 }, 'stream', '3'), any);
		expect(new Set([one.moment, two.moment, three.moment]).size).toBe(3);
		expect([one.next.told, two.next.told, three.next.told]).toEqual([1, 2, 3]);
		// A change of status has the same one however it was learned.
		const read = judge(two.next, update({ status: 'FAILED', other: 1 }, 'stream', ''), any);
		expect(read.moment).toBe(three.moment);
	});
});

it('has the same moment however a change was learned and its time is written', () => {
	const seen = after({ status: 'PENDING', updatedAt: ago(10) });
	const told = judge(
		seen,
		update({ status: 'FAILED', updatedAt: '2026-11-21T11:59:59Z' }),
		taste(),
	);
	const read = judge(
		seen,
		update({ status: 'FAILED', updatedAt: '2026-11-21T12:59:59+01:00', n: 1 }, 'read'),
		taste(),
	);
	expect(told.moment).toBe(read.moment);
});

it('tells what hangs on an object by its content, when its own time does not', () => {
	const change = { anyUpdate: true, byContent: true };
	const row = { status: 'ACTIVE', updatedAt: ago(10) };
	const seen = after({ ...row, attempts: 0 }, 'list', '', change);
	const first = judge(seen, update({ ...row, attempts: 1 }, 'list'), taste(change));
	expect(first.isNews).toBe(false);
	const second = judge(first.next, update({ ...row, attempts: 1 }, 'list'), taste(change));
	expect(second.isNews).toBe(true);
	expect(second.moment).not.toBe(judge(undefined, update(row, 'list'), taste(change)).moment);
	expect(verdict(second.next, { ...row, attempts: 1 }, 'list', change)).toBe('no');
});

it('remembers the making and the last event', () => {
	const seen = after({ status: 'PENDING', createdAt: ago(20), updatedAt: ago(10) }, 'stream', '3');
	expect(seen).toMatchObject({ created: NOW - 20_000, updated: NOW - 10_000, eventId: '3' });
	const { next } = judge(seen, update({ status: 'FAILED', updatedAt: ago(9) }, 'read'), taste());
	expect(next).toMatchObject({ created: NOW - 20_000, updated: NOW - 9_000, eventId: '3' });
});

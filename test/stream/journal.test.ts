import { ObservableObject } from 'n8n-workflow';
import { Journal, type TriggerState } from '../../nodes/KuvarPay/stream/journal';
import type { Seen } from '../../nodes/KuvarPay/stream/ledger';

const saved = (state: TriggerState) => JSON.parse(JSON.stringify(state)) as TriggerState;

describe('the journal', () => {
	const open: Seen = {
		status: 'PROCESSING',
		since: 5,
		updated: 6,
		created: 4,
		eventId: '7',
		print: 'r123',
		told: 2,
		doubt: 'FAILED',
	};
	const ended: Seen = { status: 'COMPLETED', since: 6, updated: 6, created: 4 };

	it('comes back as it was saved', () => {
		const state: TriggerState = {};
		const journal = new Journal(state, 'transaction');
		journal.seen.set('a', open).set('b', ended).set('constructor', { status: 'PENDING', since: 1 });
		const pending = {
			id: 'a',
			status: 'PENDING',
			previous: null,
			at: 9,
			event: 'x',
			moment: '7 p',
		};
		journal.begin(pending);
		journal.begin({ ...pending, previous: 'X', isNew: true });
		journal.looks.newest = 0;
		journal.looks.unfinished = true;
		journal.save();
		const after = new Journal(saved(state), 'transaction');
		expect([...after.seen]).toEqual([...journal.seen]);
		expect([...after.pending]).toEqual([...journal.pending]);
		expect(after.looks).toEqual({ newest: 0, unfinished: true });
	});

	it('keeps no event of what has ended, as no stream is resumed for it', () => {
		const state: TriggerState = {};
		const journal = new Journal(state, 'transaction');
		journal.seen.set('b', { ...ended, eventId: '7' });
		journal.save();
		expect(state.seen).toEqual({ b: 'COMPLETED,,6,4' });
	});

	it('writes nothing until it is told to', () => {
		const state: TriggerState = {};
		new Journal(state, 'transaction').seen.set('b', ended);
		expect(state).toEqual({});
	});

	it('writes what has changed, and nothing of what was forgotten', () => {
		const state: TriggerState = {};
		const journal = new Journal(state, 'transaction');
		journal.seen.set('a', ended).set('b', ended);
		journal.save();
		journal.seen.set('a', { ...ended, status: 'REFUNDED' });
		journal.seen.delete('b');
		journal.seen.set('c', ended).delete('c');
		journal.save();
		expect(state.seen).toEqual({ a: 'REFUNDED,,6,4' });
		const after = new Journal(saved(state), 'transaction');
		after.seen.delete('a');
		after.save();
		expect(saved(state).seen).toEqual({ a: 'REFUNDED,,6,4' });
		const kept = saved(state);
		const last = new Journal(kept, 'transaction');
		last.seen.set('d', ended);
		last.save();
		expect(kept.seen).toEqual({ a: 'REFUNDED,,6,4', d: 'COMPLETED,,6,4' });
	});

	it('keeps what is pending in the order in which it happened, until it has ended', () => {
		const state: TriggerState = {};
		const journal = new Journal(state, 'transaction');
		const pending = { id: 'a', status: 'X', previous: null, at: 9, event: 'x', moment: '1' };
		const numbers = Array.from({ length: 12 }, (_, n) => journal.begin({ ...pending, at: n }));
		for (const number of numbers.slice(1, 9)) journal.end(number);
		journal.save();
		const after = new Journal(saved(state), 'transaction');
		expect([...after.pending.values()].map(({ at }) => at)).toEqual([0, 9, 10, 11]);
		for (const number of [...after.pending.keys()]) after.end(number);
		const kept = saved(state);
		const last = new Journal(kept, 'transaction');
		for (const number of [...last.pending.keys()]) last.end(number);
		last.save();
		expect(kept.pending).toEqual({});
	});

	it('is noticed by n8n, which sees only what is set on the static data itself', () => {
		const root = ObservableObject.create({}) as unknown as { __dataChanged: boolean };
		const state = ObservableObject.create({}, root as never) as TriggerState;
		const journal = new Journal(state, 'transaction');
		for (const status of ['PENDING', 'COMPLETED']) {
			root.__dataChanged = false;
			journal.seen.set('a', { status, since: 1 });
			journal.save();
			expect(root.__dataChanged).toBe(true);
		}
	});

	it('takes nothing for a time or a text that is none', () => {
		const rows = {
			seen: { a: 'PENDING,x,true,null' },
			pending: { 5: 'a,X,,soon' },
		};
		const journal = new Journal({ kind: 'transaction', ...rows } as never, 'transaction');
		expect([...journal.seen]).toEqual([['a', { status: 'PENDING', since: 0 }]]);
		const pending = { id: 'a', status: 'X', previous: null, at: 0, event: '', moment: '' };
		expect([...journal.pending]).toEqual([[1, pending]]);
	});

	it('drops all when something else is watched now', () => {
		const state: TriggerState = {};
		const journal = new Journal(state, 'transaction');
		journal.seen.set('b', ended);
		journal.looks.newest = 5;
		journal.save();
		const other = new Journal(saved(state), 'checkoutSession');
		expect([other.seen.size, other.pending.size, other.looks]).toEqual([0, 0, {}]);
	});

	it.each([
		{ kind: 'transaction', seen: { a: { status: 'PENDING' } }, pending: {}, newest: 'x' },
		{ kind: 'transaction', seen: [['a', 'PENDING']], pending: null, looks: null },
		{ kind: 'transaction', seen: 'a,PENDING;b,PENDING', pending: 'k,a,X' },
		{},
	])('reads nothing out of what it has not written: %j', (state) => {
		const journal = new Journal(state as never, 'transaction');
		expect([journal.seen.size, journal.pending.size, journal.looks]).toEqual([0, 0, {}]);
	});
});

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
		const pending = { id: 'a', status: 'PENDING', previous: null, at: 9, event: 'x' };
		journal.pending.set('k', pending).set('l', { ...pending, previous: 'X', isNew: true });
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
		expect(state.seen).toBe('b,COMPLETED,,6,4');
	});

	it('writes nothing until it is told to', () => {
		const state: TriggerState = {};
		new Journal(state, 'transaction').seen.set('b', ended);
		expect(state).toEqual({});
	});

	it('takes nothing for a time or a text that is none', () => {
		const rows = {
			seen: 'a,PENDING,x,true,null',
			pending: 'k,a,X,,soon',
		};
		const journal = new Journal({ kind: 'transaction', ...rows } as never, 'transaction');
		expect([...journal.seen]).toEqual([['a', { status: 'PENDING', since: 0 }]]);
		const pending = { id: 'a', status: 'X', previous: null, at: 0, event: '' };
		expect([...journal.pending]).toEqual([['k', pending]]);
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
		{},
	])('reads nothing out of what it has not written: %j', (state) => {
		const journal = new Journal(state as never, 'transaction');
		expect([journal.seen.size, journal.pending.size, journal.looks]).toEqual([0, 0, {}]);
	});
});

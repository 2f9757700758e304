import { Delivery, type Emitter } from '../../nodes/KuvarPay/stream/delivery';
import { Journal, type TriggerState } from '../../nodes/KuvarPay/stream/journal';
import type { Emission } from '../../nodes/KuvarPay/stream/ledger';
import { readRows, writeRow } from '../../nodes/KuvarPay/stream/rows';
import { HeldClock, settled } from '../support/clock';

/** What n8n answers to an emit; no engine can be made to fail in these ways. */
type Answer = (done: { resolve(run?: unknown): void; reject(error: Error): void }) => void;
type Emitted = { items: Emission[]; done: unknown; key?: string };

const start: Answer = () => undefined;
const end: Answer = ({ resolve }) => resolve({});
const fail =
	(message: string): Answer =>
	({ reject }) =>
		reject(new Error(message));

let workflows = 0;

/** A delivery to an n8n that answers each emit by the next function. */
function open({
	state = {} as TriggerState,
	workflow = `workflow ${++workflows}`,
	answers = [] as Answer[],
	otherwise = start,
	isOld = false,
	clock = new HeldClock(),
} = {}) {
	const emitted: Emitted[] = [];
	const answer = answers.values();
	/** How often n8n would save, and what. */
	const saves: string[] = [];
	const take = (data: unknown, done?: unknown, key?: string) => {
		const text = JSON.stringify(state);
		if (saves.at(-1) !== text) saves.push(text);
		emitted.push({
			items: (data as Array<Array<{ json: Emission }>>)[0].map(({ json }) => json),
			done,
			key,
		});
		(answer.next().value ?? otherwise)((done ?? {}) as never);
	};
	const emit = isOld
		? (data: unknown, _response: unknown, done: unknown) => take(data, done)
		: (data: unknown, _response: unknown, done: unknown, key: string) => take(data, done, key);
	const closing = new AbortController();
	const logs: string[] = [];
	const journal = new Journal(state, 'checkoutSession');
	const delivery = new Delivery(
		{
			emit,
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: 'node' }),
		} as unknown as Emitter,
		journal,
		(emission) => ({ ...emission, isShaped: true }),
		{ clock, signal: closing.signal, log: (line) => logs.push(line) },
	);
	const close = () => {
		delivery.close();
		closing.abort();
	};
	const keys = () => emitted.map(({ key }) => key);
	return { delivery, journal, state, emitted, keys, saves, logs, clock, close, workflow };
}

/** When what is told was received. */
const AT = Date.parse('2026-11-21T12:00:00Z');

const emission = (change: Partial<Emission> = {}): Emission => ({
	event: 'session_update',
	resource: 'checkoutSession',
	id: 'cs_1',
	status: 'COMPLETED',
	previousStatus: 'PENDING',
	isFinal: true,
	receivedAt: '2026-11-21T12:00:00.000Z',
	learnedFrom: 'stream',
	data: { customerEmail: 'ada@example.com' },
	...change,
});
const again = async () => emission({ learnedFrom: 'read' });

describe('an emission', () => {
	it('has its mark saved with it, and nothing of the payment', () => {
		const { delivery, saves, emitted } = open();
		delivery.deliver(emission(), 'now', AT);
		expect(emitted[0].items).toEqual([{ ...emission(), isShaped: true }]);
		const [{ kind, pending }] = saves.map((text) => JSON.parse(text) as TriggerState);
		expect(kind).toBe('checkoutSession');
		expect(readRows(pending)).toEqual([
			['1', ['cs_1', 'COMPLETED', 'PENDING', String(AT), 'session_update', '', 'now']],
		]);
		expect(saves[0]).not.toContain('ada@example.com');
	});

	it('keeps with its mark whether the object was new', () => {
		const { delivery, journal, saves } = open();
		delivery.deliver(emission(), 'old', AT);
		delivery.deliver(emission({ isNew: true }), 'new', AT);
		const [old, made] = [...journal.pending.values()];
		expect([old.isNew, made.isNew]).toEqual([undefined, true]);
		const { pending } = JSON.parse(saves[1]) as TriggerState;
		expect(readRows(pending).map(([, row]) => row[5])).toEqual(['', '1']);
	});

	it('has static data written once', async () => {
		let writes = 0;
		const state = Object.defineProperty({}, 'looks', { set: () => (writes += 1) });
		const { delivery } = open({ state, otherwise: end });
		delivery.deliver(emission(), 'now', AT);
		await settled();
		expect(writes).toBe(1);
	});

	it('is pending until its execution has ended', async () => {
		let done!: () => void;
		const { delivery, journal } = open({ answers: [({ resolve }) => (done = () => resolve({}))] });
		delivery.deliver(emission(), 'now', AT);
		await settled();
		expect(journal.pending.size).toBe(1);
		done();
		await settled();
		expect(journal.pending.size).toBe(0);
	});

	it('is emitted again under the same key when n8n could not start it', async () => {
		const { delivery, journal, keys, clock, logs } = open({ answers: [fail('No database'), end] });
		delivery.deliver(emission(), 'now', AT);
		await clock.advance(4_999);
		expect(keys()).toHaveLength(1);
		expect(journal.pending.size).toBe(1);
		expect(logs[0]).toContain('No database');
		await clock.advance(1);
		expect(keys()).toEqual([keys()[0], keys()[0]]);
		expect(journal.pending.size).toBe(0);
	});

	it.each([
		'The execution was cancelled manually',
		'The execution was cancelled because it timed out',
	])('is not emitted again when it was stopped: %s', async (message) => {
		const { delivery, journal, keys, clock } = open({ answers: [fail(message)] });
		delivery.deliver(emission(), 'now', AT);
		await clock.advance(60_000);
		expect(keys()).toHaveLength(1);
		expect(journal.pending.size).toBe(0);
	});

	it('is emitted again when n8n throws', async () => {
		const thrown: Answer = () => {
			throw new Error('no');
		};
		const { delivery, keys, clock } = open({ answers: [thrown, end] });
		delivery.deliver(emission(), 'now', AT);
		await clock.advance(5_000);
		expect(keys()).toHaveLength(2);
	});

	it('does without the end where the engine does not tell it', async () => {
		const refusal = fail(
			'Engine 2.0 cannot run a trigger that waits for its execution to finish yet.',
		);
		const { delivery, journal, emitted, keys, clock } = open({ answers: [refusal] });
		delivery.deliver(emission(), 'one', AT);
		await clock.advance(0);
		expect(emitted).toHaveLength(2);
		expect(emitted[1].done).toBeUndefined();
		expect(keys()[1]).toBe(keys()[0]);
		delivery.deliver(emission(), 'two', AT);
		expect(emitted[2].done).toBeUndefined();
		await clock.advance(4_999);
		expect(journal.pending.size).toBe(2);
		await clock.advance(1);
		expect(journal.pending.size).toBe(0);
		expect(emitted).toHaveLength(3);
	});

	it('has another key for each change, whatever characters its parts are made of', () => {
		const { delivery, keys, clock } = open();
		delivery.deliver(emission({ id: 'a b', status: 'c' }), 'd', AT);
		delivery.deliver(emission({ id: 'b', status: 'c' }), 'd a', AT);
		delivery.deliver(emission({ id: 'a', status: 'b c' }), 'd', AT);
		delivery.deliver(emission({ id: 'a","b', status: 'c' }), 'd', AT);
		delivery.deliver(emission({ id: 'ab', status: 'c' }), 'd', AT);
		delivery.deliver(emission({ id: 'a', status: 'bc' }), 'd', AT);
		delivery.deliver(emission({ id: 'a', status: 'b' }), 'cd', AT);
		expect(new Set(keys()).size).toBe(7);
		expect(clock.waits).toEqual([]);
	});

	it.each(['a\0b', 'ä', '\ud800', 'a b', 'x'.repeat(300)])(
		"has a key that n8n's database takes, whatever the ID is: %j",
		(id) => {
			const { delivery, keys } = open();
			delivery.deliver(emission({ id }), 'now', AT);
			delivery.deliver(emission({ id }), 'later', AT);
			expect(new Set(keys()).size).toBe(2);
			for (const key of keys()) expect(key).toMatch(/^[\w.-]{22,255}$/);
		},
	);

	it('has a key of 255 characters at most, and one of 256 is made shorter', () => {
		const { delivery, keys } = open();
		delivery.deliver(emission({ id: 'x', status: 's' }), 'm', AT);
		const rest = keys()[0]!.length - 1;
		// Two digits more tell the length of such an ID.
		for (const length of [255, 256])
			delivery.deliver(emission({ id: 'x'.repeat(length - rest - 2), status: 's' }), 'm', AT);
		expect(keys().map((key) => key!.length)).toEqual([rest + 1, 255, 22]);
	});

	it('has another key in another workflow', () => {
		const [one, other] = [open(), open()];
		one.delivery.deliver(emission(), 'now', AT);
		other.delivery.deliver(emission(), 'now', AT);
		expect(one.keys()).not.toEqual(other.keys());
	});

	it('is given to an older n8n without a key, with the static data written before', () => {
		const { delivery, emitted, state, journal } = open({ isOld: true });
		journal.seen.set('cs_1', { status: 'COMPLETED', since: 1 });
		delivery.deliver(emission(), 'now', AT);
		expect(emitted[0]).toMatchObject({ done: undefined, key: undefined });
		expect(readRows(state.seen)).toHaveLength(1);
		expect(state.pending).toEqual({});
	});
});

describe('a burst', () => {
	const burst = async (count: number) => {
		const opened = open();
		const { delivery, journal, clock } = opened;
		for (let n = 0; n < count; n++) {
			const id = `trxn_${String(n).padStart(20, '0')}`;
			journal.seen.set(id, {
				status: 'COMPLETED',
				since: clock.now(),
				updated: clock.now(),
				created: clock.now(),
			});
			delivery.deliver(emission({ id }), 'now', AT);
		}
		await clock.advance(60_000);
		return opened;
	};

	it('of 500 has n8n save all of it once the first ten are under way, and less than 78 kB', async () => {
		const { saves, keys, clock } = await burst(500);
		expect(new Set(keys()).size).toBe(500);
		expect(saves).toHaveLength(11);
		expect(saves.at(-1)!.length).toBeLessThan(78_000);
		expect(clock.waits).toEqual([]);
	});

	it('has the marks of all saved before any of them starts', async () => {
		const { saves, emitted } = await burst(50);
		const pending = saves.map(
			(text) => readRows((JSON.parse(text) as TriggerState).pending).length,
		);
		expect(pending.slice(-2)).toEqual([10, 50]);
		expect(emitted).toHaveLength(50);
	});

	it('has the mark saved of what comes in the middle of it too, before that starts', async () => {
		const state: TriggerState = {};
		const saved: string[] = [];
		const otherwise = () => void saved.push(JSON.stringify(state.pending));
		const { delivery, journal, keys, clock } = open({ state, otherwise });
		for (let n = 0; n < 100; n++) journal.seen.set(String(n), { status: 'PENDING', since: 1 });
		for (let n = 0; n < 3; n++) delivery.deliver(emission(), String(n), AT);
		await clock.advance(1);
		for (let n = 3; n < 5; n++) delivery.deliver(emission(), String(n), AT);
		await clock.advance(1_000);
		expect(keys()).toHaveLength(5);
		for (const [n, text] of saved.entries())
			expect(readRows(JSON.parse(text)).map(([, row]) => row[6])).toContain(String(n));
	});

	it('has ten executions under way, and the next one when one has ended', async () => {
		const dones: Array<() => void> = [];
		const otherwise: Answer = ({ resolve }) => void dones.push(() => resolve({}));
		const { delivery, emitted, clock } = open({ otherwise });
		for (let n = 0; n < 20; n++) delivery.deliver(emission(), String(n), AT);
		expect(emitted).toHaveLength(10);
		await clock.advance(400);
		expect(emitted).toHaveLength(10);
		for (const done of dones.slice(0, 3)) done();
		// What it takes to have the marks of the others saved.
		await clock.advance(10);
		expect(emitted).toHaveLength(13);
		// Those that take long keep nobody waiting for more than half a second.
		await clock.advance(89);
		expect(emitted).toHaveLength(13);
		await clock.advance(1);
		expect(emitted).toHaveLength(20);
		expect(clock.waits).toEqual([]);
	});

	it('that waits for executions is emitted at once when the trigger is closed, with its marks', async () => {
		const { delivery, emitted, saves, close, clock } = open();
		for (let n = 0; n < 20; n++) delivery.deliver(emission(), String(n), AT);
		expect(emitted).toHaveLength(10);
		close();
		expect(emitted).toHaveLength(20);
		const { pending } = JSON.parse(saves.at(-1)!) as TriggerState;
		expect(readRows(pending)).toHaveLength(20);
		await clock.advance(1_000);
		expect([emitted.length, clock.waits]).toEqual([20, []]);
	});

	it('has no turn any more after the trigger is closed: it stays pending for the next start', async () => {
		const { delivery, journal, emitted, close } = open();
		for (let n = 0; n < 10; n++) delivery.deliver(emission(), String(n), AT);
		close();
		delivery.deliver(emission(), 'late', AT);
		await settled();
		expect([emitted.length, journal.pending.size]).toEqual([10, 11]);
	});

	it.each([false, true])(
		'waits for nothing where little is kept (older n8n: %p)',
		async (isOld) => {
			const { delivery, emitted, clock } = open({ isOld });
			for (let n = 0; n < 5; n++) delivery.deliver(emission(), String(n), AT);
			await settled();
			expect([emitted.length, clock.waits]).toEqual([5, []]);
		},
	);

	it('is not saved again for what ends in it', async () => {
		const dones: Array<() => void> = [];
		const otherwise: Answer = ({ resolve }) => void dones.push(() => resolve({}));
		const { delivery, emitted, saves } = open({ otherwise });
		for (let n = 0; n < 20; n++) delivery.deliver(emission(), String(n), AT);
		for (let n = 0; n < 10; n++) {
			dones[n]();
			await settled();
		}
		expect([emitted.length, new Set(saves).size]).toEqual([20, 11]);
	});

	it('has an older n8n save the marks of all before it starts more than one', async () => {
		const { delivery, journal, emitted, clock } = open({ isOld: true });
		for (let n = 0; n < 300; n++) journal.seen.set(String(n), { status: 'PENDING', since: 1 });
		for (let n = 0; n < 10; n++) delivery.deliver(emission(), String(n), AT);
		expect(emitted).toHaveLength(1);
		// The others came when the marks had been saved with the first.
		await clock.advance(59);
		expect(emitted).toHaveLength(2);
		await clock.advance(1);
		expect(emitted).toHaveLength(10);
	});

	it('is emitted at once when the trigger is closed in the middle of it', async () => {
		const { delivery, journal, emitted, close, clock } = open({ isOld: true });
		for (let n = 0; n < 100; n++) journal.seen.set(String(n), { status: 'PENDING', since: 1 });
		for (let n = 0; n < 10; n++) delivery.deliver(emission(), String(n), AT);
		expect(emitted).toHaveLength(1);
		close();
		expect(emitted).toHaveLength(10);
		await clock.advance(1_000);
		expect(emitted).toHaveLength(10);
	});
});

describe('after a restart', () => {
	/** What n8n has saved when it is killed. */
	const crashed = (answers: Answer[] = []) => {
		const before = open({ answers });
		before.delivery.deliver(emission(), 'now', AT);
		return { state: JSON.parse(before.saves[0]) as TriggerState, before };
	};

	/** What another process has left: this one knows nothing of what runs there. */
	const ofAnother = (state: TriggerState) => {
		const [row] = Object.values(state.pending!);
		state.pending = { 1: row.replace(/now$/, 'then') };
	};

	it('is emitted again what was not seen through, as it is read', async () => {
		const { state, before } = crashed();
		ofAnother(state);
		const { workflow } = before;
		const { delivery, emitted, journal } = open({ state, workflow, answers: [end] });
		await delivery.redeliver(again);
		expect(emitted[0].key).toBe(before.keys()[0]!.replace(/now$/, 'then'));
		expect(emitted[0].items[0]).toMatchObject({ learnedFrom: 'read', isShaped: true });
		await settled();
		expect(journal.pending.size).toBe(0);
		before.close();
	});

	it('tells several in the order in which they happened, however fast each is read', async () => {
		const state = crashed().state;
		const row = (id: string) => writeRow([id, 'X', '', AT]);
		state.pending = { 9: row('a'), 10: row('b'), 11: row('c') };
		const { delivery, emitted, clock } = open({ state });
		const redelivery = delivery.redeliver(async ({ id }) => {
			await clock.pause({ a: 3, b: 2, c: 1 }[id]!);
			return emission({ id });
		});
		await clock.advance(10);
		await redelivery;
		expect(emitted.map(({ items: [{ id }] }) => id)).toEqual(['a', 'b', 'c']);
	});

	it('is not emitted again what ended in this process, whatever n8n has kept', async () => {
		for (const answer of [end, fail('The execution was cancelled manually')]) {
			const { state, before } = crashed([answer]);
			await settled();
			const { delivery, emitted, journal } = open({ state, workflow: before.workflow });
			await delivery.redeliver(again);
			expect(emitted).toEqual([]);
			expect(journal.pending.size).toBe(0);
		}
	});

	it('is not emitted again what still runs in this process', async () => {
		let done!: () => void;
		const { state, before } = crashed([({ resolve }) => (done = () => resolve({}))]);
		const { delivery, emitted, journal } = open({ state, workflow: before.workflow });
		await delivery.redeliver(again);
		expect(emitted).toEqual([]);
		expect(journal.pending.size).toBe(1);
		done();
		await settled();
		expect(journal.pending.size).toBe(0);
	});

	it('is emitted again what still runs and then turns out not to have started', async () => {
		let refuse!: () => void;
		const { state, before } = crashed([({ reject }) => (refuse = () => reject(new Error('no')))]);
		const { delivery, keys } = open({ state, workflow: before.workflow });
		await delivery.redeliver(again);
		refuse();
		await settled();
		expect(keys()).toEqual(before.keys());
	});

	it('is not emitted again what is too old: n8n may have deleted its key', async () => {
		const { state } = crashed();
		ofAnother(state);
		const clock = new HeldClock(Date.parse('2026-11-21T12:05:00Z'));
		const { delivery, emitted, journal } = open({ state, clock });
		await delivery.redeliver(again);
		expect(emitted).toEqual([]);
		expect(journal.pending.size).toBe(0);
	});
});

import type { ITriggerFunctions } from 'n8n-workflow';
import { Delivery, type TriggerState } from '../../nodes/KuvarPay/stream/delivery';
import type { Emission } from '../../nodes/KuvarPay/stream/ledger';

/** What n8n answers to an emit; no engine can be made to fail in these ways. */
type Answer = (done: { resolve(run: unknown): void; reject(error: Error): void }) => void;

describe('delivery, when n8n cannot start an execution', () => {
	const closing = new AbortController();
	afterAll(() => closing.abort());

	const emission = (): Emission => ({
		event: 'session_update',
		resource: 'checkoutSession',
		id: 'cs_1',
		status: 'COMPLETED',
		previousStatus: null,
		isFinal: true,
		receivedAt: new Date().toISOString(),
		data: {},
	});
	const deliveryOn = (workflow: string, state: TriggerState, answers: Answer[]) => {
		const keys: string[] = [];
		const emit = (_data: unknown, _response: unknown, done: never, key: string) => {
			keys.push(key);
			answers.shift()?.(done);
		};
		const context = {
			emit,
			getWorkflow: () => ({ id: workflow }),
			getNode: () => ({ id: 'node' }),
		} as unknown as ITriggerFunctions;
		return {
			delivery: new Delivery(context, state, (each) => each, closing.signal),
			keys,
		};
	};
	const settled = async () => await new Promise((resolve) => setImmediate(resolve));

	it('emits again under the same key, and keeps it pending until then', async () => {
		const state: TriggerState = {};
		let ended!: () => void;
		const again = new Promise<void>((resolve) => (ended = resolve));
		const { delivery, keys } = deliveryOn('fails', state, [
			({ reject }) => reject(new Error('The database is not there')),
			({ resolve }) => {
				resolve(undefined);
				ended();
			},
		]);
		delivery.deliver(emission(), 'now');
		await settled();
		expect(state.pending?.cs_1.map(({ key }) => key)).toEqual(keys);
		await again;
		await settled();
		expect(keys).toEqual([keys[0], keys[0]]);
		expect(state.pending).toEqual({});
	});

	it('keeps the one of two changes of an object that has not ended', async () => {
		const state: TriggerState = {};
		const ends: Array<() => void> = [];
		const keep: Answer = ({ resolve }) => ends.push(() => resolve({}));
		const { delivery, keys } = deliveryOn('two', state, [keep, keep]);
		delivery.deliver(emission(), 'first');
		delivery.deliver(emission(), 'second');
		ends[0]();
		await settled();
		expect(state.pending?.cs_1.map(({ key }) => key)).toEqual([keys[1]]);
		ends[1]();
		await settled();
		expect(state.pending).toEqual({});
	});

	it('has another key for each change, whatever characters its parts are made of', () => {
		const { delivery, keys } = deliveryOn('any characters', {}, []);
		delivery.deliver({ ...emission(), id: 'a b', status: 'c' }, 'd');
		delivery.deliver({ ...emission(), id: 'b', status: 'c' }, 'd a');
		delivery.deliver({ ...emission(), id: 'a', status: 'b c' }, 'd');
		delivery.deliver({ ...emission(), id: 'a","b', status: 'c' }, 'd');
		expect(new Set(keys).size).toBe(4);
	});

	it.each(['constructor', '__proto__'])('takes %s for an ID like any other', async (id) => {
		const state: TriggerState = {};
		const { delivery, keys } = deliveryOn(id, state, [({ resolve }) => resolve({})]);
		delivery.deliver({ ...emission(), id }, 'now');
		await settled();
		expect(keys).toHaveLength(1);
		expect(state.pending).toEqual({});
	});

	it('does not repeat an execution that still runs when the trigger is activated again', async () => {
		const state: TriggerState = {};
		let end!: () => void;
		const first = deliveryOn('reactivated', state, [({ resolve }) => (end = () => resolve({}))]);
		first.delivery.deliver(emission(), 'now');
		const saved = JSON.parse(JSON.stringify(state)) as TriggerState;
		const second = deliveryOn('reactivated', saved, []);
		second.delivery.redeliver();
		expect(second.keys).toEqual([]);
		end();
		await settled();
		expect([state.pending, saved.pending]).toEqual([{}, {}]);
	});
});

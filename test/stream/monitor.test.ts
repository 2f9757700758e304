import { sources } from '../../nodes/KuvarPay/payments/sources';
import { Journal } from '../../nodes/KuvarPay/stream/journal';
import type { Emission, From } from '../../nodes/KuvarPay/stream/ledger';
import { Monitor } from '../../nodes/KuvarPay/stream/monitor';
import { HeldClock } from '../support/clock';

function open({
	source = sources.transaction,
	anyUpdate = false,
	emitCurrentState = false,
	statuses = [] as string[],
} = {}) {
	const clock = new HeldClock();
	const journal = new Journal({}, 'x');
	const told: Array<{ emission: Emission; moment: string; known?: string }> = [];
	const monitor = new Monitor({ source, anyUpdate, statuses, emitCurrentState, clock }, journal, {
		deliver: (emission, moment) =>
			void told.push({ emission, moment, known: journal.seen.get(emission.id)?.status }),
	});
	const take = (status: string, from: From = 'stream', isNew?: boolean, more: object = {}) => {
		const object = { id: 't', status, updatedAt: clock.now(), ...more };
		return monitor.take('t', { object, event: 'x', eventId: '', from }, isNew);
	};
	const statusesTold = () => told.map(({ emission }) => emission.status);
	return { clock, journal, told, monitor, take, statusesTold };
}

describe('an item', () => {
	it('tells what has changed, when it was received and from where', async () => {
		const { take, told, clock } = open();
		take('pending', 'read');
		await clock.advance(1_500);
		take('completed', 'list', false, { n: 1 });
		expect(told.map(({ emission }) => emission)).toEqual([
			{
				...{ event: 'x', resource: 'transaction', id: 't', status: 'COMPLETED' },
				...{ previousStatus: 'PENDING', isFinal: true, learnedFrom: 'list' },
				receivedAt: '2026-11-21T12:00:01.500Z',
				data: { id: 't', status: 'completed', updatedAt: clock.now(), n: 1 },
			},
		]);
		await clock.advance(500);
		take('refunded');
		expect(told[1].emission.receivedAt).toBe('2026-11-21T12:00:02.000Z');
	});

	it('is told when it is remembered already, as n8n saves what is known with it', () => {
		const { take, told } = open();
		take('PENDING');
		expect(told).toMatchObject([{ known: 'PENDING', emission: { previousStatus: null } }]);
	});

	it('says that the object is new only when it is', async () => {
		const { take, told, clock } = open();
		take('PENDING', 'list', true);
		await clock.advance(1);
		take('COMPLETED', 'list');
		expect(told[0].emission.isNew).toBe(true);
		expect(told[1].emission).not.toHaveProperty('isNew');
	});
});

describe('what was so when the watching began', () => {
	it.each<[string, From, boolean | undefined, object, boolean]>([
		['is no event when it is read', 'read', undefined, {}, false],
		['is no event when it is listed', 'list', false, {}, false],
		['is one when a stream tells it', 'stream', false, {}, true],
		['is one when the object has come into being', 'list', true, {}, true],
		['is one when that is asked for', 'read', false, { emitCurrentState: true }, true],
	])('%s', (_what, from, isNew, options, isTold) => {
		const { take, told, journal } = open(options);
		take('PENDING', from, isNew);
		expect(told).toHaveLength(isTold ? 1 : 0);
		expect(journal.seen.get('t')?.status).toBe('PENDING');
	});
});

describe('what is told', () => {
	it('is the chosen statuses, and the others are known all the same', async () => {
		const { take, told, clock } = open({ statuses: ['COMPLETED', 'FAILED'] });
		for (const status of ['PENDING', 'COMPLETED', 'REFUNDED']) {
			await clock.advance(1);
			take(status);
		}
		expect(told.map(({ emission }) => [emission.previousStatus, emission.status])).toEqual([
			['PENDING', 'COMPLETED'],
		]);
	});

	it('is nothing that was told', () => {
		const { take, statusesTold } = open();
		take('PENDING');
		take('PENDING', 'read');
		take('pending');
		expect(statusesTold()).toEqual(['PENDING']);
	});

	it('is any change when that is asked for', async () => {
		for (const anyUpdate of [false, true]) {
			const { take, told, clock } = open({ anyUpdate });
			take('PENDING');
			await clock.advance(1);
			take('PENDING');
			expect(told).toHaveLength(anyUpdate ? 2 : 1);
		}
	});

	it('is what hangs on a subscription too, which its own time does not tell', () => {
		for (const [source, count] of [
			[sources.subscription, 2],
			[sources.transaction, 1],
		] as const) {
			const { take, told } = open({ source, anyUpdate: true, emitCurrentState: true });
			for (const n of [0, 1, 1]) take('ACTIVE', 'list', false, { n });
			expect(told).toHaveLength(count);
		}
	});

	it('is what is doubtful when it was read once more', () => {
		const { take, statusesTold } = open();
		const noTime = { updatedAt: undefined };
		expect(take('PROCESSING', 'stream', false, noTime)).toBe(false);
		expect(take('PENDING', 'read', false, noTime)).toBe(true);
		expect(take('PENDING', 'read', false, noTime)).toBe(false);
		expect(statusesTold()).toEqual(['PROCESSING', 'PENDING']);
	});

	it('is nothing after it is closed', () => {
		const { take, told, monitor } = open();
		monitor.close();
		expect(take('PENDING')).toBe(false);
		expect(told).toEqual([]);
		expect(monitor.all.size).toBe(0);
	});
});

it('forgets what is of no more interest, and nothing else', () => {
	const { monitor, journal } = open();
	journal.seen.set('a', { status: 'PENDING', since: 1 }).set('b', { status: 'FAILED', since: 2 });
	monitor.forget((_id, { since }) => since > 1);
	expect([monitor.seen('a'), monitor.seen('b')]).toEqual([
		undefined,
		{ status: 'FAILED', since: 2 },
	]);
	expect([...monitor.all.keys()]).toEqual(['b']);
});

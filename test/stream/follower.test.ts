import { sources, targetAt } from '../../nodes/KuvarPay/payments/sources';
import { Access } from '../../nodes/KuvarPay/stream/access';
import { Follower } from '../../nodes/KuvarPay/stream/follower';
import { judge, type From, type Seen, type Update } from '../../nodes/KuvarPay/stream/ledger';
import { statusOf } from '../../nodes/KuvarPay/payments/statuses';
import { World } from '../support/world';

// The retries of one request wait for nobody here.
jest.mock('../../nodes/KuvarPay/api/timers', () => ({
	...jest.requireActual<object>('../../nodes/KuvarPay/api/timers'),
	pause: async () => undefined,
}));

let world: World;
beforeEach(() => {
	world = new World();
	world.sessions.set('s', { sessionId: 's', status: 'PENDING', updatedAt: '2026-11-21T11:00:00Z' });
	world.add('t', 'PENDING', 60, { checkoutSessionId: 's' });
});
afterEach(() => world.closing.abort());

/** Follows an object and notes what is news. */
function follow(
	id = 's',
	{
		source = sources.checkoutSession,
		token = '',
		access = new Access(world.client, source, token || undefined),
		watchAfterEnd = 0,
		before = undefined as Seen | undefined,
	} = {},
) {
	const told: Array<{ status: string; from: From; event: string }> = [];
	const bad: string[] = [];
	let seen = before;
	const follower = new Follower({
		client: world.client,
		source,
		id,
		access,
		target: targetAt(source, 'stream', id),
		idleTimeout: 90_000,
		pollInterval: 15_000,
		watchAfterEnd,
		down: new Map(),
		seen: () => seen,
		onUpdate: (update: Update) => {
			const taste = { anyUpdate: false, byContent: false, now: world.clock.now() };
			const { isNews, isDoubtful, next } = judge(seen, update, taste);
			if (isNews && seen)
				told.push({ status: statusOf(update.object), from: update.from, event: update.event });
			seen = next;
			return isDoubtful;
		},
		onBadEvent: ({ message }) => bad.push(message),
	});
	const failures: string[] = [];
	let isOver = false;
	const running = follower
		.run()
		.catch((error: Error) => failures.push(error.message))
		.finally(() => (isOver = true));
	return { follower, told, bad, failures, running, isOver: () => isOver, seen: () => seen };
}
const session = () => world.sessions.get('s')!;
const tellSession = (status: string, event = 'session_update') => {
	world.move(session(), status);
	world.tell('s', { success: true, data: session() }, event);
};
const refuse = () => (world.opens = () => false);

describe('a stream that the key opens', () => {
	it('is all that is needed after the first read', async () => {
		const { told, follower } = follow();
		await world.settle();
		await follower.ready;
		expect(world.asked()).toEqual(['sse/session/s', 'checkout-sessions/s']);
		await world.advance(80);
		expect(world.asked()).toEqual([]);
		tellSession('PROCESSING');
		await world.settle();
		expect(told).toEqual([{ status: 'PROCESSING', from: 'stream', event: 'session_update' }]);
	});

	it('is closed at the end, and nothing is asked any more', async () => {
		const { told, isOver } = follow();
		await world.settle();
		tellSession('COMPLETED');
		await world.settle();
		expect(told).toHaveLength(1);
		expect(world.open).toEqual([]);
		expect(isOver()).toBe(true);
		world.asked();
		await world.advance(100_000);
		expect(world.asked()).toEqual([]);
	});

	it.each(['payment.changed', 'error', 'open', 'session_update', ''])(
		'takes events that are called "%s"',
		async (event) => {
			const { told } = follow();
			await world.settle();
			tellSession('PROCESSING', event);
			await world.settle();
			expect(told).toMatchObject([{ status: 'PROCESSING', event: event || 'message' }]);
		},
	);

	it('starts nothing for a greeting or a heartbeat', async () => {
		const { told, bad } = follow();
		await world.settle();
		world.asked();
		world.tell('s', { status: 'connected' }, 'connected');
		world.tell('s', { type: 'connected' });
		world.tell('s', 'beat', 'heartbeat');
		world.tell('s', 'ping');
		await world.advance(60);
		expect([told, bad, world.asked()]).toEqual([[], [], []]);
	});

	it('reads what an event only hints at, at most every few seconds', async () => {
		const { told } = follow();
		await world.settle();
		world.asked();
		world.move(session(), 'PROCESSING');
		for (let n = 0; n < 10; n++) world.tell('s', { sessionId: 's' }, 'changed');
		await world.advance(0);
		expect(world.asked()).toEqual(['checkout-sessions/s']);
		expect(told).toEqual([{ status: 'PROCESSING', from: 'read', event: 'session_update' }]);
		world.move(session(), 'PARTIAL_PAYMENT');
		for (let n = 0; n < 10; n++) world.tell('s', 'something', 'changed');
		await world.advance(4.9);
		expect(world.asked()).toEqual([]);
		await world.advance(60);
		expect(world.asked().length).toBeLessThanOrEqual(2);
		expect(told.map(({ status }) => status)).toEqual(['PROCESSING', 'PARTIAL_PAYMENT']);
	});

	it('reports an event that cannot be read once in a row, and reads the state', async () => {
		const { told, bad } = follow();
		await world.settle();
		world.move(session(), 'PROCESSING');
		world.tell('s', '{', 'session_update');
		world.tell('s', '{', 'session_update');
		await world.advance(0);
		expect(bad).toHaveLength(1);
		expect(told.map(({ from }) => from)).toEqual(['read']);
	});

	it('tells nothing for a stream that begins by repeating the state', async () => {
		const { told } = follow();
		// Before the state is known.
		await Promise.resolve();
		tellSession('PENDING');
		await world.settle();
		expect(told).toEqual([]);
	});
});

describe('a stream that the key does not open', () => {
	const withToken = () => {
		session().authToken = 'token-of-s';
		world.opens = (token) => token === 'token-of-s';
	};

	it('is opened with the token that the session tells', async () => {
		withToken();
		const { told } = follow();
		await world.settle();
		expect(world.open).toEqual(['s']);
		tellSession('PROCESSING');
		await world.settle();
		expect(told).toMatchObject([{ status: 'PROCESSING', from: 'stream' }]);
		expect(world.client.connection.learned.streams.recall('checkoutSession')).toBe('token');
		expect(world.client.connection.redact('x token-of-s')).toBe('x ***');
	});

	it('is opened with the token of the session for its transaction too', async () => {
		withToken();
		follow('t', { source: sources.transaction });
		await world.settle();
		expect(world.open).toEqual(['t']);
		expect(world.asked()).toContain('checkout-sessions/s');
	});

	it('costs the next one no refusal, once that is known', async () => {
		withToken();
		const access = new Access(world.client, sources.checkoutSession);
		follow('s', { access });
		await world.settle();
		world.sessions.set('r', { sessionId: 'r', status: 'PENDING', authToken: 'token-of-s' });
		world.asked();
		follow('r', { access });
		await world.settle();
		expect(world.asked().filter((path) => path.startsWith('sse/'))).toHaveLength(1);
		expect(world.open).toEqual(['s', 'r']);
	});

	it('is read where no token helps, ever less often, and the log says why once', async () => {
		refuse();
		const { told, follower, failures } = follow();
		await world.settle();
		await follower.ready;
		expect(world.logs).toHaveLength(1);
		expect(world.logs[0]).toMatch(
			/refuses event streams of checkout sessions.*This does not open streams/,
		);
		world.asked();
		await world.advance(300);
		expect(world.count('checkout-sessions/s')).toBeGreaterThanOrEqual(15);
		expect(world.count('sse')).toBe(0);
		world.asked();
		world.move(session(), 'PROCESSING');
		await world.advance(200);
		expect(told).toEqual([{ status: 'PROCESSING', from: 'read', event: 'session_update' }]);
		world.asked();
		await world.advance(2_500);
		expect(world.asked().length).toBeLessThan(100);
		expect(failures).toEqual([]);
	});

	it.each([
		['JSON', { status: 200, type: 'application/json', body: {} }],
		['nothing', { status: 204, type: '' }],
		['a page', { status: 200, type: 'text/html', body: '<html>' }],
		['404', { status: 404 }],
		['405', { status: 405 }],
		['a redirect', { status: 302 }],
	])('is read when it is answered with %s', async (_what, refusal) => {
		refuse();
		world.refusal = refusal;
		const { told, failures } = follow();
		await world.settle();
		world.move(session(), 'COMPLETED');
		await world.advance(15);
		expect(told).toMatchObject([{ status: 'COMPLETED', from: 'read' }]);
		expect(failures).toEqual([]);
	});

	it('is tried again after an hour', async () => {
		refuse();
		follow();
		await world.settle();
		world.opens = () => true;
		// What was learned lasts an hour of the real clock.
		world.client.connection.learned.streams.forget('checkoutSession');
		await world.advance(3_590);
		expect(world.streams).toEqual([]);
		await world.advance(400);
		expect(world.streams).toHaveLength(1);
	});

	it('is not asked for at all while it is known that nobody may', async () => {
		world.client.connection.learned.streams.note('checkoutSession', 'nobody');
		const { follower } = follow();
		await world.settle();
		await follower.ready;
		expect(world.asked()).toEqual(['checkout-sessions/s']);
	});

	it('is found out by one for all', async () => {
		refuse();
		const access = new Access(world.client, sources.checkoutSession);
		for (const id of ['a', 'b', 'c']) {
			world.sessions.set(id, { sessionId: id, status: 'PENDING' });
			follow(id, { access });
		}
		await world.settle();
		// The key in each of its forms, for the first one only.
		expect(new Set(world.asked().filter((path) => path.startsWith('sse/')))).toEqual(
			new Set(['sse/session/a']),
		);
		expect(world.logs).toHaveLength(1);
	});

	it('with a token of the user: nothing else is tried', async () => {
		refuse();
		session().authToken = 'other';
		const sent: unknown[] = [];
		world.opens = (token) => {
			sent.push(token);
			return false;
		};
		const { told } = follow('s', { token: 'mine' });
		await world.settle();
		expect(sent).toEqual(['mine']);
		world.move(session(), 'COMPLETED');
		await world.advance(15);
		expect(told).toMatchObject([{ from: 'read' }]);
		expect(world.client.connection.learned.streams.recall('checkoutSession')).toBeUndefined();
		expect(world.client.connection.redact('mine')).toBe('***');
	});
});

describe('what REST refuses too', () => {
	it.each([401, 403, 404])('fails with %i', async (status) => {
		world.fault = () => ({ status, body: { error: 'no' } });
		const { follower, failures } = follow();
		const ready = expect(follower.ready).rejects.toThrow(String(status));
		await world.settle();
		await ready;
		expect(failures).toEqual([expect.stringContaining(String(status))]);
	});

	it('fails later, once, and asks nothing more', async () => {
		refuse();
		const { failures } = follow();
		await world.settle();
		world.sessions.clear();
		await world.advance(15);
		expect(failures).toEqual([expect.stringContaining('404')]);
		world.asked();
		await world.advance(10_000);
		expect(world.asked()).toEqual([]);
	});

	it('for a moment only is waited out, and the log says so', async () => {
		refuse();
		const { told, failures } = follow();
		await world.settle();
		world.logs.length = 0;
		world.fault = () => ({ status: 503, body: { error: 'busy' } });
		await world.advance(16);
		expect(world.logs).toEqual([expect.stringContaining('could not be read')]);
		world.fault = () => undefined;
		world.move(session(), 'PROCESSING');
		await world.advance(60);
		expect(told).toMatchObject([{ status: 'PROCESSING', from: 'read' }]);
		expect(failures).toEqual([]);
	});

	it('does not matter while the stream is open', async () => {
		const { failures, told } = follow();
		await world.settle();
		world.fault = (path) => (path.startsWith('sse') ? undefined : { status: 403 });
		world.tell('s', {}, 'changed');
		await world.advance(60);
		expect(failures).toEqual([]);
		tellSession('PROCESSING');
		await world.settle();
		expect(told).toHaveLength(1);
	});
});

describe('after the end', () => {
	const DAY = 24 * 3_600_000;
	const ended = async () => {
		const followed = follow('s', { watchAfterEnd: DAY });
		await world.settle();
		world.asked();
		tellSession('COMPLETED');
		await world.settle();
		return followed;
	};

	it('is told a refund, without a stream', async () => {
		const { told, isOver } = await ended();
		await world.advance(20 * 3_600);
		world.move(session(), 'REFUNDED');
		await world.advance(3_600);
		expect(told.map(({ status, from }) => `${status} ${from}`)).toEqual([
			'COMPLETED stream',
			'REFUNDED read',
		]);
		expect(world.count('sse')).toBe(0);
		expect(isOver()).toBe(false);
	});

	it('is looked at ever less often, and at last no more', async () => {
		const { isOver } = await ended();
		// It was just told; and there is no hurry.
		await world.advance(59.9);
		expect(world.asked()).toEqual([]);
		await world.advance(0.1);
		expect(world.asked()).toEqual(['checkout-sessions/s']);
		await world.advance(23.9 * 3_600 - 60);
		expect(isOver()).toBe(false);
		const count = world.asked().length;
		expect(count).toBeGreaterThan(35);
		expect(count).toBeLessThan(60);
		await world.advance(2 * 3_600);
		expect(isOver()).toBe(true);
		world.asked();
		await world.advance(DAY);
		expect(world.asked()).toEqual([]);
	});

	it('what happened while nobody looked is told, without a stream', async () => {
		world.move(session(), 'REFUNDED');
		const since = world.clock.now() - 3_600_000;
		const before = { status: 'COMPLETED', since, updated: since };
		const { told, isOver } = follow('s', { watchAfterEnd: DAY, before });
		await world.settle();
		expect(told).toMatchObject([{ status: 'REFUNDED', from: 'read' }]);
		await world.advance(3_600);
		expect([world.count('sse'), isOver()]).toEqual([0, false]);
	});

	it('of long ago nothing is asked, and it is over', async () => {
		const before = { status: 'COMPLETED', since: world.clock.now() - DAY };
		const { follower, isOver } = follow('s', { watchAfterEnd: DAY, before });
		await world.settle();
		await follower.ready;
		expect([world.asked(), isOver()]).toEqual([[], true]);
	});

	it('without times: another end is told when it was read twice, soon', async () => {
		delete session().updatedAt;
		const { told } = await ended();
		world.move(session(), 'REFUNDED');
		await world.advance(62);
		expect(told.map(({ status }) => status)).toEqual(['COMPLETED', 'REFUNDED']);
	});

	it('is listened to again when it turns out not to be the end', async () => {
		const { told } = await ended();
		await world.advance(1);
		world.move(session(), 'PROCESSING');
		await world.advance(61);
		expect(told.at(-1)).toMatchObject({ status: 'PROCESSING', from: 'read' });
		expect(world.open).toEqual(['s']);
	});
});

describe('when it is closed', () => {
	it.each(['listens', 'reads', 'looks after the end'])(
		'while it %s, all is over, and nothing is asked any more',
		async (what) => {
			if (what === 'reads') refuse();
			const { follower, isOver, failures, told } = follow('s', { watchAfterEnd: 3_600_000 });
			await world.settle();
			if (what === 'looks after the end') {
				tellSession('COMPLETED');
				await world.settle();
			}
			follower.close();
			await world.settle();
			expect([isOver(), failures, world.open]).toEqual([true, [], []]);
			world.asked();
			told.length = 0;
			world.move(session(), 'REFUNDED');
			await world.advance(10_000);
			expect([world.asked(), told]).toEqual([[], []]);
		},
	);

	it('while it has not listened yet, as all had ended', async () => {
		const before = { status: 'COMPLETED', since: world.clock.now() };
		const { follower, isOver } = follow('s', { watchAfterEnd: 3_600_000, before });
		follower.close();
		await world.settle();
		expect([isOver(), world.streams]).toEqual([true, []]);
	});

	it('before it has begun, it is ready and over', async () => {
		const { follower, isOver } = follow();
		follower.close();
		await follower.ready;
		await world.settle();
		expect([isOver(), world.open]).toEqual([true, []]);
	});
});

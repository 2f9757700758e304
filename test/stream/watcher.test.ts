import { sources, targetAt } from '../../nodes/KuvarPay/payments/sources';
import { statusOf } from '../../nodes/KuvarPay/payments/statuses';
import { Access } from '../../nodes/KuvarPay/stream/access';
import { judge, type Seen } from '../../nodes/KuvarPay/stream/ledger';
import { Watcher } from '../../nodes/KuvarPay/stream/watcher';
import { World } from '../support/world';

// The retries of one request wait for nobody here.
jest.mock('../../nodes/KuvarPay/api/timers', () => ({
	...jest.requireActual<object>('../../nodes/KuvarPay/api/timers'),
	pause: async () => undefined,
}));

let world: World;
const unheard: unknown[] = [];
const note = (error: unknown) => void unheard.push(error);

beforeEach(() => {
	world = new World();
	world.sessions.set('s', { sessionId: 's', status: 'PENDING', updatedAt: '2026-11-21T11:00:00Z' });
	// EventSource waits with Node's own timer before it comes back.
	jest.useFakeTimers({
		doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'],
	});
	process.on('unhandledRejection', note);
});
afterEach(async () => {
	world.closing.abort();
	await world.settle();
	process.off('unhandledRejection', note);
	jest.useRealTimers();
	// n8n would end with one.
	expect(unheard.splice(0)).toEqual([]);
});

/** Holds back the answers of REST until it is let go. */
function held() {
	let letGo!: () => void;
	const gate = new Promise<void>((resolve) => (letGo = resolve));
	const { client } = world;
	const http: typeof client.http = async (type, options) => {
		if (!options.url.includes('/sse/')) await gate;
		(options.abortSignal as AbortSignal | undefined)?.throwIfAborted();
		return await client.http(type, options);
	};
	return { client: { ...client, http }, letGo };
}

/** Watches the session, and notes what is news. */
function watch({
	client = world.client,
	seen = undefined as Seen | undefined,
	isListed = false,
	access = new Access(client, sources.checkoutSession),
} = {}) {
	const told: string[] = [];
	const updates: string[] = [];
	const bad: string[] = [];
	let known = seen;
	const watcher = new Watcher({
		...{ client, source: sources.checkoutSession, id: 's', access, isListed },
		...{
			target: targetAt(sources.checkoutSession, 'stream', 's'),
			idleTimeout: 90_000,
			down: new Map(),
		},
		seen: () => known,
		onUpdate: (update) => {
			const taste = { anyUpdate: false, byContent: false, now: world.clock.now() };
			const { isNews, isDoubtful, next } = judge(known, update, taste);
			updates.push(`${statusOf(update.object)} ${update.from}`);
			if (isNews && known) told.push(updates.at(-1)!);
			known = next;
			return isDoubtful;
		},
		onBadEvent: ({ message }) => bad.push(message),
	});
	const end = { is: 'running' };
	watcher.run().then(
		(refusal) => (end.is = refusal ? 'refused' : 'over'),
		({ message }: Error) => (end.is = message),
	);
	const ready = { is: 'waiting' };
	watcher.ready.then(
		() => (ready.is = 'ready'),
		() => (ready.is = 'impossible'),
	);
	return { watcher, told, updates, bad, end, ready, seen: () => known };
}
const session = () => world.sessions.get('s')!;
/** The state changes, and who listens is told. */
const tell = (status: string, eventId = '') => {
	world.move(session(), status);
	world.tell('s', { ...session() }, 'session_update', eventId);
};
const cut = () => world.streams.at(-1)!.body.end();
/** Time for EventSource and for us. */
const pass = async (seconds: number) => {
	for (let n = 0; n < seconds; n++) {
		jest.advanceTimersByTime(1_000);
		await world.advance(1);
	}
};
const failing = (status: number, part: string) => (path: string) =>
	path.startsWith(part) ? { status, body: { error: 'no' } } : undefined;
const reads = () => world.count('checkout-sessions/s');
const closeStreams = () => (world.fault = failing(503, 'sse'));
const goOn = () => (world.fault = () => undefined);

describe('events that come before the state is known', () => {
	it('are told after it, in their order', async () => {
		const { client, letGo } = held();
		const { told, updates } = watch({ client });
		await world.settle();
		const before = { ...session() };
		await world.advance(1);
		tell('PROCESSING');
		await world.advance(1);
		tell('COMPLETED');
		await world.settle();
		expect(updates).toEqual([]);
		world.sessions.set('s', before);
		letGo();
		await world.settle();
		expect(updates[0]).toBe('PENDING read');
		expect(told).toEqual(['PROCESSING stream', 'COMPLETED stream']);
	});

	it('are told at once where it was known from before', async () => {
		const { client } = held();
		const { told } = watch({ client, seen: { status: 'PENDING', since: 1 } });
		await world.settle();
		tell('PROCESSING');
		await world.settle();
		expect(told).toEqual(['PROCESSING stream']);
	});

	it('do not make the state wait for what the stream may repeat: nothing was missed yet', async () => {
		const { client, letGo } = held();
		const { ready, updates } = watch({ client });
		await world.settle();
		tell('PROCESSING', '7');
		await world.settle();
		cut();
		await pass(5);
		expect([world.streams.length, ready.is]).toEqual([2, 'waiting']);
		letGo();
		await world.settle();
		expect([ready.is, updates[0]]).toEqual(['ready', 'PROCESSING read']);
	});

	it('wait for it, but not more than a thousand of them', async () => {
		const { client } = held();
		const { updates } = watch({ client });
		await world.settle();
		for (let n = 0; n < 999; n++) world.tell('s', { ...session(), n }, 'session_update');
		await world.settle();
		expect(updates).toEqual([]);
		world.tell('s', { ...session() }, 'session_update');
		await world.settle();
		expect(updates).toHaveLength(1_000);
	});
});

describe('a stream that was cut', () => {
	/** Told up to event 5, and cut; then the state goes on. */
	const resumed = async () => {
		const watched = watch();
		await world.settle();
		await world.advance(1);
		tell('PROCESSING', '5');
		await world.settle();
		cut();
		await world.advance(1);
		world.move(session(), 'COMPLETED');
		return watched;
	};
	const repeat = (status: string, eventId: string, at: number) =>
		world.tell(
			's',
			{ sessionId: 's', status, updatedAt: new Date(at).toISOString() },
			'session_update',
			eventId,
		);

	it('repeats what was missed, in its order, before what is read is told', async () => {
		const { told } = await resumed();
		const changed = world.clock.now();
		await pass(4);
		expect(world.streams.at(-1)!.options.headers).toMatchObject({ 'Last-Event-ID': '5' });
		repeat('PARTIAL_PAYMENT', '6', changed - 500);
		repeat('COMPLETED', '7', changed);
		await pass(5);
		expect(told).toEqual(['PROCESSING stream', 'PARTIAL_PAYMENT stream', 'COMPLETED stream']);
	});

	it('and repeats nothing is made up for by what is read, two seconds later', async () => {
		const { told } = await resumed();
		await pass(4);
		expect(world.streams).toHaveLength(2);
		expect(told).toEqual(['PROCESSING stream']);
		await pass(3);
		expect(told).toEqual(['PROCESSING stream', 'COMPLETED read']);
	});

	it('and cut again before it could repeat anything is waited for', async () => {
		const { told } = await resumed();
		const changed = world.clock.now();
		await pass(4);
		cut();
		closeStreams();
		await pass(20);
		expect(told).toEqual(['PROCESSING stream']);
		goOn();
		while (world.open.length === 0) await pass(1);
		repeat('PARTIAL_PAYMENT', '6', changed - 500);
		repeat('COMPLETED', '7', changed);
		await pass(5);
		expect(told).toEqual(['PROCESSING stream', 'PARTIAL_PAYMENT stream', 'COMPLETED stream']);
	});

	it('has missed a later change of the same status too', async () => {
		const { updates } = await resumed();
		world.move(session(), 'PROCESSING');
		updates.length = 0;
		await pass(4);
		expect(updates).toEqual([]);
		await pass(3);
		expect(updates).toEqual(['PROCESSING read']);
	});

	it.each(['', '5'])('and has missed nothing tells nothing (last event "%s")', async (eventId) => {
		const { updates } = watch();
		await world.settle();
		await world.advance(1);
		tell('PROCESSING', eventId);
		await world.settle();
		updates.length = 0;
		cut();
		world.asked();
		await pass(10);
		expect([updates, reads()]).toEqual([[], 1]);
	});

	it('without an event so far is made up for at once', async () => {
		const { told } = watch();
		await world.settle();
		cut();
		await world.advance(1);
		world.move(session(), 'PROCESSING');
		await pass(4);
		expect(told).toEqual(['PROCESSING read']);
	});

	it('and cannot be opened for long is made up for by reading, and the log says so once', async () => {
		const { told } = watch();
		await world.settle();
		cut();
		closeStreams();
		await world.advance(1);
		world.move(session(), 'PROCESSING');
		await pass(85);
		expect(told).toEqual([]);
		await pass(60);
		expect(told).toEqual(['PROCESSING read']);
		world.move(session(), 'PARTIAL_PAYMENT');
		await pass(150);
		expect(told).toEqual(['PROCESSING read', 'PARTIAL_PAYMENT read']);
		const lines = () => world.logs.filter((line) => line.includes('is down')).length;
		expect(lines()).toBe(1);
		goOn();
		await pass(60);
		expect(world.open).toEqual(['s']);
		cut();
		closeStreams();
		await pass(150);
		expect(lines()).toBe(2);
	});
});

describe('a stream that cannot be opened at first', () => {
	it('lets the state be known all the same, and is opened later', async () => {
		closeStreams();
		const { ready, told, end } = watch();
		await world.settle();
		expect([ready.is, reads()]).toEqual(['ready', 1]);
		world.move(session(), 'PROCESSING');
		goOn();
		await pass(10);
		expect(world.open).toEqual(['s']);
		expect(told).toEqual(['PROCESSING read']);
		expect(end.is).toBe('running');
	});

	it('nor later is said to be down', async () => {
		closeStreams();
		watch();
		await pass(100);
		expect(world.logs).toEqual([expect.stringContaining('is down')]);
	});

	it('does not keep others waiting', async () => {
		closeStreams();
		const access = new Access(world.client, sources.checkoutSession);
		watch({ access });
		await world.settle();
		const turn = { is: 'waiting' };
		void access.turn().then(() => (turn.is = 'mine'));
		await world.settle();
		expect(turn.is).toBe('mine');
	});
});

describe('an end with a time before what was told', () => {
	/** Two servers wrote it, and the clock of the second is slow. */
	const tellEarly = (status: string) => {
		world.sessions.set('s', { ...session(), status, updatedAt: '2026-11-21T10:59:59Z' });
		world.tell('s', { ...session() }, 'session_update', '7');
	};

	it('is read, and told when that shows it too', async () => {
		const { told } = watch();
		await world.settle();
		const before = reads();
		tellEarly('COMPLETED');
		await pass(1);
		expect(reads()).toBe(before + 1);
		expect(told).toEqual(['COMPLETED read']);
		await pass(30);
		expect([reads(), told.length]).toEqual([before + 1, 1]);
	});

	it('is not told when it was no end', async () => {
		const { told } = watch();
		await world.settle();
		const now = { ...session() };
		tellEarly('FAILED');
		world.sessions.set('s', now);
		await pass(30);
		expect(told).toEqual([]);
	});

	it('is nothing to read where it is no end', async () => {
		const { told } = watch();
		await world.settle();
		const before = reads();
		tellEarly('PROCESSING');
		await pass(30);
		expect([reads(), told]).toEqual([before, []]);
	});
});

describe('events that cannot be read', () => {
	it('are reported at once, and again after a good one', async () => {
		const { bad } = watch();
		await world.settle();
		world.tell('s', '{', 'session_update');
		await world.settle();
		expect(bad).toHaveLength(1);
		world.tell('s', '{', 'session_update');
		await world.settle();
		expect(bad).toHaveLength(1);
		world.tell('s', { ...session() }, 'session_update');
		world.tell('s', '{');
		await world.settle();
		expect(bad).toHaveLength(2);
	});

	it('are no trouble where nothing says that they can be', async () => {
		const { bad } = watch();
		await world.settle();
		world.tell('s', 'something', 'changed');
		world.tell('s', '{', 'heartbeat');
		world.tell('s', 'ping');
		await world.settle();
		expect(bad).toEqual([]);
	});
});

describe('when the state cannot be read', () => {
	it('for a moment, it is read again after five seconds', async () => {
		world.fault = failing(503, 'checkout-sessions');
		const { ready, told, end } = watch();
		await world.settle();
		expect(ready.is).toBe('ready');
		expect(world.logs).toEqual([expect.stringContaining('could not be read')]);
		goOn();
		world.asked();
		await world.advance(4.9);
		expect(reads()).toBe(0);
		await world.advance(0.1);
		expect(reads()).toBe(1);
		await world.advance(60);
		expect([reads(), told, end.is]).toEqual([1, [], 'running']);
	});

	it('for good, the stream is enough, and it is not asked for again', async () => {
		world.fault = failing(403, 'checkout-sessions');
		const { ready, end, updates } = watch();
		await world.settle();
		expect([ready.is, end.is]).toEqual(['ready', 'running']);
		world.asked();
		await world.advance(60);
		expect(reads()).toBe(0);
		tell('PROCESSING');
		await world.settle();
		expect(updates).toEqual(['PROCESSING stream']);
	});

	it('for a moment and no stream may be opened, that is no refusal', async () => {
		world.opens = () => false;
		world.fault = failing(503, 'checkout-sessions');
		const { end, ready } = watch();
		await world.settle();
		expect([end.is, ready.is]).toEqual(['refused', 'ready']);
	});
});

describe('where no stream is open to us', () => {
	const refuse = () => (world.opens = () => false);
	const nobody = () => world.client.connection.learned.streams.note('checkoutSession', 'nobody');

	it('the state is read once, and the run ends with the reason', async () => {
		refuse();
		const { end, updates } = watch();
		await world.settle();
		expect([end.is, updates]).toEqual(['refused', ['PENDING read']]);
		expect(reads()).toBe(1);
		expect(world.logs).toHaveLength(1);
	});

	it('as is known, the state is read once, without a word', async () => {
		nobody();
		const { end, ready, updates } = watch();
		await world.settle();
		expect([end.is, ready.is, updates]).toEqual(['over', 'ready', ['PENDING read']]);
		expect([world.requests, world.logs]).toEqual([['checkout-sessions/s'], []]);
	});

	it('as is known, nothing is asked for what a list tells', async () => {
		nobody();
		const { end, ready } = watch({ isListed: true });
		await world.settle();
		expect([end.is, ready.is, world.requests]).toEqual(['over', 'ready', []]);
	});

	it.each(['known', 'found out'])('and REST refuses too, it fails (%s)', async (how) => {
		if (how === 'known') nobody();
		else refuse();
		world.sessions.clear();
		const { end, ready } = watch();
		await world.settle();
		expect(end.is).toContain('404');
		expect(ready.is).toBe('impossible');
	});

	it('but by its token, which REST does not tell as it does not know the object, it fails', async () => {
		world.client.connection.learned.streams.note('checkoutSession', 'token');
		world.sessions.clear();
		const { end } = watch();
		await world.settle();
		expect(end.is).toContain('404');
		expect(world.streams).toEqual([]);
	});
});

describe('when it is closed', () => {
	it('before anything has come, the run is over, and no stream is opened', async () => {
		const { watcher, end, ready } = watch();
		watcher.close();
		await world.settle();
		expect([end.is, ready.is, world.open]).toEqual(['over', 'ready', []]);
	});

	it('while the token is read, the same', async () => {
		world.client.connection.learned.streams.note('checkoutSession', 'token');
		session().authToken = 'token-of-s';
		const { client, letGo } = held();
		const { watcher, end, ready, updates } = watch({ client });
		await world.settle();
		watcher.close();
		letGo();
		await world.settle();
		expect([end.is, ready.is, world.streams, updates]).toEqual(['over', 'ready', [], []]);
	});

	it('nothing is told, read or said any more', async () => {
		const { watcher, end, updates } = watch();
		await world.settle();
		world.tell('s', {}, 'changed');
		watcher.close();
		tell('COMPLETED');
		world.asked();
		updates.length = 0;
		await pass(200);
		expect([updates, world.asked(), world.logs, end.is, world.open]).toEqual([
			...[[], [], [], 'over', []],
		]);
	});

	it('while the state is read, that is given up without a word', async () => {
		const { client, letGo } = held();
		const { watcher, end, updates } = watch({ client });
		await world.settle();
		watcher.close();
		letGo();
		await world.settle();
		expect([updates, world.logs, end.is]).toEqual([[], [], 'over']);
	});
});

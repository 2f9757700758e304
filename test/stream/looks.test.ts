import { Journal } from '../../nodes/KuvarPay/stream/journal';
import { discoverIn, type DiscoverOptions } from '../support/discover';
import { World } from '../support/world';

// How far a look at the list goes, what it reads beside it, and what it forgets.

const HOUR = 3_600;
const DAY = 24 * HOUR;
let world: World;
beforeEach(() => (world = new World()));
afterEach(() => world.closing.abort());
const discover = (options?: DiscoverOptions) => discoverIn(world, options);

/** So many finished ones, the newest first, each a minute older than the one before. */
const fill = (count: number, secondsAgo = 0) => {
	for (let n = count; n > 0; n--) world.add(`old${n}`, 'COMPLETED', secondsAgo + n * 60);
};
/** It can be read, and the list does not show it. */
const unlist = (...ids: string[]) => {
	world.subscriptions.push(...world.transactions.filter(({ id }) => ids.includes(String(id))));
	world.transactions = world.transactions.filter(({ id }) => !ids.includes(String(id)));
};
const interruptAt = (page: number) => {
	world.fault = (path, query) =>
		path === 'transactions' && query.get('page') === String(page)
			? { status: 403, body: { error: 'interrupted' } }
			: undefined;
};
const goOn = () => (world.fault = () => undefined);
const list = (...pages: number[]) =>
	pages.map((page) => (page === 1 ? 'transactions' : `transactions?${page}`));

describe('a first look', () => {
	it('that was interrupted is begun anew, and goes to the end', async () => {
		fill(400);
		const { look, monitor } = discover();
		interruptAt(4);
		await expect(look()).rejects.toThrow('interrupted');
		goOn();
		expect(await look()).toEqual({ told: [], asked: list(1, 2, 3, 4) });
		expect(monitor.seen('old400')).toBeDefined();
		expect((await look()).asked).toEqual(list(1));
	});

	it('that was interrupted hides nothing that was made since it began, to the millisecond', async () => {
		fill(150);
		const { look } = discover();
		interruptAt(2);
		await expect(look()).rejects.toThrow('interrupted');
		world.add('then', 'PENDING');
		goOn();
		expect((await look()).told).toEqual(['then PENDING']);
	});

	it('tells nothing that was there, though the server’s clock is ahead', async () => {
		world.add('there', 'PENDING', -5);
		expect((await discover().look()).told).toEqual([]);
	});
});

describe('a later look', () => {
	it('after one that was interrupted goes back to what was known an hour ago', async () => {
		fill(400);
		const { look } = discover();
		await look();
		interruptAt(1);
		await expect(look()).rejects.toThrow('interrupted');
		goOn();
		// The first page reaches back over an hour, and only the second one begins there.
		expect((await look()).asked).toEqual(list(1, 2));
		expect((await look()).asked).toEqual(list(1));
	});

	it('goes on as long as a page costs less than what is still to be read alone', async () => {
		fill(500);
		const wanted = ['a', 'b', 'c'];
		for (const id of wanted) world.add(id, 'PENDING', 600 * 60);
		world.transactions.push(...world.transactions.splice(0, 3));
		const { look } = discover({ isStreamed: (id) => id.startsWith('old') });
		await look();
		unlist(...wanted);
		await world.advance(30 * 60);
		const { asked } = await look();
		expect(asked.slice(0, 3)).toEqual(list(1, 2, 3));
		expect(asked.slice(3).sort()).toEqual(wanted.map((id) => `transactions/${id}`));
	});

	it('reads one alone rather than a page for it', async () => {
		fill(250);
		world.add('one', 'PENDING', 500 * 60);
		world.transactions.push(world.transactions.shift()!);
		const { look } = discover({ isStreamed: (id) => id !== 'one' });
		await look();
		await world.advance(30 * 60);
		expect((await look()).asked).toEqual(['transactions', 'transactions/one']);
	});

	it('goes no further for those that ended long ago and were forgotten', async () => {
		fill(250, 3 * HOUR);
		world.add('new', 'PENDING');
		const { look, monitor } = discover({ watchAfterEnd: 0 });
		await look();
		await look();
		expect([...monitor.all.keys()]).toEqual(['new']);
		expect((await look()).asked).toEqual(list(1));
	});

	it('tells what was made up to an hour before the newest, and was not listed then', async () => {
		const { look } = discover();
		world.add('newest', 'PENDING');
		await look();
		await world.advance(60);
		world.add('late', 'PENDING', HOUR + 60);
		world.add('too late', 'COMPLETED', HOUR + 61);
		expect((await look()).told).toEqual(['late PENDING']);
	});
});

describe('what is read alone', () => {
	it('is not what a stream tells', async () => {
		world.add('streamed', 'PENDING');
		const { look } = discover({ isStreamed: () => true });
		await look();
		unlist('streamed');
		await world.advance(HOUR);
		expect((await look()).asked).toEqual(list(1));
	});

	it('is what is open, however long nothing has changed', async () => {
		world.add('open', 'PENDING', 9 * DAY);
		const { look } = discover({ isStreamed: () => false });
		await look();
		unlist('open');
		await world.advance(2 * HOUR);
		expect((await look()).asked).toContain('transactions/open');
	});

	it('is what was known from before a restart, at once', async () => {
		world.add('open', 'PENDING');
		unlist('open');
		const journal = new Journal({}, 'all');
		journal.seen.set('open', { status: 'PENDING', since: world.clock.now() });
		const { look } = discover({ isStreamed: () => false, journal });
		expect((await look()).asked).toContain('transactions/open');
	});

	it('is what has ended, as long as it is watched, four times less often', async () => {
		world.add('ended', 'COMPLETED');
		const { look } = discover({ isStreamed: () => false, watchAfterEnd: 2 * HOUR * 1000 });
		await look();
		unlist('ended');
		world.add('other', 'PENDING');
		const isRead = async () => (await look()).asked.includes('transactions/ended');
		await world.advance(HOUR);
		expect(await isRead()).toBe(true);
		// A quarter of the time that nothing has changed lies between.
		await world.advance(HOUR / 4);
		expect(await isRead()).toBe(false);
		await world.advance(HOUR / 8);
		expect(await isRead()).toBe(true);
		await world.advance(HOUR / 2);
		expect(await isRead()).toBe(true);
		await world.advance(HOUR / 8);
		expect(await isRead()).toBe(false);
		// Two hours are over, though it is still remembered.
		await world.advance(HOUR);
		expect(await isRead()).toBe(false);
	});
});

describe('what is remembered', () => {
	const ended = (secondsAgo: number, createdAgo = secondsAgo) => {
		const [now, at] = [world.clock.now(), world.clock.now() - secondsAgo * 1000];
		return { status: 'COMPLETED', since: at, updated: at, created: now - createdAgo * 1000 };
	};
	const known = (seen: Record<string, ReturnType<typeof ended>>, options: DiscoverOptions = {}) => {
		const journal = new Journal({}, 'all');
		for (const [id, each] of Object.entries(seen)) journal.seen.set(id, each);
		journal.looks = { since: 1, newest: world.clock.now() };
		return discover({ journal, ...options });
	};

	it('is what has ended, until it cannot be taken for new: two hours before the newest', async () => {
		const seen = { near: ended(2 * HOUR), far: ended(2 * HOUR + 1) };
		const { look, monitor } = known(seen, { watchAfterEnd: 0 });
		await look();
		expect([...monitor.all.keys()]).toEqual(['near']);
	});

	it('is what has ended, as long as it is watched', async () => {
		const seen = { near: ended(DAY - 1), far: ended(DAY) };
		const { look, monitor } = known(seen, { watchAfterEnd: DAY * 1000 });
		await look();
		expect([...monitor.all.keys()]).toEqual(['near']);
	});

	it('is all that is open, and of what has ended the latest 5,000', async () => {
		const seen: Record<string, ReturnType<typeof ended>> = {};
		// The latest are neither the first nor the last.
		for (let n = 0; n < 5_010; n++)
			seen[`ended${n}`] = ended(3 * HOUR + ((n + 2_000) % 5_010), 9 * HOUR);
		for (let n = 0; n < 50; n++) seen[`open${n}`] = { ...ended(n, 9 * DAY), status: 'PENDING' };
		const { look, monitor } = known(seen);
		await look();
		const left = [...monitor.all.keys()];
		expect(left.filter((id) => id.startsWith('open'))).toHaveLength(50);
		expect(left.filter((id) => id.startsWith('ended'))).toHaveLength(5_000);
		const gone = Object.keys(seen).filter((id) => !monitor.seen(id));
		expect(gone).toEqual(Array.from({ length: 10 }, (_, n) => `ended${3_000 + n}`));
	});

	it('is what is open, however old', async () => {
		const seen = { old: { ...ended(300 * DAY), status: 'PENDING' } };
		const { look, monitor } = known(seen);
		await look();
		expect(monitor.seen('old')).toBeDefined();
	});
});

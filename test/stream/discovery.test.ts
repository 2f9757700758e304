import { sources } from '../../nodes/KuvarPay/payments/sources';
import { Journal } from '../../nodes/KuvarPay/stream/journal';
import { discoverIn, type DiscoverOptions } from '../support/discover';
import { World } from '../support/world';

const HOUR = 3_600;
let world: World;
beforeEach(() => (world = new World()));
afterEach(() => world.closing.abort());
const discover = (options?: DiscoverOptions) => discoverIn(world, options);

/** So many finished ones, the newest first, each a minute older than the one before. */
const fill = (count: number, secondsAgo = 0, name = 'old') => {
	for (let n = count; n > 0; n--) world.add(`${name}${n}`, 'COMPLETED', secondsAgo + n * 60);
};
const reversed = () => world.transactions.reverse();

describe('a list with the newest first', () => {
	it('is read whole at first, and then only as far as it brings something', async () => {
		fill(250);
		const { look } = discover();
		expect(await look()).toEqual({
			told: [],
			asked: ['transactions', 'transactions?2', 'transactions?3'],
		});
		expect(await look()).toEqual({ told: [], asked: ['transactions'] });
		await world.advance(60);
		world.add('new', 'PENDING');
		expect(await look()).toEqual({
			told: ['new PENDING'],
			asked: ['transactions', 'transactions?2'],
		});
		expect(await look()).toEqual({ told: [], asked: ['transactions'] });
	});

	it('may be sorted by the last change', async () => {
		fill(250);
		for (const [n, each] of world.transactions.entries())
			each.createdAt = new Date(world.clock.now() - ((n * 7_919) % 100) * 60_000).toISOString();
		const { look } = discover();
		await look();
		expect((await look()).asked).toEqual(['transactions']);
	});

	it('shows what was made and finished between two looks', async () => {
		const { look } = discover();
		await look();
		await world.advance(60);
		world.add('quick', 'COMPLETED');
		expect((await look()).told).toEqual(['quick COMPLETED']);
		expect((await look()).told).toEqual([]);
	});

	it('is read no further than 50 pages at first', async () => {
		world.pageSize = 2;
		fill(300);
		expect((await discover().look()).asked).toHaveLength(50);
	});
});

describe('a list in another order', () => {
	it.each([
		['the oldest first', reversed],
		[
			'none',
			() =>
				world.transactions.sort((a, b) =>
					String(a.id)
						.split('')
						.reverse()
						.join('')
						.localeCompare(String(b.id).split('').reverse().join('')),
				),
		],
	])('%s: what is new is found on the last page', async (_order, sort) => {
		fill(250);
		sort();
		const { look } = discover();
		await look();
		for (let n = 0; n < 3; n++) {
			await world.advance(60);
			world.add(`new${n}`, 'PENDING');
			world.transactions.push(world.transactions.shift()!);
			const { told, asked } = await look();
			expect(told).toEqual([`new${n} PENDING`]);
			expect(asked).toHaveLength(3);
		}
	});

	it('is remembered, though a page looks otherwise', async () => {
		world.pageSize = 2;
		fill(4);
		// Two by two the newest first, but the pages are not.
		world.transactions = [2, 3, 0, 1].map((n) => world.transactions[n]);
		const { look, journal } = discover();
		await look();
		expect(journal.looks.isMixed).toBe(true);
		await world.advance(60);
		world.add('new', 'PENDING');
		world.transactions.push(world.transactions.shift()!);
		expect((await look()).told).toEqual(['new PENDING']);
	});

	it('without times nothing is hidden, and nothing told twice', async () => {
		fill(250);
		for (const each of world.transactions) {
			delete each.createdAt;
			delete each.updatedAt;
		}
		const { look } = discover({ watchAfterEnd: 0 });
		expect((await look()).told).toEqual([]);
		await world.advance(5 * HOUR);
		world.transactions.push({ id: 'new', status: 'COMPLETED' });
		expect((await look()).told).toEqual(['new COMPLETED']);
		await world.advance(5 * HOUR);
		expect((await look()).told).toEqual([]);
	});

	it('without figures all pages are found too', async () => {
		world.hasFigures = false;
		fill(250);
		reversed();
		const { look } = discover();
		await look();
		world.transactions.push({ id: 'new', status: 'PENDING' });
		expect((await look()).told).toEqual(['new PENDING']);
	});
});

describe('a look that is interrupted', () => {
	const interruptAt = (page: number) => {
		world.fault = (path, query) =>
			path === 'transactions' && query.get('page') === String(page)
				? { status: 403, body: { error: 'interrupted' } }
				: undefined;
	};

	it.each([1, 2, 3])('on page %i is made up for by the next one', async (page) => {
		fill(10);
		const { look, journal, emissions } = discover();
		await look();
		await world.advance(60);
		for (let n = 0; n < 250; n++) world.add(`new${n}`, 'PENDING', 50 - n / 10);
		interruptAt(page);
		await expect(look()).rejects.toThrow('interrupted');
		const before = emissions.map(({ id }) => id);
		// Also after a restart.
		const kept: object = {};
		Object.assign(journal, { state: kept });
		journal.save();
		world.fault = () => undefined;
		const after = discover({ journal: new Journal(JSON.parse(JSON.stringify(kept)), 'all') });
		const { told } = await after.look();
		expect(new Set([...before, ...told.map((line) => line.split(' ')[0])]).size).toBe(250);
		expect(before.length + told.length).toBe(250);
		expect((await after.look()).asked).toEqual(['transactions']);
	});

	it('and was the first one: what was there is not told, and what came meanwhile is', async () => {
		fill(150);
		const { look } = discover();
		interruptAt(2);
		await expect(look()).rejects.toThrow('interrupted');
		await world.advance(60);
		world.add('new', 'PENDING');
		world.fault = () => undefined;
		expect((await look()).told).toEqual(['new PENDING']);
	});
});

describe('times that lie', () => {
	it('a time of making in the future hides nothing', async () => {
		world.add('liar', 'PENDING', -30 * 86_400);
		world.add('liar2', 'PENDING', -3 * HOUR);
		const { look } = discover();
		await look();
		for (let n = 0; n < 3; n++) {
			await world.advance(60);
			world.add(`quick${n}`, 'COMPLETED');
			expect((await look()).told).toEqual([`quick${n} COMPLETED`]);
		}
	});
});

describe('what no stream tells', () => {
	const unstreamed = { isStreamed: () => false };

	it('is read from the list, in one request for all', async () => {
		const all = Array.from({ length: 90 }, (_, n) => world.add(`t${n}`, 'PENDING', 60));
		const { look } = discover(unstreamed);
		await look();
		await world.advance(15);
		for (const each of all) world.move(each, 'PROCESSING');
		const { told, asked } = await look();
		expect(told).toHaveLength(90);
		expect(asked).toEqual(['transactions']);
	});

	it('is read alone where the list does not show it, ever less often', async () => {
		const old = world.add('old', 'PENDING', 5 * HOUR);
		const { look, emissions } = discover(unstreamed);
		await look();
		fill(150);
		await world.advance(15);
		await look();
		world.transactions = world.transactions.filter((each) => each !== old);
		world.subscriptions = [old as never];
		world.asked();
		await world.advance(15);
		expect((await look()).asked).toContain('transactions/old');
		await world.advance(HOUR);
		await look();
		// Nothing has changed for more than an hour: three minutes and more lie between two reads.
		await world.advance(60);
		expect((await look()).asked).not.toContain('transactions/old');
		world.move(old, 'COMPLETED');
		await world.advance(300);
		await look();
		expect(emissions).toMatchObject([{ id: 'old', status: 'COMPLETED', learnedFrom: 'read' }]);
	});

	it('is read once more when an answer without a time contradicts what is known', async () => {
		const each = world.add('t', 'PENDING');
		delete each.updatedAt;
		const { look, emissions, monitor } = discover();
		await look();
		monitor.take('t', {
			object: { id: 't', status: 'PROCESSING' },
			event: 'x',
			eventId: '',
			from: 'stream',
		});
		// The list is behind the stream, and what is read then is not.
		world.fault = (path) => {
			if (path === 'transactions/t') each.status = 'PROCESSING';
			return undefined;
		};
		expect((await look()).told).toEqual([]);
		each.status = 'COMPLETED';
		world.fault = () => undefined;
		await look();
		expect(emissions).toMatchObject([{ status: 'COMPLETED', learnedFrom: 'read' }]);
	});

	it('that cannot be read is said, and tried again', async () => {
		const old = world.add('old', 'PENDING', 5 * HOUR);
		const { look, monitor } = discover(unstreamed);
		await look();
		world.transactions = [];
		await world.advance(15);
		await look();
		expect(world.logs).toEqual([expect.stringContaining('The transaction old could not be read')]);
		expect(monitor.seen(String(old.id))).toBeDefined();
	});
});

describe('after the end', () => {
	it('a refund is told, on the first page or not', async () => {
		const [near, far] = [world.add('near', 'PENDING'), world.add('far', 'PENDING')];
		const { look, emissions } = discover();
		await look();
		for (const each of [near, far]) world.move(each, 'COMPLETED');
		await look();
		await world.advance(HOUR);
		fill(150, -HOUR);
		await look();
		world.move(far, 'REFUNDED');
		emissions.length = 0;
		for (let n = 0; n < 60; n++) {
			await world.advance(60);
			await look();
			if (emissions.length > 0) break;
		}
		expect(emissions).toMatchObject([
			{ id: 'far', status: 'REFUNDED', previousStatus: 'COMPLETED' },
		]);
	});

	it('it is looked at for so long, and no longer', async () => {
		const each = world.add('t', 'COMPLETED');
		const { look, monitor } = discover({ watchAfterEnd: 3 * HOUR * 1000 });
		await look();
		await world.advance(2.5 * HOUR);
		world.add('other', 'PENDING');
		await look();
		expect(monitor.seen('t')).toBeDefined();
		await world.advance(HOUR);
		world.transactions = world.transactions.filter((one) => one !== each);
		world.add('another', 'PENDING');
		expect((await look()).asked).not.toContain('transactions/t');
		expect(monitor.seen('t')).toBeUndefined();
	});

	it('one that was forgotten is not taken for new when it is listed', async () => {
		world.add('t', 'COMPLETED', 5 * HOUR);
		const { look, monitor } = discover({ watchAfterEnd: 0 });
		await look();
		world.add('other', 'PENDING');
		await look();
		expect(monitor.seen('t')).toBeUndefined();
		expect((await look()).told).toEqual([]);
		expect(monitor.seen('t')).toBeUndefined();
	});
});

describe('what is told', () => {
	it('is what was found too, when that is asked for, once', async () => {
		world.add('t', 'COMPLETED', 5 * HOUR);
		const { look } = discover({ emitCurrentState: true, watchAfterEnd: 0 });
		expect((await look()).told).toEqual(['t COMPLETED']);
		world.add('other', 'PENDING');
		expect((await look()).told).toEqual(['other PENDING']);
		expect((await look()).told).toEqual([]);
	});

	it('is only the chosen statuses', async () => {
		const { look } = discover({ statuses: ['COMPLETED'] });
		await look();
		const each = world.add('t', 'PENDING');
		expect((await look()).told).toEqual([]);
		world.move(each, 'COMPLETED');
		expect((await look()).told).toEqual(['t COMPLETED']);
	});
});

describe('subscriptions', () => {
	const source = sources.subscription;
	const subscription = (id: string, status: string, secondsAgo = 0) => {
		const at = new Date(world.clock.now() - secondsAgo * 1000).toISOString();
		const made: Record<string, unknown> & { status?: string } = {
			uid: id,
			id,
			status,
			created_at: at,
			updatedAt: at,
		};
		world.subscriptions.unshift(made);
		return made;
	};

	it('are told when one is new or its status changes, wherever it stands', async () => {
		for (let n = 150; n > 0; n--) subscription(`s${n}`, 'ACTIVE', n * 86_400);
		const { look, emissions } = discover({ source, isStreamed: () => false });
		expect(await look()).toEqual({ told: [], asked: ['subscriptions', 'subscriptions?2'] });
		await world.advance(60);
		world.move(world.subscriptions[149], 'PAST_DUE');
		subscription('new', 'TRIALING');
		const { told, asked } = await look();
		expect(asked).toEqual(['subscriptions', 'subscriptions?2']);
		expect(told).toEqual(['new TRIALING', 's150 PAST_DUE']);
		expect(emissions).toMatchObject([
			{ isNew: true, event: 'subscription_update', resource: 'subscription', learnedFrom: 'list' },
			{ previousStatus: 'ACTIVE' },
		]);
		expect(emissions[1]).not.toHaveProperty('isNew');
		expect((await look()).told).toEqual([]);
	});

	it('are told for any change of the row when that is asked for, such as a failed charge', async () => {
		const each = subscription('s', 'ACTIVE', 100);
		const { look } = discover({ source, anyUpdate: true, isStreamed: () => false });
		await look();
		each.latestInvoice = { attempt_count: 1, charge_attempts: [{ status: 'FAILED' }] };
		// What changes with each read is no update, so it must be so twice.
		expect((await look()).told).toEqual([]);
		expect((await look()).told).toEqual(['s ACTIVE']);
		expect((await look()).told).toEqual([]);
	});
});

import { ended, REMEMBERED, underWay, type Done } from '../../nodes/KuvarPay/stream/executions';

const end = (done: Done) => done.resolve({} as never);
const finish = async (key: string, now: number) => await underWay.run(key, now, end);
/** What is remembered belongs to the process, so each test has a time of its own. */
let now = Date.parse('2026-11-21T12:00:00Z');
beforeEach(() => (now += 3_600_000));

describe('an execution', () => {
	it('is under way until it has ended', async () => {
		let done!: Done;
		const emission = underWay.run('a', now, (each) => (done = each));
		expect(underWay.get('a')).toBeDefined();
		expect(ended.has('a', now)).toBe(false);
		done.resolve({} as never);
		await emission;
		expect(underWay.get('a')).toBeUndefined();
		expect(ended.has('a', now)).toBe(true);
	});

	it('that n8n could not start has not ended, and may be started again', async () => {
		const emission = underWay.run('b', now, ({ reject }) => reject(new Error('no database')));
		await expect(emission).rejects.toThrow('no database');
		expect(underWay.get('b')).toBeUndefined();
		expect(ended.has('b', now)).toBe(false);
	});

	it.each([
		'The execution was cancelled manually',
		'This execution was canceled',
		'Execution was cancelled because it timed out',
	])('that was stopped had started: %s', async (message) => {
		await underWay.run(message, now, ({ reject }) => reject(new Error(message)));
		expect(ended.has(message, now)).toBe(true);
		expect(underWay.get(message)).toBeUndefined();
	});
});

describe('what has ended', () => {
	it('takes no room for weeks', async () => {
		await finish('first', now);
		await finish('later', now + REMEMBERED);
		await finish('last', now + 2 * REMEMBERED);
		expect(ended.size).toBe(2);
		expect(ended.has('later', now + 2 * REMEMBERED - 1)).toBe(true);
	});

	it('is remembered for so long, and then forgotten', async () => {
		await finish('old', now);
		await finish('new', now + 400);
		const known = (at: number) => ['old', 'new'].filter((key) => ended.has(key, at));
		expect(known(now + REMEMBERED - 1)).toEqual(['old', 'new']);
		expect(known(now + REMEMBERED)).toEqual(['new']);
		expect(known(now + REMEMBERED + 400)).toEqual([]);
	});

	it('twice is remembered from the last time on', async () => {
		await finish('again', now);
		await finish('again', now + 200);
		expect(ended.has('again', now + REMEMBERED + 150)).toBe(true);
		await finish('and again', now);
		await finish('other', now + REMEMBERED);
		await finish('and again', now + REMEMBERED);
		expect(ended.has('and again', now + REMEMBERED + 1)).toBe(true);
	});

	it('is not more than 100,000, and the first ones are let go', async () => {
		for (let n = 0; n < 150_000; n++) {
			await finish(`many ${n}`, now);
			if (ended.size > 100_000) throw new Error(`${ended.size} are remembered`);
		}
		const known = [0, 49_999, 50_000, 149_999].map((n) => ended.has(`many ${n}`, now));
		expect(known).toEqual([false, false, true, true]);
	});
});

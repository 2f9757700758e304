import { endedOf, REMEMBERED, underWay, type Done } from '../../nodes/KuvarPay/stream/executions';

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
		expect(endedOf(now).has('a')).toBe(false);
		done.resolve({} as never);
		await emission;
		expect(underWay.get('a')).toBeUndefined();
		expect(endedOf(now).has('a')).toBe(true);
	});

	it('that n8n could not start has not ended, and may be started again', async () => {
		const emission = underWay.run('b', now, ({ reject }) => reject(new Error('no database')));
		await expect(emission).rejects.toThrow('no database');
		expect(underWay.get('b')).toBeUndefined();
		expect(endedOf(now).has('b')).toBe(false);
	});

	it.each([
		'The execution was cancelled manually',
		'This execution was canceled',
		'Execution was cancelled because it timed out',
	])('that was stopped had started: %s', async (message) => {
		await underWay.run(message, now, ({ reject }) => reject(new Error(message)));
		expect(endedOf(now).has(message)).toBe(true);
	});
});

describe('what has ended', () => {
	it('is forgotten with what ends later, so that it takes no room for weeks', async () => {
		await finish('first', now);
		await finish('later', now + REMEMBERED);
		expect([...endedOf(now).keys()]).toEqual(['later']);
	});

	it('is remembered for so long, and then forgotten', async () => {
		await finish('old', now);
		await finish('new', now + 400);
		expect([...endedOf(now + REMEMBERED - 1).keys()]).toEqual(['old', 'new']);
		expect([...endedOf(now + REMEMBERED).keys()]).toEqual(['new']);
		expect([...endedOf(now + REMEMBERED + 400).keys()]).toEqual([]);
	});

	it('twice is remembered from the last time on', async () => {
		await finish('again', now);
		await finish('other', now + 100);
		await finish('again', now + 200);
		expect([...endedOf(now + REMEMBERED + 150).keys()]).toEqual(['again']);
	});

	it('is not more than 100,000, and the first ones are let go', async () => {
		endedOf(now + REMEMBERED);
		for (let n = 0; n < 100_001; n++) await finish(`many ${n}`, now);
		const ended = endedOf(now);
		expect(ended.size).toBe(100_000);
		expect([ended.has('many 0'), ended.has('many 1')]).toEqual([false, true]);
		endedOf(now + REMEMBERED);
	});
});

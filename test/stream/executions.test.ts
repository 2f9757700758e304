import { ended, REMEMBERED, underWay, type Done } from '../../nodes/KuvarPay/stream/executions';

const end = (done: Done) => done.resolve({} as never);
const finish = (key: string, now: number) => underWay.run(key, now, end);
/** What is remembered belongs to the process, so each test has a time of its own. */
let now = Date.parse('2026-11-21T12:00:00Z');
beforeEach(() => (now += 3_600_000));

/** An execution whose end is held in the hand, and what is told of it. */
function start(key: string) {
	let done!: Done;
	const told: unknown[] = [];
	const execution = underWay.run(key, now, (each) => (done = each));
	execution.whenOver((error) => told.push(error));
	return { execution, done, told };
}

describe('an execution', () => {
	it('is under way until it has ended', () => {
		const { execution, done, told } = start('a');
		expect(underWay.get('a')).toBe(execution);
		expect([execution.isOver, ended.has('a'), told]).toEqual([false, false, []]);
		done.resolve({} as never);
		expect(underWay.get('a')).toBeUndefined();
		expect([execution.isOver, ended.has('a'), told]).toEqual([true, true, [undefined]]);
		execution.whenOver((error) => told.push(error));
		expect(told).toEqual([undefined, undefined]);
	});

	it('that n8n could not start has not ended, and may be started again', () => {
		const { done, told } = start('b');
		const error = new Error('no database');
		done.reject(error);
		expect(told).toEqual([error]);
		expect(underWay.get('b')).toBeUndefined();
		expect(ended.has('b')).toBe(false);
	});

	it('that n8n throws at is over at once', () => {
		const error = new Error('no');
		const told: unknown[] = [];
		const throwing = () => {
			throw error;
		};
		underWay.run('c', now, throwing).whenOver((each) => told.push(each));
		expect([underWay.get('c'), told]).toEqual([undefined, [error]]);
	});

	it('ends once, whatever is told of it later', () => {
		const { done, told } = start('d');
		done.reject(new Error('no'));
		done.resolve({} as never);
		const again = underWay.run('d', now, () => undefined);
		done.reject(new Error('no'));
		expect([told.length, ended.has('d'), underWay.get('d')]).toEqual([1, false, again]);
	});

	it.each([
		'The execution was cancelled manually',
		'This execution was canceled',
		'Execution was cancelled because it timed out',
	])('that was stopped had started: %s', (message) => {
		const { done, told } = start(message);
		done.reject(new Error(message));
		expect([told, ended.has(message)]).toEqual([[undefined], true]);
	});
});

describe('what has ended', () => {
	it('takes no room for weeks', () => {
		finish('first', now);
		finish('later', now + REMEMBERED);
		finish('last', now + 2 * REMEMBERED);
		expect(ended.size).toBe(2);
		expect([ended.has('first'), ended.has('later')]).toEqual([false, true]);
	});

	it('is remembered for as long as it matters, however much else ends', () => {
		finish('before', now);
		finish('old', now + 1);
		for (const after of [2, REMEMBERED - 1, REMEMBERED]) finish(`other ${after}`, now + after);
		expect(ended.has('old')).toBe(true);
	});

	it('is not more than 100,000, and the first ones are let go', () => {
		for (let n = 0; n < 150_000; n++) {
			finish(`many ${n}`, now);
			if (ended.size > 100_000) throw new Error(`${ended.size} are remembered`);
		}
		const known = [0, 49_999, 50_000, 149_999].map((n) => ended.has(`many ${n}`));
		expect(known).toEqual([false, false, true, true]);
	});
});

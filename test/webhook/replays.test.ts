import { EventEmitter } from 'node:events';
import {
	markOf,
	Memory,
	memoryOf,
	type Answer,
	type ReplayState,
} from '../../nodes/KuvarPay/webhook/replays';

/** n8n's response to a delivery, which the test gives by hand. */
class FakeAnswer extends EventEmitter implements Answer {
	statusCode = 200;
	writableEnded = false;
	destroyed = false;

	/** n8n answers, whether the sender is still there or not. */
	give(status: number): void {
		this.statusCode = status;
		this.writableEnded = true;
		if (!this.destroyed) this.emit('finish');
	}

	/** The sender goes away. */
	leave(): void {
		this.destroyed = true;
		this.emit('close');
	}
}

const marks = ({ taken }: ReplayState) => (taken ?? '').split(' ').filter(Boolean);

/** A delivery that n8n has stored; gives the static data that n8n saves then. */
async function take(memory: Memory, mark: string, state: ReplayState = {}) {
	const answer = new FakeAnswer();
	expect(await memory.claim(mark, answer, state)).toBe('new');
	memory.stored(mark, state);
	answer.give(200);
	return state;
}

/** Lets everything happen that needs no more than promises. */
const settled = async () => await new Promise((resolve) => setImmediate(resolve));

describe('what makes a delivery the same as another', () => {
	const delivery = { event: 'a.b', deliveryId: 'd1', signature: 'f00', body: {}, headers: {} };

	it('is its ID, whatever else it holds', () => {
		const other = { ...delivery, event: 'c.d', signature: 'ba5' };
		expect(markOf(other)).toBe(markOf(delivery));
		expect(markOf({ ...delivery, deliveryId: 'd2' })).not.toBe(markOf(delivery));
	});

	it('is signature and event without an ID', () => {
		const unnamed = { ...delivery, deliveryId: undefined };
		const all = [
			unnamed,
			{ ...unnamed, event: 'c.d' },
			{ ...unnamed, signature: 'ba5' },
			delivery,
		].map(markOf);
		expect(new Set(all).size).toBe(4);
		expect(markOf({ ...unnamed })).toBe(all[0]);
	});

	it('is twelve characters that keep their place in the saved text', () => {
		for (let at = 0; at < 100; at++)
			expect(markOf({ ...delivery, deliveryId: `d ${at}` })).toMatch(/^[\w-]{12}$/);
	});
});

describe('the memory of a node', () => {
	it('tells a delivery that was stored', async () => {
		const memory = new Memory();
		await take(memory, 'a');
		expect(await memory.claim('a', new FakeAnswer(), {})).toBe('repeated');
		expect(await memory.claim('b', new FakeAnswer(), {})).toBe('new');
	});

	it.each([300, 400, 428, 500, 503])(
		'forgets a delivery to which n8n answered %d',
		async (status) => {
			const memory = new Memory();
			const answer = new FakeAnswer();
			await memory.claim('a', answer, {});
			answer.give(status);
			expect(await memory.claim('a', new FakeAnswer(), {})).toBe('new');
		},
	);

	it.each([200, 204, 299])('knows a delivery to which n8n answered %d', async (status) => {
		const memory = new Memory();
		const answer = new FakeAnswer();
		await memory.claim('a', answer, {});
		answer.give(status);
		expect(await memory.claim('a', new FakeAnswer(), {})).toBe('repeated');
	});

	it('lets a copy wait until the first is decided, then calls it repeated', async () => {
		const memory = new Memory();
		const first = new FakeAnswer();
		await memory.claim('a', first, {});
		let verdict: string | undefined;
		void memory.claim('a', new FakeAnswer(), {}).then((said) => (verdict = said));
		await settled();
		expect(verdict).toBeUndefined();
		first.give(200);
		await settled();
		expect(verdict).toBe('repeated');
	});

	it('lets one of those that wait take the place of one that was not stored', async () => {
		const memory = new Memory();
		const [first, second, third] = [new FakeAnswer(), new FakeAnswer(), new FakeAnswer()];
		await memory.claim('a', first, {});
		const waiting = [memory.claim('a', second, {}), memory.claim('a', third, {})];
		first.give(500);
		expect(await waiting[0]).toBe('new');
		second.give(200);
		expect(await waiting[1]).toBe('repeated');
	});

	it('does not let other deliveries wait', async () => {
		const memory = new Memory();
		await memory.claim('a', new FakeAnswer(), {});
		expect(await memory.claim('b', new FakeAnswer(), {})).toBe('new');
	});

	describe('when the sender has gone and n8n has not decided', () => {
		it.each(['while a copy waits', 'before a copy comes', 'before it was noted'])(
			'leaves it undecided: %s',
			async (when) => {
				const memory = new Memory();
				const first = new FakeAnswer();
				if (when === 'before it was noted') first.leave();
				await memory.claim('a', first, {});
				if (when === 'before a copy comes') first.leave();
				const copy = memory.claim('a', new FakeAnswer(), {});
				if (when === 'while a copy waits') first.leave();
				expect(await copy).toBe('undecided');
				expect(await memory.claim('a', new FakeAnswer(), {})).toBe('undecided');
			},
		);

		it.each([
			[200, 'repeated'],
			[500, 'new'],
		])('believes the answer that nobody heard: %d is %s', async (status, verdict) => {
			const memory = new Memory();
			const first = new FakeAnswer();
			await memory.claim('a', first, {});
			first.leave();
			expect(await memory.claim('a', new FakeAnswer(), {})).toBe('undecided');
			first.give(status);
			expect(await memory.claim('a', new FakeAnswer(), {})).toBe(verdict);
		});
	});

	describe('the static data', () => {
		it('gets the delivery and those that were stored before, oldest first', async () => {
			const memory = new Memory();
			await take(memory, 'a');
			await take(memory, 'b');
			expect(await take(memory, 'c')).toEqual({ taken: 'a b c' });
		});

		it('gets nothing before the execution is stored, as n8n forgets that it was changed', async () => {
			const state = {};
			await new Memory().claim('a', new FakeAnswer(), state);
			expect(state).toEqual({});
		});

		it('gets all of a burst with the last one, though none is answered yet', async () => {
			const memory = new Memory();
			const states = ['a', 'b', 'c'].map((mark) => ({ mark, state: {} }));
			for (const { mark, state } of states) await memory.claim(mark, new FakeAnswer(), state);
			for (const { mark, state } of states) memory.stored(mark, state);
			expect(states.map(({ state }) => state)).toEqual([
				{ taken: 'a' },
				{ taken: 'a b' },
				{ taken: 'a b c' },
			]);
		});

		it('gets none that could not be answered for, though n8n had asked for the answer', async () => {
			const memory = new Memory();
			const answer = new FakeAnswer();
			await memory.claim('a', answer, {});
			memory.stored('a', {});
			answer.give(500);
			expect(await take(memory, 'a')).toEqual({ taken: 'a' });
		});

		it('gets none that may not have been stored', async () => {
			const memory = new Memory();
			await memory.claim('undecided', new FakeAnswer(), {});
			const failed = new FakeAnswer();
			await memory.claim('failed', failed, {});
			failed.give(500);
			expect(await take(memory, 'a')).toEqual({ taken: 'a' });
		});

		it('is believed: another process or an earlier one has stored them', async () => {
			const memory = new Memory();
			const state = { taken: 'a b' };
			expect(await memory.claim('b', new FakeAnswer(), state)).toBe('repeated');
			expect(state).toEqual({ taken: 'a b' });
			expect(await take(memory, 'c', state)).toEqual({ taken: 'a b c' });
			// Also when another process has saved over them meanwhile.
			expect(await memory.claim('a', new FakeAnswer(), { taken: 'd' })).toBe('repeated');
			expect(await take(memory, 'e', { taken: 'd' })).toEqual({ taken: 'a b c d e' });
		});

		it('of an older version is no trouble', async () => {
			const state = { taken: ['x', 'y'] } as never;
			expect(await new Memory().claim('a', new FakeAnswer(), state)).toBe('new');
		});

		it('holds no empty marks', async () => {
			expect(await take(new Memory(), 'a', { taken: '' })).toEqual({ taken: 'a' });
		});

		it('holds the latest 2,000, in 26 kB', async () => {
			const memory = new Memory();
			const all = Array.from({ length: 2_100 }, (_, at) => String(at).padStart(12, '0'));
			const state: ReplayState = { taken: all.slice(0, 1_500).join(' ') };
			for (const mark of all.slice(1_500)) await take(memory, mark, state);
			expect(marks(state)).toEqual(all.slice(-2_000));
			expect(state.taken!.length).toBeLessThanOrEqual(26_000);
			expect(await memory.claim(all[100], new FakeAnswer(), {})).toBe('repeated');
			expect(await memory.claim(all[99], new FakeAnswer(), {})).toBe('new');
		});
	});

	it('is one for each node', async () => {
		const memory = memoryOf('workflow/one');
		await take(memory, 'a');
		expect(memoryOf('workflow/one')).toBe(memory);
		expect(await memoryOf('workflow/two').claim('a', new FakeAnswer(), {})).toBe('new');
	});
});

import { Ending } from '../../nodes/KuvarPay/stream/ending';

describe('an ending', () => {
	it('is told to who waits for it', () => {
		const ending = new Ending();
		const { signal } = ending;
		expect([ending.isOver, signal.aborted, ending.signal]).toEqual([false, false, signal]);
		ending.end();
		expect([ending.isOver, signal.aborted]).toEqual([true, true]);
	});

	it('is known to who asks later', () => {
		const ending = new Ending();
		ending.end();
		expect([ending.isOver, ending.signal.aborted]).toEqual([true, true]);
	});
});

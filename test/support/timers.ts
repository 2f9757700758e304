/**
 * What stands in for `api/timers` in a test that holds the clock: Node's timers can be held in the
 * hand, and the package's own cannot. For
 * `jest.mock('../../nodes/KuvarPay/api/timers', () => jest.requireActual('../support/timers'))`.
 */
const own = jest.requireActual<typeof import('../../nodes/KuvarPay/api/timers')>(
	'../../nodes/KuvarPay/api/timers',
);

export const { onAbort, pause, runtimeGlobals } = own;

export const setTimeout = (task: () => void, ms: number) => globalThis.setTimeout(task, ms);
export const clearTimeout = (timer?: NodeJS.Timeout) => globalThis.clearTimeout(timer);

/** Holds the clock in each test of a file. */
export function holdClock(): void {
	beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
	afterEach(() => jest.useRealTimers());
}

export const advance = async (ms: number): Promise<void> => {
	await jest.advanceTimersByTimeAsync(ms);
};

/**
 * Timers for a place where `setTimeout` is not allowed (n8n's rule no-restricted-globals), built on
 * `AbortSignal.timeout`. They never keep a process alive. esbuild puts `setTimeout` and
 * `clearTimeout` in the place of those names in every bundled library (see gulpfile.js).
 */

interface Timer {
	signal: AbortSignal;
	fire: () => void;
	unref(): Timer;
}

/** Longest delay that Node's timers take: 2^31 - 1 ms, about 24.8 days. */
const LONGEST = 2 ** 31 - 1;

// AbortSignal.timeout holds only a weak reference to its signal: without this a timer that nobody
// else refers to could be collected before it fires.
const pending = new Set<Timer>();

export function setTimeout<Args extends unknown[]>(
	callback: (...args: Args) => void,
	ms = 0,
	...args: Args
): Timer {
	const delay = Math.min(Math.max(0, Math.trunc(Number(ms)) || 0), LONGEST);
	const timer: Timer = {
		signal: AbortSignal.timeout(delay),
		fire: () => {
			pending.delete(timer);
			callback(...args);
		},
		unref: () => timer,
	};
	pending.add(timer);
	timer.signal.addEventListener('abort', timer.fire, { once: true });
	return timer;
}

export function clearTimeout(timer?: Timer): void {
	if (!timer) return;
	pending.delete(timer);
	timer.signal.removeEventListener('abort', timer.fire);
}

/** Stands in for `globalThis` in bundled libraries, which look for optional features there. */
export const runtimeGlobals: { fetch?: unknown; navigator?: unknown } = {};

/**
 * Waits, or stops waiting at once when the signal aborts (then it rejects with the signal's reason).
 * @param ms milliseconds
 */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	await new Promise<void>((resolve, reject) => {
		const forget =
			signal &&
			onAbort(signal, () => {
				clearTimeout(timer);
				reject(signal.reason);
			});
		const timer = setTimeout(() => {
			forget?.();
			resolve();
		}, ms);
	});
}

const tasks = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Runs the task when the signal aborts. Node warns of a leak when a signal has more than ten
 * listeners, so all tasks of a signal share one.
 * @returns takes the task back
 */
export function onAbort(signal: AbortSignal, task: () => void): () => void {
	const all = tasks.get(signal) ?? new Set();
	if (!tasks.has(signal)) {
		tasks.set(signal, all);
		signal.addEventListener('abort', () => all.forEach((each) => each()), { once: true });
	}
	all.add(task);
	return () => all.delete(task);
}

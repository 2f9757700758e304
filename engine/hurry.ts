/**
 * Makes the clock of the package go faster, so that a test of what it does after five seconds takes
 * one. The package has no other timers than those on `AbortSignal.timeout` (`api/timers.ts`), and
 * measures by `performance.now`; n8n's own timers, and times of day, stay as they are.
 * @returns what makes it go as before
 */
export function hurry(times: number): () => void {
	const { performance } = globalThis;
	const own = { now: performance.now, timeout: AbortSignal.timeout };
	const now = own.now.bind(performance);
	const begun = now();
	performance.now = () => begun + (now() - begun) * times;
	const timeout = own.timeout.bind(AbortSignal);
	AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / times));
	return () => {
		performance.now = own.now;
		AbortSignal.timeout = own.timeout;
	};
}

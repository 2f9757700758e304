/**
 * Makes the clock of the package go faster, so that a test of what it does after five seconds takes
 * one. The package has no other timers than those on `AbortSignal.timeout` (`api/timers.ts`), and
 * measures by `performance.now`; n8n's own timers, and times of day, stay as they are.
 */
export function hurry(times: number): void {
	const { performance } = globalThis;
	const now = performance.now.bind(performance);
	const begun = now();
	performance.now = () => begun + (now() - begun) * times;
	const timeout = AbortSignal.timeout.bind(AbortSignal);
	AbortSignal.timeout = (ms) => timeout(Math.ceil(ms / times));
}

import { pause } from '../api/timers';

/** Time and chance, so that tests can hold both in their hands. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** Milliseconds that never go back, for how long something took. */
	ticks(): number;
	/** Waits; rejects with the signal's reason when it aborts. @param ms milliseconds */
	pause(ms: number, signal?: AbortSignal): Promise<void>;
	/** From 0 up to, but not including, 1. */
	random(): number;
}

export const realClock: Clock = {
	now: () => Date.now(),
	ticks: () => performance.now(),
	pause,
	random: () => Math.random(),
};

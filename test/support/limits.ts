// Limits in the state that a test needs, on a clock held in the hand.
import { Limit, type Told } from '../../nodes/KuvarPay/api/limit';

/** What is added to every wait that the server asks for, in ms. */
export const SLACK = 5;

/** A limit, and requests that the server answers at once. Times in ms. */
export function open() {
	const limit = new Limit();
	let calls = 0;
	const pass = (at: number, count = 1, told: Told = {}) => {
		if ((calls += count) > 50_000) throw new Error('It lets all through, without end');
		for (let n = 0; n < count; n++) {
			limit.sent(at);
			limit.passed(at, at, told);
		}
	};
	const refuse = (at: number, told: Told = {}) => {
		if ((calls += 1) > 50_000) throw new Error('It asks without end');
		limit.sent(at);
		limit.refused(at, at, told);
	};
	/** Asks as soon as it may until it is let through at or after a time. @returns when it was */
	const askUntil = (end: number, from = 0): number => {
		for (let now = from; ;) {
			now = limit.next(now);
			if (now >= end) {
				pass(now);
				return now;
			}
			refuse(now);
		}
	};
	return { limit, pass, refuse, askUntil };
}

/** It lets ten through in a second and then says how long to wait. */
export function tenInASecond() {
	const opened = open();
	opened.pass(0, 10);
	opened.refuse(10, { wait: 990 });
	opened.pass(1_005);
	return opened;
}

/** It takes twenty at once, and one more soon after, of which it says nothing. */
export function twentyInABucket() {
	const opened = open();
	opened.pass(0, 20);
	opened.refuse(1);
	opened.pass(106);
	// A window that had just ended would take more.
	opened.refuse(107);
	opened.pass(212);
	return opened;
}

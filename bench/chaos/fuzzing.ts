// Runs a property over very many inputs and collects what went wrong.
import { Chance } from './random';

/** An input that broke something. */
export interface Finding {
	seed: number;
	what: string;
}

export interface Outcome {
	name: string;
	inputs: number;
	findings: Finding[];
	/** The slowest input, in ms. */
	slowest: number;
	seconds: number;
}

/** One surface: throws an Error that says what is wrong, else all is well. */
export type Surface = (chance: Chance) => Promise<void> | void;

/** Longest that one input may take, in ms: far above any pause of a busy machine. */
const HANG = 3_000;

/** Stops after so many findings: more of the same tell nothing. */
const ENOUGH = 20;

/** Every input has a seed of its own, so that a finding can be repeated alone. */
export async function fuzz(
	name: string,
	surface: Surface,
	inputs: number,
	seed: number,
): Promise<Outcome> {
	const findings: Finding[] = [];
	const begun = performance.now();
	let slowest = 0;
	let done = 0;
	// The node's own timers keep no process alive; a hang is to be told, not to end everything.
	const alive = setInterval(() => undefined, 1000);
	for (; done < inputs && findings.length < ENOUGH; done++) {
		const own = (seed * 1_000_003 + done) >>> 0;
		const from = performance.now();
		try {
			const running = surface(new Chance(own));
			if (running) await within(running);
		} catch (error) {
			findings.push({ seed: own, what: (error as Error).message.slice(0, 300) });
		}
		if (isPolluted()) findings.push({ seed: own, what: 'Object.prototype was changed' });
		const took = performance.now() - from;
		slowest = Math.max(slowest, took);
		if (took > HANG) findings.push({ seed: own, what: `took ${took.toFixed(0)} ms` });
	}
	clearInterval(alive);
	return { name, inputs: done, findings, slowest, seconds: (performance.now() - begun) / 1000 };
}

async function within(running: Promise<void>): Promise<void> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => reject(new Error('does not end')), 2 * HANG);
	});
	await Promise.race([running, late]).finally(() => clearTimeout(timer));
}

const own = Object.getOwnPropertyNames(Object.prototype).length;
const isPolluted = () => Object.getOwnPropertyNames(Object.prototype).length !== own;

/** @throws Error unless the condition holds */
export function must(condition: boolean, what: string): asserts condition {
	if (!condition) throw new Error(what);
}

/** @throws Error when the text holds the secret, or eight characters of it in a row */
export function mustNotTell(text: string, secret: string): void {
	for (let at = 0; at + 8 <= secret.length; at++)
		must(!text.includes(secret.slice(at, at + 8)), `the key is told: ${text.slice(0, 200)}`);
}

import { LosslessNumber, isSafeNumber, parse, stringify } from 'lossless-json';

/**
 * JSON as it travels: numbers keep every digit. `LosslessNumber` stands for a number that is to be
 * written with exactly these digits.
 */
export { LosslessNumber };

/**
 * A number that a double may not hold, or one with an exponent: only then is the slower parser worth
 * it. What stands before it tells it from digits in a text, such as an ID; "or nothing" in the same
 * pattern would take a third longer.
 */
const LONG_NUMBER = /[:,[\s]-?\d(?:[\d.]{14}|[\d.]*[eE])/;

/** A text that is nothing but a number, before which nothing stands. */
const BARE_NUMBER = /^-?\d/;

/**
 * Reads a JSON text. A number that JavaScript would round (over about 15 digits) comes as text.
 * @throws SyntaxError
 */
export function readJson(text: string): unknown {
	if (!LONG_NUMBER.test(text) && !BARE_NUMBER.test(text)) return JSON.parse(text);
	return parse(text, null, (digits) => (isSafeNumber(digits) ? Number(digits) : digits));
}

/**
 * Reads JSON that the user typed, to be sent on: each number keeps its digits.
 * @throws SyntaxError, also for a name that stands twice with different values
 */
export function readUserJson(text: string): unknown {
	return parse(text);
}

/** Writes JSON; the digits of every `LosslessNumber` as they are. */
export function writeJson(value: unknown): string {
	return stringify(value) ?? 'null';
}

/** Whether the value is an object with properties: no list, no number that keeps its digits. */
export const isPlainObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' &&
	value !== null &&
	!Array.isArray(value) &&
	!(value instanceof LosslessNumber);

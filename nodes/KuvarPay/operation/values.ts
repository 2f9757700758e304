import Big from 'big.js';
import { tryToParseDateTime } from 'n8n-workflow';
import { InputError } from '../api/errors';
import { LosslessNumber, isPlainObject, readUserJson } from '../api/json';

/**
 * How what the user typed becomes what the API wants. A converter either keeps the value as it is
 * meant, every digit of it, or throws an InputError that names the parameter; it drops nothing.
 */
export type Convert = (value: unknown, label: string, settings: Settings) => unknown;

export interface Settings {
	/** IANA name of the workflow's time zone, for dates without one. */
	timezone: string;
}

export const isEmpty = (value: unknown): boolean =>
	value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** How a wrong value is shown in a message: short, and never a whole object. */
function show(value: unknown): string {
	if (Array.isArray(value)) return 'a list';
	if (value instanceof LosslessNumber) return show(value.value);
	if (typeof value === 'object' && value !== null) return 'an object';
	const text = String(value);
	return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}

export const text: Convert = (value, label) => {
	if (typeof value === 'string') return value;
	if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')
		return String(value);
	if (value instanceof LosslessNumber) return value.value;
	throw new InputError(
		`${label} must be text, but it is ${show(value)}`,
		'Pick one value of the object in the expression.',
	);
};

/** An email address, as far as it can be told without sending to it. */
export const email: Convert = (value, label, settings) => {
	const address = String(text(value, label, settings)).trim();
	const all = address.split(/[,;]/);
	if (all.every((each) => /^[^\s@]+@[^\s@]+$/.test(each.trim()))) return address;
	throw new InputError(
		`${label} must be an email address, but it is ${show(value)}`,
		'Write it as name@example.com.',
	);
};

export const flag: Convert = (value, label) => {
	if (typeof value === 'boolean') return value;
	if (value === 'true' || value === 'false') return value === 'true';
	throw new InputError(`${label} must be true or false, but it is ${show(value)}`);
};

/** Digits that a decimal may have before and after the point. Far above 2^256 and 18 decimals. */
const MOST_DIGITS = 200;

function decimal(value: unknown, label: string): Big {
	const refuse = (why: string) =>
		new InputError(
			`${label} ${why}, but it is ${show(value)}`,
			'Use digits with a point for decimals, such as 1250.50; no thousands separators and no currency signs.',
		);
	if (!['number', 'string', 'bigint'].includes(typeof value)) throw refuse('must be a number');
	let number: Big;
	try {
		number = new Big(String(value).trim());
	} catch {
		throw refuse('must be a number');
	}
	if (Math.abs(number.e) > MOST_DIGITS || number.c.length > MOST_DIGITS)
		throw refuse(`may have at most ${MOST_DIGITS} digits`);
	if (Math.abs(Number(value)) > Number.MAX_SAFE_INTEGER && isRounded(value, number))
		throw new InputError(
			`${label} has more digits than a number in an expression can hold: ${show(value)}`,
			'Write it as text, in quotes, so that no digit is lost.',
		);
	return number;
}

/** Whether JavaScript has probably rounded it already: it keeps 15 digits for sure. */
const isRounded = (value: unknown, { c: digits }: Big) =>
	typeof value === 'number' && digits.length > 15;

function above(number: Big, least: number, label: string, value: unknown): void {
	if (number.lte(least))
		throw new InputError(
			`${label} must be above ${least === 0 ? 'zero' : least}, but it is ${show(value)}`,
		);
}

/** An amount that the API takes as a JSON number; every digit is kept. */
export const amountNumber: Convert = (value, label) => {
	const number = decimal(value, label);
	above(number, 0, label, value);
	return new LosslessNumber(number.toFixed());
};

/**
 * An amount that the API takes as a decimal text, such as "29.90": as it was typed, if it can be. One
 * that is charged may be nothing, or less: no source says that KuvarPay refuses a free price.
 */
export const amountText: Convert = (value, label) => {
	const number = decimal(value, label);
	const typed = String(value).trim();
	return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(typed) ? typed : number.toFixed();
};

/** Any number, every digit of it: a price that may be taken off, a discount. */
export const anyNumber: Convert = (value, label) =>
	new LosslessNumber(decimal(value, label).toFixed());

/** An amount in a token's smallest unit: an integer as text, up to 78 digits (2^256). */
export const tokenUnits: Convert = (value, label) => {
	const number = decimal(value, label);
	above(number, 0, label, value);
	if (!number.eq(number.round(0, Big.roundDown)))
		throw new InputError(
			`${label} must be a whole number of the token's smallest units, but it is ${show(value)}`,
			'For USDT on BSC, which has 18 decimals, 1 USDT is 1000000000000000000.',
		);
	return number.toFixed();
};

/** Any number that may also be zero: a tax rate, a discount, a tolerance. */
export const zeroOrMore: Convert = (value, label) => {
	const number = decimal(value, label);
	if (number.lt(0))
		throw new InputError(`${label} may not be below zero, but it is ${show(value)}`);
	return new LosslessNumber(number.abs().toFixed());
};

const wholeNumber =
	(least: number, words: string): Convert =>
	(value, label) => {
		const number = decimal(value, label);
		if (number.lt(least) || !number.eq(number.round(0, Big.roundDown)))
			throw new InputError(`${label} must be a whole number ${words}, but it is ${show(value)}`);
		return new LosslessNumber(number.abs().toFixed());
	};

/** A whole number of one or more: days, seconds, a count. */
export const count = wholeNumber(1, 'above zero');

/** A whole number of zero or more. */
export const countOrNone = wholeNumber(0, 'of zero or more');

/** A date, with or without a time of day, with or without a zone. */
const DATE =
	/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?$/i;

function moment(value: unknown, label: string, { timezone }: Settings) {
	const refuse = () =>
		new InputError(
			`${label} must be a date, but it is ${show(value)}`,
			'Pick it in the calendar, or write it as 2026-12-31T17:00:00.',
		);
	const written = typeof value === 'string' ? value.trim() : value;
	// n8n's parser takes almost any text ("5" becomes the year 2001), some of it in the time zone of
	// the machine, so the shape is checked first.
	const isDate = typeof written === 'string' ? DATE.test(written) : isDateObject(written);
	if (!isDate) throw refuse();
	let parsed;
	try {
		parsed = tryToParseDateTime(written, timezone);
	} catch {
		throw refuse();
	}
	// And it moves a 30 February into March.
	if (typeof written === 'string' && parsed.toFormat('yyyy-MM-dd') !== written.slice(0, 10))
		throw refuse();
	return parsed;
}

/** A `Date`, or what `{{ $now }}` is in n8n. */
const isDateObject = (value: unknown) =>
	value instanceof Date || (typeof value === 'object' && value !== null && 'toJSDate' in value);

/** A date, or Unix seconds, as ISO 8601 in UTC. One without a zone is meant in the workflow's. */
export const isoDate: Convert = (value, label, settings) =>
	isUnixSeconds(value)
		? new Date(Number(value) * 1000).toISOString()
		: moment(value, label, settings).toUTC().toISO();

const isUnixSeconds = (value: unknown): boolean =>
	['number', 'string'].includes(typeof value) && /^\d{9,11}$/.test(String(value));

/** A date as Unix seconds; a number is taken as Unix seconds already. */
export const unixSeconds: Convert = (value, label, settings) =>
	isUnixSeconds(value) ? Number(value) : Math.floor(moment(value, label, settings).toSeconds());

/** JSON as text or, from an expression, as it is. Its numbers keep their digits. */
export const json: Convert = (value, label) => {
	if (typeof value !== 'string') return value;
	const refuse = (reason: string) =>
		new InputError(
			`${label} is not valid JSON: ${reason}`,
			'Names and texts need double quotes, and there is no comma after the last entry.',
		);
	try {
		return readUserJson(value);
	} catch (error) {
		throw refuse((error as Error).message);
	}
};

export const jsonObject: Convert = (value, label, settings) => {
	const parsed = json(value, label, settings);
	if (isPlainObject(parsed)) return parsed;
	throw new InputError(
		`${label} must be a JSON object, but it is ${show(parsed)}`,
		'Write it with curly brackets, such as {"name": "value"}.',
	);
};

/**
 * Rows of key and value (`{ entry: [{ key, value }] }`) as one object; an object, or one as JSON, out
 * of an expression as it is.
 */
export const metadata: Convert = (value, label, settings) => {
	if (typeof value === 'string') return jsonObject(value, label, settings);
	if (isPlainObject(value) && !('entry' in value))
		return Object.keys(value).length > 0 ? value : undefined;
	const { entry: rows = [], ...others } = isPlainObject(value) ? value : { entry: value };
	if (!Array.isArray(rows) || Object.keys(others).length > 0)
		throw new InputError(`${label} must be rows of a key and a value, but it is ${show(value)}`);
	const seen = new Map<string, unknown>();
	rows.forEach((row, index) => {
		if (isEmpty(row?.key)) throw new InputError(`${label} has no key in row ${index + 1}`);
		const key = String(text(row.key, `${label}, row ${index + 1}: Key`, settings));
		if (seen.has(key))
			throw new InputError(`${label} has the key "${key}" twice`, 'Remove one of the two rows.');
		seen.set(key, row.value ?? '');
	});
	return seen.size === 0 ? undefined : Object.fromEntries(seen);
};

/** Statuses of a multiple choice, as the API writes them. */
export const statusList: Convert = (value, label, settings) => {
	const given = Array.isArray(value) ? value : String(text(value, label, settings)).split(',');
	const list = given.map((status) =>
		String(text(status, label, settings))
			.trim()
			.toUpperCase(),
	);
	if (list.length > 0 && !list.includes('')) return list;
	throw new InputError(`${label} is empty`, `Choose one or more values for ${label}.`);
};

/** A header value: visible ASCII (RFC 9110, section 5.5), so that nothing can follow it. */
export const headerText: Convert = (value, label, settings) => {
	const written = String(text(value, label, settings)).trim();
	if (/^[\x21-\x7e][\x20-\x7e]{0,254}$/.test(written)) return written;
	throw new InputError(
		`${label} may have up to 255 characters of plain ASCII, without line breaks`,
		'Use letters, digits and hyphens.',
	);
};

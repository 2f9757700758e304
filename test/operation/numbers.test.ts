import Big from 'big.js';
import fc, { runs } from '../support/fc';
import { InputError } from '../../nodes/KuvarPay/api/errors';
import { writeJson } from '../../nodes/KuvarPay/api/json';
import {
	amountNumber,
	amountText,
	count,
	countOrNone,
	tokenUnits,
	zeroOrMore,
	type Convert,
} from '../../nodes/KuvarPay/operation/values';

const settings = { timezone: 'UTC' };
const LABEL = 'Some Amount';

/** What stands in the JSON of the request, as digits; undefined where the value is refused. */
function sent(convert: Convert, value: unknown): string | undefined {
	try {
		return writeJson(convert(value, LABEL, settings)).replaceAll('"', '');
	} catch (error) {
		expect(error).toBeInstanceOf(InputError);
		expect((error as Error).message.startsWith(LABEL)).toBe(true);
		return undefined;
	}
}

const digits = (min: number, max: number) =>
	fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max });
/** A decimal as people write it: up to 78 digits before the point, and 18 after. */
const typed = fc
	.tuple(digits(1, 78), fc.option(digits(1, 18)), fc.boolean())
	.map(([whole, fraction, padded]) => {
		const text = fraction === null ? whole : `${whole}.${fraction}`;
		return padded ? `  ${text} ` : text;
	});

const amounts = { amountNumber, amountText };

describe.each(Object.entries(amounts))('%s', (_name, convert) => {
	it('sends every digit', () => {
		fc.assert(
			fc.property(typed, (text) => {
				const out = sent(convert, text);
				// What a customer pays is above zero; a price may be free.
				if (convert === amountNumber && new Big(text.trim()).eq(0)) expect(out).toBeUndefined();
				else expect(new Big(out!).eq(new Big(text.trim()))).toBe(true);
				// As the contract wants a decimal: no exponent, no sign.
				if (out !== undefined) expect(out).toMatch(/^(0|[1-9]\d*)(\.\d+)?$/);
			}),
			runs(500),
		);
	});

	it.each([
		['0.1', '0.1'],
		[0.1, '0.1'],
		['1e21', '1000000000000000000000'],
		[1e21, '1000000000000000000000'],
		['0.000000000000000001', '0.000000000000000001'],
		[1e-18, '0.000000000000000001'],
		[(2n ** 256n - 1n).toString(), (2n ** 256n - 1n).toString()],
		[2n ** 256n, (2n ** 256n).toString()],
		[' 5 ', '5'],
	])('%p goes out as %s', (value, expected) => expect(sent(convert, value)).toBe(expected));

	it('sends any number of an expression as it is, or refuses it', () => {
		fc.assert(
			fc.property(fc.double(), (value) => {
				const out = sent(convert, value);
				const isTaken = convert === amountNumber ? value > 0 : !Number.isNaN(value);
				if (!isTaken || Math.abs(value) === Infinity) expect(out).toBeUndefined();
				else if (out !== undefined) expect(Number(out) + 0).toBe(value + 0);
			}),
		);
	});

	it('refuses anything that is no number', () => {
		fc.assert(
			fc.property(fc.anything(), (value) => {
				if (['number', 'bigint'].includes(typeof value)) return;
				const out = sent(convert, value);
				if (typeof value === 'string' && out !== undefined)
					expect(new Big(out).eq(value.trim())).toBe(true);
				if (typeof value !== 'string') expect(out).toBeUndefined();
			}),
		);
	});

	it.each([
		'1,000',
		'1 000',
		'$5',
		'5 USDT',
		'١٢',
		'0x10',
		'NaN',
		'Infinity',
		'1e999',
		'--1',
		'1.2.3',
	])('refuses %p', (value) => expect(sent(convert, value)).toBeUndefined());

	it('refuses a number that JavaScript has rounded already', () => {
		expect(sent(convert, Number('123456789012345678901'))).toBeUndefined();
		expect(sent(convert, 60000000000000000000)).toBe('60000000000000000000');
	});
});

it('an amount as text keeps its zeros, as "29.90"', () => {
	expect(amountText('29.90', LABEL, settings)).toBe('29.90');
	expect(amountText('007', LABEL, settings)).toBe('7');
});

it('token units are whole numbers with every digit, or refused', () => {
	fc.assert(
		fc.property(typed, (text) => {
			const out = sent(tokenUnits, text);
			const number = new Big(text.trim());
			if (number.eq(0) || !number.eq(number.round(0, 0))) expect(out).toBeUndefined();
			else expect(BigInt(out!)).toBe(BigInt(number.toFixed(0)));
		}),
		runs(500),
	);
	expect(sent(tokenUnits, '9'.repeat(78))).toBe('9'.repeat(78));
});

it('zero or more takes zero, and never a sign', () => {
	fc.assert(
		fc.property(fc.oneof(typed, fc.double({ noNaN: true, noDefaultInfinity: true })), (value) => {
			const out = sent(zeroOrMore, value);
			if (out !== undefined) expect(new Big(out).eq(new Big(String(value).trim()))).toBe(true);
			if (out !== undefined) expect(out).toMatch(/^\d/);
			if (Number(value) < 0) expect(out).toBeUndefined();
		}),
	);
	expect([0, '0', -0, '-0', '0.00'].map((value) => sent(zeroOrMore, value))).toEqual(
		Array(5).fill('0'),
	);
});

describe.each([
	['count', count, 1],
	['countOrNone', countOrNone, 0],
] as const)('%s', (_name, convert, least) => {
	it('takes whole numbers only', () => {
		fc.assert(
			fc.property(fc.oneof(typed, fc.double(), fc.integer(), fc.anything()), (value) => {
				const out = sent(convert, value);
				if (out === undefined) return;
				expect(['number', 'string', 'bigint']).toContain(typeof value);
				expect(out).toMatch(/^\d+$/);
				expect(new Big(out).gte(least)).toBe(true);
				expect(new Big(out).eq(new Big(String(value).trim()))).toBe(true);
			}),
		);
	});

	it.each([[], [[]], false, true, '0x0', '1e-400', 0.5, -1])('refuses %p', (value) =>
		expect(sent(convert, value)).toBeUndefined(),
	);
});

import fc, { runs } from '../support/fc';
import { LosslessNumber, readJson, readUserJson, writeJson } from '../../nodes/KuvarPay/api/json';

const jsonText = fc.json({ maxDepth: 4 });

/** A number with as many digits as anybody may type. */
const longNumber = fc
	.tuple(
		fc.constantFrom('', '-'),
		fc.bigInt({ min: 0n, max: 10n ** 77n }),
		fc.option(fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 18 })),
		fc.constantFrom('', 'e5', 'E-7', 'e+21'),
	)
	.map(
		([sign, whole, fraction, power]) => `${sign}${whole}${fraction ? `.${fraction}` : ''}${power}`,
	);

it('JSON of the user goes out with each digit as it was typed', () => {
	fc.assert(
		fc.property(fc.array(longNumber, { minLength: 1 }), (numbers) => {
			const text = `{"list":[${numbers.join(',')}],"one":${numbers[0]}}`;
			expect(writeJson(readUserJson(text))).toBe(text);
		}),
	);
});

const texts = (value: unknown): unknown =>
	JSON.parse(
		JSON.stringify(value, (_name, inner) => (typeof inner === 'number' ? String(inner) : inner)),
	);

it('what is read and written again means the same', () => {
	fc.assert(
		fc.property(jsonText, (text) => {
			expect(JSON.parse(writeJson(readUserJson(text)))).toEqual(JSON.parse(text));
			// A number that is not safe comes as text.
			expect(texts(readJson(text))).toEqual(texts(JSON.parse(text)));
		}),
		runs(500),
	);
});

it('a number of an answer is a number, or text where a number would be rounded', () => {
	fc.assert(
		fc.property(longNumber, (digits) => {
			const value = readJson(`[${digits}]`) as [number | string];
			if (typeof value[0] === 'string') expect(value[0]).toBe(digits);
			else expect(value[0]).toBe(Number(digits));
		}),
	);
	expect(readJson('12345678901234567890')).toBe('12345678901234567890');
	expect(readJson('{"a": 12345678901234567890, "b": 0.1, "c": 1e3}')).toEqual({
		...{ a: '12345678901234567890', b: 0.1, c: 1000 },
	});
});

it.each([readJson, readUserJson])('a "__proto__" is a name like any other: %p', (read) => {
	const value = read(
		'{"__proto__": {"polluted": 12345678901234567890}, "constructor": 1}',
	) as object;
	expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
	expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
	expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
	expect(writeJson(value)).toContain('"__proto__":{"polluted":');
});

it('a name that stands twice is refused when one of the values would be lost', () => {
	expect(() => readUserJson('{"a": 1, "a": 2}')).toThrow(SyntaxError);
});

it('writes numbers with their digits', () => {
	expect(writeJson({ a: new LosslessNumber('1.10'), b: 2n ** 70n, c: undefined })).toBe(
		'{"a":1.10,"b":1180591620717411303424}',
	);
	expect(writeJson(undefined)).toBe('null');
});

import fc, { runs } from '../support/fc';
import { InputError } from '../../nodes/KuvarPay/api/errors';
import { writeJson } from '../../nodes/KuvarPay/api/json';
import { readWish } from '../../nodes/KuvarPay/operation/call';
import { findOperation } from '../../nodes/KuvarPay/resources';
import { contextOf, type Parameters } from '../support/context';

/** The body that would be sent, as the server reads it. */
function bodyOf(parameters: Parameters): Record<string, unknown> {
	const { call } = readWish(contextOf(parameters), 0, findOperation);
	return JSON.parse(writeJson(call.body)) as Record<string, unknown>;
}

/** The same, or the message of the refusal. */
function bodyOrMessage(parameters: Parameters): Record<string, unknown> | string {
	try {
		return bodyOf(parameters);
	} catch (error) {
		expect(error).toBeInstanceOf(InputError);
		return (error as Error).message;
	}
}

const session = (more: Parameters = {}) => ({
	resource: 'checkoutSession',
	operation: 'create',
	amount: '5',
	currency: 'NGN',
	...more,
});

const NASTY = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', ''];
const key = fc.oneof(fc.string(), fc.constantFrom(...NASTY));
const json = fc.jsonValue({ maxDepth: 3 });
/** An object with any keys, `__proto__` among them, as JSON.parse gives it. */
const object = fc
	.array(fc.tuple(key, json), { maxLength: 5 })
	.map((entries) => Object.fromEntries(entries) as Record<string, unknown>);
const entriesOf = (value: object) =>
	Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
const asRead = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

afterEach(() => {
	expect(Object.keys(Object.prototype)).toEqual([]);
	expect(({} as Parameters).polluted).toBeUndefined();
});

describe('metadata', () => {
	const rows = fc.array(fc.record({ key, value: fc.oneof(fc.string(), json) }), {
		minLength: 1,
		maxLength: 5,
	});

	it('goes out row by row, or is refused with its name', () => {
		fc.assert(
			fc.property(rows, (entry) => {
				const sent = bodyOrMessage(session({ additionalFields: { metadata: { entry } } }));
				const keys = entry.map((row) => row.key);
				const lawful =
					keys.every((name) => name.trim() !== '') && new Set(keys).size === keys.length;
				if (!lawful) {
					expect(sent).toMatch(/^Metadata has/);
					return;
				}
				const { metadata } = sent as { metadata: object };
				expect(Object.keys(metadata).sort()).toEqual([...keys].sort());
				for (const row of entry)
					expect(Object.entries(metadata)).toContainEqual([row.key, asRead(row.value ?? '')]);
			}),
			runs(500),
		);
	});

	const isObject = (value: unknown) =>
		typeof value === 'object' && value !== null && !Array.isArray(value);

	it('that is neither rows nor an object is refused, and not dropped', () => {
		fc.assert(
			fc.property(fc.oneof(json, object), (metadata) => {
				const empty =
					metadata === null ||
					(typeof metadata === 'string' && metadata.trim() === '') ||
					(Array.isArray(metadata) && metadata.length === 0) ||
					JSON.stringify(metadata) === '{}';
				const sent = bodyOrMessage(session({ additionalFields: { metadata } }));
				if (empty) expect(sent).not.toHaveProperty('metadata');
				else if (isObject(metadata) && !('entry' in (metadata as object)))
					// An object out of an expression is what the user means.
					expect((sent as { metadata: unknown }).metadata).toEqual(metadata);
				else if (!Array.isArray(metadata)) expect(sent).toMatch(/^Metadata/);
			}),
		);
	});
});

describe('texts', () => {
	it('go out unchanged', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (description) => {
				const sent = bodyOf(session({ additionalFields: { description } }));
				expect(sent.description).toBe(description.trim() === '' ? undefined : description);
			}),
		);
	});

	it('may be anything of JSON, or are refused with the name of the parameter', () => {
		fc.assert(
			fc.property(json, (description) => {
				const sent = bodyOrMessage(session({ additionalFields: { description } }));
				if (typeof description === 'object' && description !== null)
					expect(sent).toMatch(/^Description must be text/);
				else if (description !== null && String(description).trim() !== '')
					expect(sent).toMatchObject({ description: String(description) });
			}),
		);
	});
});

describe('body properties', () => {
	it('are laid over what the fields gave, deep, and nothing else changes', () => {
		fc.assert(
			fc.property(object, fc.boolean(), (extra, asText) => {
				const options = { bodyProperties: asText ? JSON.stringify(extra) : extra };
				const fields = { description: 'Order' };
				const sent = bodyOf(session({ additionalFields: fields, options }));
				const expected = { amount: 5, currency: 'NGN', ...fields };
				for (const [name, value] of Object.entries(asRead(extra) as object))
					Object.defineProperty(expected, name, {
						...{ value, enumerable: true, configurable: true, writable: true },
					});
				expect(entriesOf(sent)).toEqual(entriesOf(expected));
				expect(Object.getPrototypeOf(sent)).toBe(Object.prototype);
			}),
			runs(500),
		);
	});

	it('join objects', () => {
		const options = { bodyProperties: '{"customer": {"phone": "1"}, "targetPrice": {"x": 1.10}}' };
		const sent = readWish(
			contextOf({
				...{ resource: 'subscriptionCheckout', operation: 'create', billingMode: 'METERED' },
				...{ targetAmount: '5', targetCurrency: 'NGN', customerEmail: 'a@b.co', options },
			}),
			0,
			findOperation,
		).call.body;
		expect(writeJson(sent)).toBe(
			'{"billingMode":"METERED","targetPrice":{"targetAmount":"5","targetCurrency":"NGN","x":1.10},"customer":{"email":"a@b.co","phone":"1"}}',
		);
	});

	it.each([
		['[1]', 'a list'],
		['5', '"5"'],
		['"a"', '"a"'],
		['null', '"null"'],
	])('%s is refused as what it is', (bodyProperties, what) => {
		expect(bodyOrMessage(session({ options: { bodyProperties } }))).toBe(
			`Body Properties must be a JSON object, but it is ${what}`,
		);
	});
});

describe('query parameters', () => {
	const queryOf = (queryParameters: unknown) =>
		readWish(
			contextOf({
				...{ resource: 'transaction', operation: 'getAll' },
				options: { queryParameters },
			}),
			0,
			findOperation,
		).call.query;

	it('go out as text, objects and lists of lists as JSON with every digit', () => {
		expect(
			queryOf('{"a": 0.10, "b": [1, "x"], "c": {"min": 1e21}, "d": [[12345678901234567890]]}'),
		).toEqual({ a: '0.10', b: ['1', 'x'], c: '{"min":1e21}', d: ['[12345678901234567890]'] });
	});

	it('of any name arrive by that name', () => {
		fc.assert(
			fc.property(fc.dictionary(key, fc.string()), (query) =>
				expect(entriesOf(queryOf(query) ?? {})).toEqual(entriesOf(query)),
			),
		);
	});
});

describe('invoice items', () => {
	const invoice = (more: Parameters) => ({
		...{ resource: 'invoice', operation: 'create' },
		...{ customerName: 'Ada', customerEmail: 'ada@example.com' },
		...more,
	});
	const asJson = (itemsJson: unknown) => invoice({ itemsSource: 'json', itemsJson });
	const asRows = (item: unknown) => invoice({ itemsSource: 'fields', items: { item } });
	const row = fc.record({
		description: fc.string(),
		quantity: fc.oneof(fc.nat(), fc.nat().map(String), fc.constantFrom('0.5', '-1', 'two')),
		unitPrice: fc.oneof(fc.nat(), fc.nat().map(String), fc.constantFrom('0.10', '-1', '')),
		currency: fc.constantFrom('NGN', 'USDT', ''),
	});

	it.each([
		['as rows', asRows],
		['as JSON', asJson],
	])('%s go out whole, or the row and field are named', (_how, fill) => {
		fc.assert(
			fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
				const sent = bodyOrMessage(fill(rows));
				if (typeof sent === 'string') {
					expect(sent).toMatch(
						/^Items( \(JSON\))?( is empty|, row \d+( has no (Description|Currency)|: (Quantity|Unit Price) ))/,
					);
					return;
				}
				expect(sent.items).toEqual(
					rows.map((given) => ({
						...given,
						quantity: Number(given.quantity),
						unitPrice: Number(given.unitPrice),
					})),
				);
			}),
		);
	});

	it('as JSON keep what this node does not know, whatever it is', () => {
		fc.assert(
			fc.property(object, (others) => {
				const given = { ...others, description: 'Shirt', quantity: 1, unitPrice: 2 };
				const [sent] = bodyOf(asJson(JSON.stringify([given]))).items as object[];
				expect(entriesOf(sent)).toEqual(entriesOf(asRead(given) as object));
			}),
			runs(300),
		);
	});

	it.each([
		[asJson('{"description": "Shirt"}'), 'Items (JSON) must be a list'],
		[asJson('[5]'), 'Items (JSON), row 1 must be an object'],
		[
			asJson('[{"description": "Shirt", "quantity": [5], "unitPrice": 1}]'),
			'Items (JSON), row 1: Quantity must be a number, but it is a list',
		],
		[
			asJson('[{"description": "A", "description": "B", "quantity": 5, "unitPrice": 1}]'),
			'Items (JSON) is not valid JSON: Duplicate key',
		],
		[invoice({ itemsSource: 'fields', items: 'Shirt' }), 'Items must be a list'],
		[invoice({ itemsSource: 'fields', items: { rows: [] } }), 'Items must be rows'],
		[asRows([]), 'Items is empty'],
	])('%# are refused: %p', (parameters, message) =>
		expect(bodyOrMessage(parameters)).toMatch(new RegExp(`^${message.replace(/[()]/g, '\\$&')}`)),
	);

	it('a description that is a number is text', () => {
		const { items } = bodyOf(asJson('[{"description": 501, "quantity": 1, "unitPrice": 0}]'));
		expect(items).toEqual([{ description: '501', quantity: 1, unitPrice: 0 }]);
	});
});

describe('headers', () => {
	it('an idempotency key is visible ASCII or refused: nothing can follow it', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'binary' }), (idempotencyKey) => {
				try {
					const { call } = readWish(
						contextOf(session({ options: { idempotencyKey } })),
						0,
						findOperation,
					);
					expect(call.idempotencyKey).toMatch(/^[\x20-\x7e]+$/);
					if (idempotencyKey.trim() !== '') expect(call.idempotencyKey).toBe(idempotencyKey.trim());
				} catch (error) {
					expect((error as Error).message).toMatch(/^Idempotency Key /);
				}
			}),
		);
	});
});

it('a timeout beyond what timers take is the longest one, and not none at all', () => {
	const { call } = readWish(contextOf(session({ options: { timeout: 9e9 } })), 0, findOperation);
	expect(call.timeout).toBe(2 ** 31 - 1);
});

it('several statuses may come as one text', () => {
	const { controls } = readWish(
		contextOf({
			...{ resource: 'checkoutSession', operation: 'waitForUpdate', sessionId: 'cs_1' },
			...{ waitFor: 'statuses', statuses: 'completed, Failed', timeout: 5 },
		}),
		0,
		findOperation,
	);
	expect(controls.statuses).toEqual(['COMPLETED', 'FAILED']);
});

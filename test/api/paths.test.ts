import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import fc, { runs } from '../support/fc';
import { connectionOf, urlFor } from '../../nodes/KuvarPay/api/connection';
import { endpoints } from '../../nodes/KuvarPay/api/endpoints';
import { InputError } from '../../nodes/KuvarPay/api/errors';
import { pathFor } from '../../nodes/KuvarPay/api/routes';

const base = new URL('https://pay.example/proxy/');

/** The address, or the message of the refusal. */
function addressOf(template: string, ids: Record<string, string>): URL | string {
	try {
		return new URL(urlFor(base, pathFor(template, ids)));
	} catch (error) {
		expect(error).toBeInstanceOf(InputError);
		return (error as Error).message;
	}
}

const id = fc.oneof(
	fc.string(),
	fc.string({ unit: 'binary' }),
	fc.constantFrom(
		'.',
		'..',
		'%2e%2e',
		'../..',
		'//evil.example',
		'?a=b',
		'#x',
		'\\',
		'a/b',
		'@',
		'é',
	),
);
const names = Object.values(endpoints).flatMap(({ path }) => path.match(/(?<={)\w+/g) ?? []);

it('any ID fills its place and no other, or is refused by name', () => {
	fc.assert(
		fc.property(fc.constantFrom(...new Set(names)), id, (name, value) => {
			const address = addressOf(`/api/v1/a/{${name}}/b`, { [name]: value });
			if (typeof address === 'string') {
				expect(address).toContain(name.replace(/Id$/, ' ID').replace(/^./, (c) => c.toUpperCase()));
				const lawful = /^[\w-]{1,512}$/.test(value);
				expect(lawful).toBe(false);
				return;
			}
			expect(address.origin).toBe(base.origin);
			expect([address.search, address.hash]).toEqual(['', '']);
			const steps = address.pathname.split('/');
			expect(steps).toHaveLength(7);
			expect([...steps.slice(0, 5), steps[6]].join('/')).toBe('/proxy/api/v1/a/b');
			expect(decodeURIComponent(steps[5])).toBe(value);
		}),
		runs(1000),
	);
});

it('any path override stays on the server, below the base path, or is refused', () => {
	const piece = fc.constantFrom(
		'/',
		'..',
		'.',
		'\\',
		'%2e',
		'@',
		':',
		'?',
		'#',
		'a',
		'//',
		'\n',
		' ',
	);
	const template = fc.oneof(
		fc.string(),
		fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
		fc.webUrl(),
	);
	fc.assert(
		fc.property(template, (path) => {
			const address = addressOf(path, {});
			if (typeof address === 'string') {
				expect(address).toMatch(/^Path Override/);
				return;
			}
			expect(address.origin).toBe(base.origin);
			expect(address.username + address.password).toBe('');
			expect(address.pathname.startsWith('/proxy/')).toBe(true);
		}),
		runs(2000),
	);
});

it.each(['constructor', '__proto__', 'toString', 'planId'])(
	'a path override with {%s} is refused where there is no such ID',
	(name) =>
		expect(addressOf(`/api/{${name}}`, { sessionId: 'cs_1' })).toBe(
			`Path Override "/api/{${name}}" has {${name}}, which this operation does not have`,
		),
);

/** An address holds no half of a character. */
const whole = (text: string) => Buffer.from(text).toString();

it('any query arrives as it is', () => {
	fc.assert(
		fc.property(
			fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.array(fc.string(), { minLength: 1 }))),
			(query) => {
				const { searchParams, origin, pathname } = new URL(urlFor(base, '/a', query));
				expect(origin + pathname).toBe('https://pay.example/proxy/a');
				for (const [name, value] of Object.entries(query)) {
					const values = [value].flat().map(whole);
					expect(searchParams.getAll(whole(name))).toEqual(expect.arrayContaining(values));
				}
			},
		),
	);
});

describe('the credential', () => {
	const open = (fields: Record<string, unknown>) =>
		connectionOf({
			baseUrl: 'https://pay.example',
			businessBaseUrl: 'https://biz.example',
			...(fields as ICredentialDataDecryptedObject),
		});
	const secret = fc.string({ minLength: 4 }).filter((text) => !'***'.includes(text[0]));

	it('its secrets are taken out of any text', () => {
		// What is pasted with blanks around it is sent without them.
		const pasted = secret.map((text) => text.trim()).filter(({ length }) => length > 3);
		fc.assert(
			fc.property(pasted, pasted, fc.array(fc.string()), (apiKey, other, texts) => {
				// One secret may be a part of the other.
				for (const webhookSecret of [other, `${apiKey}-${other}`]) {
					const { redact } = open({ apiKey, webhookSecret });
					const clean = redact(texts.flatMap((text) => [text, apiKey, webhookSecret]).join('\n\n'));
					expect(clean).not.toContain(apiKey);
					expect(clean).not.toContain(webhookSecret);
					expect(redact(webhookSecret)).toBe('***');
				}
			}),
		);
	});

	it.each([
		'http://pay.example',
		'http://127.0.0.1.evil.example',
		'http://localhost.evil.example',
		'ftp://pay.example',
		'javascript:alert(1)',
		'https://user:pass@pay.example',
		'https://pay.example/?a=b',
		'pay.example',
		'',
		undefined,
	])('the base URL %p is refused', (baseUrl) =>
		expect(() => open({ baseUrl })).toThrow(/^Base URL in the KuvarPay credential/),
	);

	it.each(['http://localhost:4000', 'http://127.0.0.1', 'http://[::1]:9', 'https://pay.example/x'])(
		'the base URL %s is taken',
		(baseUrl) => {
			expect(open({ baseUrl }).hosts.payments.href).toBe(new URL(baseUrl).href);
		},
	);
});

import { createHmac } from 'node:crypto';
import { readDelivery, type WebhookRequest } from '../../nodes/KuvarPay/webhook/delivery';

const SECRET = 'whs_test';
const EVENT = 'payment.completed';
const hmac = (raw: string | Buffer, secret = SECRET) =>
	createHmac('sha256', secret).update(raw).digest('hex');

/** What KuvarPay sends; headers given as undefined are left out. */
const read = (raw: string | Buffer, headers: WebhookRequest['headers'] = {}) =>
	readDelivery(
		{
			rawBody: Buffer.from(raw),
			headers: {
				'x-kuvarpay-signature': `sha256=${hmac(raw)}`,
				'x-kuvarpay-event': EVENT,
				'x-kuvarpay-delivery': 'd1',
				...headers,
			},
		},
		SECRET,
	);

const refused = (status: number, reason: string) => ({ status, reason, hint: expect.any(String) });
const UNSIGNED = refused(401, 'The signature is missing or wrong');

describe('a delivery', () => {
	it('is read with what identifies it, without what proves it', () => {
		const raw = `{"event":"${EVENT}","n":1}`;
		const more = { Authorization: 'Basic x', cookie: 'y', 'user-agent': 'KuvarPay' };
		expect(read(raw, more)).toEqual({
			event: EVENT,
			deliveryId: 'd1',
			signature: hmac(raw),
			body: { event: EVENT, n: 1 },
			headers: {
				'x-kuvarpay-event': EVENT,
				'x-kuvarpay-delivery': 'd1',
				'user-agent': 'KuvarPay',
			},
		});
	});

	it.each([
		['in capitals', `SHA256=${hmac('{}').toUpperCase()}`],
		['with spaces around it', ` sha256=${hmac('{}')} `],
		['that came twice', [`sha256=${hmac('{}')}`, 'other']],
	])('is taken with a signature %s', (_how, signature) => {
		expect(read('{}', { 'x-kuvarpay-signature': signature })).toMatchObject({ event: EVENT });
	});

	it.each([
		['none', undefined],
		['an empty one', ''],
		['one of another secret', `sha256=${hmac('{}', 'other')}`],
		['one of another body', `sha256=${hmac('[]')}`],
		['one without its algorithm', hmac('{}')],
		['another algorithm', `sha512=${hmac('{}')}`],
		['a cut one', `sha256=${hmac('{}').slice(1)}`],
		['a lengthened one', `sha256=${hmac('{}')}0`],
		['one with something before it', `x sha256=${hmac('{}')}`],
		['one that is not hexadecimal', `sha256=${'g'.repeat(64)}`],
	])('is refused with %s as signature', (_what, signature) => {
		expect(read('{}', { 'x-kuvarpay-signature': signature })).toEqual(UNSIGNED);
	});

	it('is refused without its bytes, whatever it is signed with', () => {
		const headers = { 'x-kuvarpay-signature': `sha256=${hmac('')}`, 'x-kuvarpay-event': EVENT };
		expect(readDelivery({ headers }, SECRET)).toEqual(UNSIGNED);
	});

	it('is refused over 1 MB, before anything is computed of it', () => {
		const filled = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
		const unsigned = { 'x-kuvarpay-signature': undefined };
		expect(read(filled(1024 * 1024))).toMatchObject({ event: EVENT });
		expect(read(filled(1024 * 1024 + 1), unsigned)).toEqual(
			refused(413, 'The body is larger than 1 MB'),
		);
	});

	it.each(['not json', '', 'null', '42', '"text"', '[{}]'])(
		'is refused with the body %j',
		(raw) => {
			expect(read(raw)).toEqual(refused(400, 'The body is not a JSON object'));
		},
	);

	it('is refused when its event cannot be known', () => {
		expect(read('{}', { 'x-kuvarpay-event': '' })).toEqual(refused(400, 'The event has no name'));
	});

	it('is identified by nothing when its ID is empty', () => {
		expect(read('{}', { 'x-kuvarpay-delivery': '' })).toHaveProperty('deliveryId', undefined);
	});

	it.each([undefined, '', `sha256=${hmac('{}', 'other')}`])(
		'tells no reader of the log what the secret or the signature is (%j given)',
		(signature) => {
			const told = JSON.stringify(read('{}', { 'x-kuvarpay-signature': signature }));
			expect(told).not.toContain(SECRET);
			expect(told).not.toContain(hmac('{}'));
		},
	);
});

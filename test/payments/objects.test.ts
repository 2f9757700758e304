import {
	createdAt,
	idOf,
	isSignOfLife,
	isToken,
	objectIn,
	objectOf,
	sessionIdOf,
	tokenOf,
	updatedAt,
} from '../../nodes/KuvarPay/payments/objects';
import { sources } from '../../nodes/KuvarPay/payments/sources';
import { isFinal, statusOf } from '../../nodes/KuvarPay/payments/statuses';

const { checkoutSession, transaction, subscription } = sources;

describe('the ID of an object', () => {
	it.each([
		[{ id: 'a' }, 'a'],
		[{ uid: 'a' }, 'a'],
		[{ uuid: 'a' }, 'a'],
		[{ _id: 'a' }, 'a'],
		[{ transactionId: 'a', id: 7 }, 'a'],
		[{ transaction_id: 'a' }, 'a'],
		[{ id: 7 }, '7'],
		[{ id: '  ', uid: 'a' }, 'a'],
		[{ id: null, uid: 'a' }, 'a'],
		[{ reference: 'a' }, undefined],
	])('in %j', (object, id) => {
		expect(idOf(transaction, object)).toBe(id);
	});

	it('is that of its own kind', () => {
		const object = { sessionId: 's', transactionId: 't', subscriptionId: 'u' };
		expect(idOf(checkoutSession, object)).toBe('s');
		expect(idOf(transaction, object)).toBe('t');
		expect(idOf(subscription, object)).toBe('u');
	});
});

describe('the object in an event', () => {
	const found = (payload: unknown, source = transaction, id = 't') =>
		objectIn(source, payload, id)?.n;

	it.each([
		['flat', { id: 't', status: 'PENDING', n: 1 }],
		['enveloped', { success: true, data: { id: 't', status: 'PENDING', n: 1 } }],
		['below its name', { transaction: { id: 't', status: 'PENDING', n: 1 } }],
		['below both', { data: { transaction: { uid: 't', status: 'pending', n: 1 } } }],
		['below payload', { event: 'x', payload: { transactionId: 't', status: 'PENDING', n: 1 } }],
		['beside an ID of the event', { id: 'evt_1', transactionId: 't', status: 'PENDING', n: 1 }],
		['without any ID', { status: 'PENDING', n: 1 }],
		[
			'without any ID in an envelope that has a status',
			{ status: 'success', data: { status: 'PENDING', n: 1 } },
		],
		[
			'in an envelope that has another ID',
			{ id: 'evt_1', status: 'SENT', data: { id: 't', status: 'PENDING', n: 1 } },
		],
	])('%s', (_how, payload) => {
		expect(found(payload)).toBe(1);
	});

	it.each(['PAYMENT_ERROR', 'ERROR_OF_CUSTOMER', 'PENDING'])(
		'may have no ID where one object can be meant (%s)',
		(status) => {
			expect(found({ status, n: 1 })).toBe(1);
		},
	);

	it('may be four floors down', () => {
		const payload = { data: { data: { data: { data: { id: 't', status: 'PENDING', n: 1 } } } } };
		expect(found(payload)).toBe(1);
	});

	it.each([
		['nothing', null],
		['a text', 'PENDING'],
		['a list', [{ id: 't', status: 'PENDING', n: 1 }]],
		['a greeting', { status: 'connected', n: 1 }],
		['an object without a status', { id: 't', n: 1 }],
		['a status that is none', { id: 't', status: { a: 1 }, n: 1 }],
		['another one', { id: 'u', status: 'PENDING', n: 1 }],
		[
			'one too deep',
			{ data: { data: { data: { data: { data: { id: 't', status: 'PENDING', n: 1 } } } } } },
		],
		['the prototype', JSON.parse('{"__proto__": {"status": "PENDING", "n": 1}}')],
	])('is not found in %s', (_what, payload) => {
		expect(found(payload)).toBeUndefined();
	});

	it('is the session and not a transaction in it', () => {
		const payload = {
			data: {
				sessionId: 's',
				status: 'PENDING',
				n: 1,
				transaction: { id: 't', checkoutSessionId: 's', status: 'PROCESSING', n: 2 },
			},
		};
		expect(objectIn(checkoutSession, payload, 's')?.n).toBe(1);
		expect(objectIn(transaction, payload, 't')?.n).toBe(2);
	});
});

it('takes the object of an answer out of what is around it', () => {
	expect(objectOf(checkoutSession, { sessionId: 's', status: 'x' })).toEqual({
		sessionId: 's',
		status: 'x',
	});
	expect(objectOf(checkoutSession, { session: { sessionId: 's', status: 'x' } })).toEqual({
		sessionId: 's',
		status: 'x',
	});
	const outer = { status: 'x', data: { sessionId: 's', status: 'y' } };
	expect(objectOf(checkoutSession, outer)).toEqual(outer);
	expect(objectOf(checkoutSession, { n: 1 })).toEqual({ n: 1 });
	expect(() => objectOf(checkoutSession, [])).toThrow('carries no object');
});

it.each([
	['connected', undefined, true],
	['heartbeat', { at: 5 }, true],
	['Ping', undefined, true],
	['keep-alive', undefined, true],
	['message', { type: 'connected' }, true],
	['message', { message: 'Connected to the stream' }, true],
	['message', {}, true],
	['message', null, true],
	['message', '', true],
	['message', undefined, false],
	['message', { type: 'changed' }, false],
	['payment_changed', [], false],
	['disconnected', undefined, false],
	['payment_open', undefined, false],
	['hi', undefined, true],
	['history', undefined, false],
	['message', { type: 7 }, false],
])('an event %s with %j is a sign of life: %s', (name, payload, is) => {
	expect(isSignOfLife(name, payload)).toBe(is);
});

describe('times', () => {
	const now = Date.parse('2026-11-21T12:00:00Z');
	it.each([
		['2026-11-21T11:00:00Z', now - 3_600_000],
		['2026-11-21T12:00:00+01:00', now - 3_600_000],
		[now / 1000, now],
		[now, now],
		[String(now / 1000), now],
		['2026-11-22T12:00:00Z', now + 86_400_000],
		['2026-11-22T12:00:01Z', undefined],
		['2099-01-01T00:00:00Z', undefined],
		['yesterday', undefined],
		[0, undefined],
		[{}, undefined],
		[null, undefined],
	])('%j', (value, time) => {
		expect(updatedAt({ updatedAt: value as string }, now)).toBe(time);
		expect(createdAt({ created_at: value as string }, now)).toBe(time);
	});

	it('of the change and of the making are told apart', () => {
		const object = { createdAt: now - 2, updated_at: now - 1 };
		expect([createdAt(object, now), updatedAt(object, now)]).toEqual([now - 2, now - 1]);
	});
});

it.each([
	[{ authToken: 'a.b-c_d~e+/=' }, 'a.b-c_d~e+/='],
	[{ auth_token: 'a' }, 'a'],
	[{ authToken: 'a b' }, undefined],
	[{ authToken: 'a\r\nb: c' }, undefined],
	[{}, undefined],
])('the token of a session %j', (session, token) => {
	expect(tokenOf(session)).toBe(token);
	expect(isToken('a=b')).toBe(false);
});

it.each([
	[{ id: 't', checkoutSessionId: 's' }, 's'],
	[{ id: 't', session_id: 's' }, 's'],
	[{ id: 't' }, undefined],
])('the session of a transaction %j', (object, id) => {
	expect(sessionIdOf(object)).toBe(id);
});

it('reads statuses in any case, and knows the ends', () => {
	expect(statusOf({ status: ' completed ' })).toBe('COMPLETED');
	expect(statusOf({ status: 5 })).toBe('');
	expect(statusOf({})).toBe('');
	for (const status of ['COMPLETED', 'EXPIRED', 'CANCELLED', 'CANCELED', 'FAILED', 'REFUNDED'])
		expect(isFinal(status)).toBe(true);
	for (const status of ['', 'PENDING', 'EXPIRED_WITH_PAYMENT_PROCESSING', 'PAST_DUE'])
		expect(isFinal(status)).toBe(false);
});

import { createdAt, sessionIdOf, tokenOf, updatedAt } from '../../nodes/KuvarPay/payments/objects';
import { sources, targetAt } from '../../nodes/KuvarPay/payments/sources';
import { isFinal, named, statusName, statusOf } from '../../nodes/KuvarPay/payments/statuses';
import { simplified } from '../../nodes/KuvarPay/payments/summaries';

describe('a status', () => {
	it('is named as people write it', () => {
		expect(statusName('PARTIAL_PAYMENT')).toBe('Partial Payment');
		expect(named(['PAST_DUE'])).toEqual([{ name: 'Past Due', value: 'PAST_DUE' }]);
	});

	it('is in capitals, however it is written, and none where it is no text', () => {
		expect(statusOf({ status: ' completed\n' })).toBe('COMPLETED');
		expect(statusOf({ status: 1 })).toBe('');
		expect(statusOf({})).toBe('');
	});

	it.each(['COMPLETED', 'EXPIRED', 'CANCELLED', 'CANCELED', 'FAILED', 'REFUNDED'])(
		'%s is an end',
		(status) => expect(isFinal(status)).toBe(true),
	);

	it.each(['PENDING', 'PROCESSING', 'EXPIRED_WITH_PAYMENT_PROCESSING', 'ACTIVE', ''])(
		'%j is none',
		(status) => expect(isFinal(status)).toBe(false),
	);
});

describe('a time', () => {
	const now = Date.parse('2026-11-21T12:00:00Z');
	const made = Date.parse('2026-11-21T11:59:00Z');
	it.each([
		'2026-11-21T11:59:00Z',
		'2026-11-21T12:59:00+01:00',
		made,
		made / 1000,
		String(made),
		String(made / 1000),
	])('is read as %j', (createdAtAs) => {
		expect(createdAt({ createdAt: createdAtAs }, now)).toBe(made);
		expect(updatedAt({ updated_at: createdAtAs }, now)).toBe(made);
	});

	it.each([null, '', 'soon', {}, true, 0, -1])('is none as %j', (value) => {
		expect(createdAt({ createdAt: value as never }, now)).toBeUndefined();
	});

	it('under another name counts where the first is empty', () => {
		expect(createdAt({ createdAt: null, created: made }, now)).toBe(made);
	});

	it('is none when it has not come yet, but for the zones of the world', () => {
		const hour = 3_600_000;
		expect(createdAt({ createdAt: now + 23 * hour }, now)).toBe(now + 23 * hour);
		expect(createdAt({ createdAt: now + 25 * hour }, now)).toBeUndefined();
	});
});

describe('the session of a transaction', () => {
	it('is told under any of its names, and not by the ID of the transaction', () => {
		expect(sessionIdOf({ id: 't', checkoutSessionId: 's' })).toBe('s');
		expect(sessionIdOf({ id: 't', uid: 'u' })).toBeUndefined();
		expect(sessionIdOf({ session_id: 7 })).toBe('7');
	});

	it('has a token only where that can be one', () => {
		expect(tokenOf({ authToken: 'eyJ.a-b_c~d+e/f==' })).toBe('eyJ.a-b_c~d+e/f==');
		for (const authToken of ['a b', 'a\r\nX: y', '=a', '', undefined])
			expect(tokenOf({ authToken })).toBeUndefined();
	});
});

it('an object in short keeps its ID under whichever name it has', () => {
	const keep = ['id', 'status', 'amount'];
	expect(simplified({ uid: 'u', status: 'A', amount: 1, more: 2 }, keep)).toEqual({
		...{ uid: 'u', status: 'A', amount: 1 },
	});
	expect(simplified({ id: 'i', uid: 'u', transactionId: 't' }, keep)).toEqual({ id: 'i' });
	expect(simplified({ transactionId: 't', amount: undefined }, keep)).toEqual({
		transactionId: 't',
		amount: undefined,
	});
});

describe('what is asked for an object', () => {
	it('is its own place, or the one that the user has set', () => {
		const pathOf = (...asked: Parameters<typeof targetAt>) => targetAt(...asked).routes[0].path;
		const own = { ...sources.transaction, paths: { rest: '/v2/{transactionId}', list: '/v2' } };
		expect(pathOf(sources.transaction, 'rest', 'a/b')).toBe('/api/v1/transactions/a%2Fb');
		expect(pathOf(own, 'rest', 'a')).toBe('/v2/a');
		expect(pathOf(own, 'list')).toBe('/v2');
		expect(pathOf(own, 'stream', 'a')).toBe('/api/v1/sse/transaction/a');
		// Nothing is known of what comes back from there, so nothing is learned of it.
		expect(targetAt(own, 'list').id).toBeUndefined();
	});
});

import { eventOf } from '../../nodes/KuvarPay/webhook/events';

const completed = 'checkout_session.completed';

describe('the name of an event', () => {
	it.each([
		['the header alone', {}, completed, completed],
		['event of the body alone', { event: completed }, undefined, completed],
		['eventType of the body alone', { eventType: completed }, undefined, completed],
		['type of the body alone', { type: completed }, undefined, completed],
		['type of the body, if nothing else is there', { type: 'crypto' }, undefined, 'crypto'],
		['event before eventType', { event: 'a.b', eventType: 'c.d' }, undefined, 'a.b'],
		['eventType before type', { eventType: 'a.b', type: 'c.d' }, undefined, 'a.b'],
		['both, when they are equal', { event: completed }, completed, completed],
		[
			'the header beside what is no text',
			{ event: 7, eventType: null, type: {} },
			completed,
			completed,
		],
		['the header beside empty texts', { event: '', eventType: '', type: '' }, completed, completed],
	])('is taken from %s', (_from, body, header, event) => {
		expect(eventOf(body as never, header)).toBe(event);
	});

	it.each([
		['a type that is no event', { type: 'crypto' }],
		['a short form', { event: 'completed' }],
		['another spelling', { event: 'CHECKOUT_SESSION_COMPLETED' }],
		['camel case', { event: 'checkoutSessionCompleted' }],
		['a part', { event: 'session.completed' }],
		['what it is about', { type: 'checkout.session' }],
	])('is the one in the header when the body has %s', (_what, body) => {
		expect(eventOf(body, completed)).toBe(completed);
	});

	it('is the signed one when that says more than the header', () => {
		expect(eventOf({ event: 'invoice.paid.reversed' }, 'invoice.paid')).toBe(
			'invoice.paid.reversed',
		);
	});

	it.each([
		['checkout_session.expired', { event: 'checkout_session.expired' }],
		['expired', { eventType: 'expired' }],
		['checkout_session.expired', { type: 'checkout_session.expired' }],
		['checkout_session.expired', { event: 'checkout_session.expired', type: completed }],
	])('is refused when the signed %s contradicts the header: %j', (signed, body) => {
		expect(eventOf(body, completed)).toEqual({
			status: 400,
			reason: `The signed body names the event "${signed}" and the header "${completed}"`,
			hint: expect.stringContaining('under another name'),
		});
	});

	it('is quoted in part when it is long, and on one line', () => {
		const { reason } = eventOf({ event: `a\n${'x'.repeat(100)}` }, 'b') as { reason: string };
		expect(reason).toContain(`"a\\n${'x'.repeat(58)}"`);
		expect(reason).not.toContain('x'.repeat(59));
	});

	it('is refused when it stands nowhere', () => {
		expect(eventOf({ event: '', data: {} }, undefined)).toEqual({
			status: 400,
			reason: 'The event has no name',
			hint: expect.stringContaining('X-KuvarPay-Event'),
		});
	});
});

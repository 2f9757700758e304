import { isWanted, webhookProperties } from '../../nodes/KuvarPay/triggers/webhook';

describe('which events start the workflow', () => {
	it.each([
		['any but the test, with nothing chosen', 'a.b', [], '', true],
		['not the test, with nothing chosen', 'webhook.test', [], ' , ', false],
		['the test, when it is chosen', 'webhook.test', ['webhook.test'], '', true],
		['the test, when it is a custom event', 'webhook.test', [], 'webhook.test', true],
		['what is chosen', 'a.b', ['c.d', 'a.b'], '', true],
		['nothing else', 'a.b', ['c.d'], 'e.f', false],
		['custom events, with spaces around them', 'a.b', [], 'e.f ,  a.b', true],
		['no part of a name', 'a.b', [], 'a.bc', false],
	])('%s', (_what, event, chosen, custom, wanted) => {
		expect(isWanted(event, chosen, custom)).toBe(wanted);
	});
});

describe("n8n's node panel", () => {
	const events = webhookProperties.find(({ name }) => name === 'events')!;
	const options = events.options as Array<Record<'name' | 'value' | 'action', string>>;

	it('lists what a property of this display name offers', () => {
		expect(events).toMatchObject({ displayName: 'Events', type: 'multiOptions', default: [] });
	});

	it('has words for each event', () => {
		expect(options.map(({ action }) => action)).toEqual([
			'On checkout cancelled',
			'On checkout completed',
			'On checkout expired',
			'On checkout failed',
			'On checkout payment received',
			'On invoice paid',
			'On payment completed',
			'On subscription created',
			'On webhook test',
		]);
	});

	it('sets the name that KuvarPay sends', () => {
		expect(options.map(({ value }) => value)).toEqual([
			'checkout_session.cancelled',
			'checkout_session.completed',
			'checkout_session.expired',
			'checkout_session.failed',
			'checkout_session.payment_received',
			'invoice.paid',
			'payment.completed',
			'subscription.created',
			'webhook.test',
		]);
	});
});

import type { INodeProperties } from 'n8n-workflow';

/** What KuvarPay sends to try an address out. */
export const TEST_EVENT = 'webhook.test';

export const webhookProperties: INodeProperties[] = [
	{
		displayName:
			'Copy the Production URL above into the KuvarPay dashboard under Webhooks, and the signing secret shown there into the credential as Webhook Secret',
		name: 'setupNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		default: [],
		description:
			'Start only at these events; with none chosen, at every event except Webhook Test. KuvarPay may have more than are listed.',
		// n8n's node panel lists the action of each, because the parameter is called Events. Documented
		// are checkout_session.completed and .failed, payment.completed and webhook.test (the guide's list
		// is cut there); a client handles checkout_session.expired and .payment_received; the other three
		// were only seen named.
		options: [
			{
				name: 'Checkout Cancelled',
				value: 'checkout_session.cancelled',
				action: 'On checkout cancelled',
				description: 'Called checkout_session.cancelled',
			},
			{
				name: 'Checkout Completed',
				value: 'checkout_session.completed',
				action: 'On checkout completed',
				description: 'Called checkout_session.completed',
			},
			{
				name: 'Checkout Expired',
				value: 'checkout_session.expired',
				action: 'On checkout expired',
				description: 'Called checkout_session.expired',
			},
			{
				name: 'Checkout Failed',
				value: 'checkout_session.failed',
				action: 'On checkout failed',
				description: 'Called checkout_session.failed',
			},
			{
				name: 'Checkout Payment Received',
				value: 'checkout_session.payment_received',
				action: 'On checkout payment received',
				description: 'Called checkout_session.payment_received',
			},
			{
				name: 'Invoice Paid',
				value: 'invoice.paid',
				action: 'On invoice paid',
				description: 'Called invoice.paid',
			},
			{
				name: 'Payment Completed',
				value: 'payment.completed',
				action: 'On payment completed',
				description: 'Called payment.completed',
			},
			{
				name: 'Subscription Created',
				value: 'subscription.created',
				action: 'On subscription created',
				description: 'Called subscription.created',
			},
			{
				name: 'Webhook Test',
				value: TEST_EVENT,
				action: 'On webhook test',
				description: `${TEST_EVENT}, sent from the dashboard`,
			},
		],
	},
	{
		displayName: 'Custom Events',
		name: 'customEvents',
		type: 'string',
		default: '',
		placeholder: 'e.g. subscription.renewed, invoice.overdue',
		description: 'Names of further events to start at, separated by commas',
	},
];

/** Whether an event is to start the workflow. */
export function isWanted(event: string, chosen: string[], custom: string): boolean {
	const wanted = [
		...chosen,
		...custom
			.split(',')
			.map((name) => name.trim())
			.filter(Boolean),
	];
	return wanted.length === 0 ? event !== TEST_EVENT : wanted.includes(event);
}

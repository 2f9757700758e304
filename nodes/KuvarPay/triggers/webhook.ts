import type { INodeProperties } from 'n8n-workflow';

/** What the dashboard's test button sends. */
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
		// The first five and the test are documented or seen in use; the others are probable.
		options: [
			{ name: 'Checkout Session Completed', value: 'checkout_session.completed' },
			{ name: 'Checkout Session Expired', value: 'checkout_session.expired' },
			{ name: 'Checkout Session Failed', value: 'checkout_session.failed' },
			{
				name: 'Checkout Session Payment Received',
				value: 'checkout_session.payment_received',
			},
			{ name: 'Invoice Paid', value: 'invoice.paid' },
			{ name: 'Payment Completed', value: 'payment.completed' },
			{ name: 'Subscription Created', value: 'subscription.created' },
			{ name: 'Webhook Test', value: TEST_EVENT },
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

import {
	currency,
	customerEmail,
	customerName,
	fromCurrency,
	fromNetwork,
	metadataRows,
	required,
} from './fields';
import type { Field, Resource } from './types';
import { amountNumber, zeroOrMore } from './values';

const sessionId: Field = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. cs_0f3a…',
	description: 'ID that Create Checkout Session returned',
	send: { in: 'path' },
};

/** What Simplify keeps of a checkout session. */
export const sessionSummary = [
	'sessionId',
	'status',
	'amount',
	'currency',
	'customerName',
	'customerEmail',
	'fromCurrency',
	'fromNetwork',
	'expiresAt',
	'updatedAt',
] as const;

export const checkoutSession: Resource = {
	value: 'checkoutSession',
	name: 'Checkout Session',
	operations: [
		{
			value: 'create',
			name: 'Create',
			action: 'Create checkout session',
			description: 'Start a payment: the customer picks the crypto currency and pays the amount',
			fields: [
				{
					displayName: 'Amount',
					name: 'amount',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. 25000',
					description: 'How much the customer owes, in the local currency below',
					send: { convert: amountNumber },
				},
				required(currency),
			],
			optional: [
				{
					displayName: 'Callback URL',
					name: 'callbackUrl',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://shop.example.com/hooks/kuvarpay',
					description: 'Web address that KuvarPay calls when this session changes',
				},
				customerEmail,
				customerName,
				{
					displayName: 'Description',
					name: 'description',
					type: 'string',
					default: '',
					placeholder: 'e.g. Order 1042',
					description: 'What the payment is for, shown to the customer',
				},
				fromCurrency,
				fromNetwork,
				metadataRows,
				{
					displayName: 'Payment Tolerance',
					name: 'paymentTolerance',
					type: 'string',
					default: '',
					placeholder: 'e.g. 2',
					description:
						'How far the paid amount may be off and still count as paid. KuvarPay does not say whether this is a percentage; its example is 2.',
					send: { convert: zeroOrMore },
				},
				{
					displayName: 'Redirect URL',
					name: 'redirectUrl',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://shop.example.com/thanks',
					description: 'Web address that the customer returns to after paying',
				},
				{
					displayName: 'Refund Address',
					name: 'refundAddress',
					type: 'string',
					default: '',
					placeholder: 'e.g. TQ5NMq…',
					description: 'Wallet address that a refund goes to',
				},
			],
		},
		{
			value: 'get',
			name: 'Get',
			action: 'Get checkout session',
			description: 'Read a checkout session with its transactions',
			fields: [sessionId],
			simplify: sessionSummary,
		},
	],
};

import {
	AMOUNT_AS_TEXT,
	cancelUrl,
	currency,
	description,
	metadataRows,
	required,
	successUrl,
} from '../operation/fields';
import type { Resource } from '../operation/types';
import { amountNumber, flag, zeroOrMore, type Convert } from '../operation/values';

/** Sent only when it is on: KuvarPay may not know the field, and links have one amount by default. */
const onOnly: Convert = (value, label, settings) => flag(value, label, settings) || undefined;

export const paymentLink: Resource = {
	value: 'paymentLink',
	name: 'Payment Link',
	operations: [
		{
			value: 'create',
			name: 'Create',
			action: 'Create payment link',
			description: 'Create a link to a payment page that any number of customers can pay on',
			fields: [
				{
					displayName: 'Title',
					name: 'title',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. Workshop ticket',
					description: 'What is paid for, as the heading of the payment page',
				},
				{
					displayName: 'Allow Custom Amount',
					name: 'allowCustomAmount',
					type: 'boolean',
					noDataExpression: true,
					default: false,
					description:
						'Whether customers choose themselves how much they pay, such as for a donation',
					send: { convert: onOnly },
				},
				{
					displayName: 'Amount',
					name: 'amount',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. 25000',
					description: 'How much each customer pays, in the local currency below',
					builderHint: AMOUNT_AS_TEXT,
					displayOptions: { show: { allowCustomAmount: [false] } },
					send: { convert: amountNumber },
				},
				required(currency),
			],
			optional: [
				cancelUrl,
				{ ...description, placeholder: 'e.g. One seat, 14 March' },
				{
					displayName: 'Expires At',
					name: 'expiresAt',
					type: 'dateTime',
					default: '',
					description: 'Until when the link can be paid on, in the time zone of the workflow',
				},
				{
					displayName: 'Max Amount',
					name: 'maxAmount',
					type: 'string',
					default: '',
					placeholder: 'e.g. 100000',
					description:
						'Most that a customer may pay, in the currency of the link. For custom amounts.',
					send: { convert: amountNumber },
				},
				metadataRows,
				{
					displayName: 'Min Amount',
					name: 'minAmount',
					type: 'string',
					default: '',
					placeholder: 'e.g. 500',
					description:
						'Least that a customer may pay, in the currency of the link. For custom amounts.',
					send: { convert: zeroOrMore },
				},
				{
					displayName: 'Notification Email',
					name: 'notificationEmail',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
					description: 'Who is told by email of each payment',
				},
				{
					displayName: 'Slug',
					name: 'slug',
					type: 'string',
					default: '',
					placeholder: 'e.g. workshop-ticket',
					description: 'Last part of the web address of the link',
				},
				successUrl,
			],
		},
	],
};

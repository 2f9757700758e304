import {
	AMOUNT_AS_TEXT,
	description,
	dueDate,
	metadataRows,
	picker,
	required,
	subscriptionId,
	subscriptionInvoiceId,
} from '../operation/fields';
import { named } from '../payments/statuses';
import type { Field, Resource } from '../operation/types';
import { amountText } from '../operation/values';

const amount: Field = {
	displayName: 'Amount',
	name: 'amount',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 12.50',
	description: 'How much is charged, in the currency of the subscription',
	builderHint: AMOUNT_AS_TEXT,
	send: { convert: amountText },
};

const due: Field = { ...dueDate, send: { as: 'due_date' } };

export const subscriptionInvoice: Resource = {
	value: 'subscriptionInvoice',
	name: 'Subscription Invoice',
	operations: [
		{
			value: 'create',
			name: 'Create',
			action: 'Create subscription invoice',
			description: 'Add an invoice to a subscription, such as for something extra',
			fields: [subscriptionId, amount],
			optional: [
				{ ...description, placeholder: 'e.g. Set-up', description: 'What is charged' },
				due,
				metadataRows,
			],
		},
		{
			value: 'createMetered',
			name: 'Create Metered',
			action: 'Create metered invoice',
			description: 'Charge a metered subscription for what was used, at once or at the due date',
			fields: [
				subscriptionId,
				{ ...amount, description: 'How much the usage costs, in the currency below' },
				required(
					picker(
						'currency',
						'Currency',
						'getFiatCurrencies',
						'Currency of the amount, such as NGN; for one that is not listed use an expression',
					),
				),
				{
					displayName: 'Usage Description',
					name: 'usageDescription',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. 1,250 API calls in January',
					description: 'What was used',
					send: { as: 'usage_description' },
				},
			],
			optional: [
				{
					displayName: 'Charge Schedule',
					name: 'chargeSchedule',
					type: 'options',
					default: 'immediate',
					description: 'When the charge is made',
					options: [
						{ name: 'Immediate', value: 'immediate' },
						{
							name: 'Scheduled',
							value: 'scheduled',
							description: 'At the due date, or 24 hours later if there is none',
						},
					],
					send: { as: 'charge_schedule' },
				},
				due,
				metadataRows,
			],
		},
		{
			value: 'get',
			name: 'Get',
			action: 'Get subscription invoice',
			description: 'Read one invoice of a subscription',
			fields: [subscriptionId, subscriptionInvoiceId],
		},
		{
			value: 'getChargeAttempts',
			name: 'Get Charge Attempts',
			action: 'Get charge attempts',
			description: 'List how often KuvarPay tried to charge an invoice, and how it went',
			fields: [subscriptionId, subscriptionInvoiceId],
			paged: true,
		},
		{
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many subscription invoices',
			description: 'List the invoices of a subscription',
			fields: [subscriptionId],
			paged: true,
			optional: [
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'OPEN',
					description: 'Only invoices with this status. Another one can be set by expression.',
					options: named(['DRAFT', 'OPEN', 'PAID', 'UNCOLLECTIBLE', 'VOID']),
				},
			],
		},
	],
};

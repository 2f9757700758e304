import {
	customerEmail,
	customerName,
	fromCurrency,
	fromNetwork,
	metadataRows,
	picker,
	required,
	toAmount,
	toCurrency,
	transactionId,
} from './fields';
import type { Field, Resource } from './types';
import { zeroOrMore } from './values';

/** What Simplify keeps of a transaction. */
export const transactionSummary = [
	'id',
	'reference',
	'status',
	'fromAmount',
	'fromCurrency',
	'fromNetwork',
	'toAmount',
	'toCurrency',
	'customerEmail',
	'updatedAt',
] as const;

/** Statuses that public material names. More may exist, so they are offered and never demanded. */
export const transactionStatuses = [
	'CANCELLED',
	'COMPLETED',
	'COMPLIANCE_HOLD',
	'EXCESS_PAYMENT',
	'EXPIRED',
	'FAILED',
	'PARTIAL_PAYMENT',
	'PENDING',
	'PROCESSING',
	'REFUNDED',
];

const target: Field[] = [required(fromCurrency), required(fromNetwork), toAmount, required(toCurrency)];

export const transaction: Resource = {
	value: 'transaction',
	name: 'Transaction',
	operations: [
		{
			value: 'calculateAmount',
			name: 'Calculate Amount',
			action: 'Calculate payment amount',
			description: 'Tell how much crypto a customer must pay so that you receive a local amount',
			fields: target,
		},
		{
			value: 'create',
			name: 'Create',
			action: 'Create transaction',
			description: 'Start a crypto payment with a deposit address for the customer',
			fields: [...target, required(customerEmail), required(customerName)],
			optional: [
				{
					displayName: 'Account Name',
					name: 'accountName',
					type: 'string',
					default: '',
					placeholder: 'e.g. Obi Stores Ltd',
					description: 'Name on the bank or mobile-money account that is paid out to',
				},
				{
					displayName: 'Account Number',
					name: 'accountNumber',
					type: 'string',
					default: '',
					placeholder: 'e.g. 0123456789',
					description: 'Number of the bank or mobile-money account that is paid out to',
				},
				{
					displayName: 'Bank Code',
					name: 'bankCode',
					type: 'string',
					default: '',
					placeholder: 'e.g. 058',
					description: 'Code of the bank that is paid out to',
				},
				{
					displayName: 'Callback URL',
					name: 'callbackUrl',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://shop.example.com/hooks/kuvarpay',
					description: 'Web address that KuvarPay calls when this transaction changes',
				},
				{
					displayName: 'Checkout Session ID',
					name: 'checkoutSessionId',
					type: 'string',
					default: '',
					placeholder: 'e.g. cs_0f3a…',
					description: 'Checkout session that this transaction pays',
				},
				{
					displayName: 'Description',
					name: 'description',
					type: 'string',
					default: '',
					placeholder: 'e.g. Order 1042',
					description: 'What the payment is for',
				},
				{
					displayName: 'External ID',
					name: 'externalId',
					type: 'string',
					default: '',
					placeholder: 'e.g. order-1042',
					description: 'Your own number for this payment',
				},
				{
					displayName: 'Is Mobile Money',
					name: 'isMobileMoney',
					type: 'boolean',
					default: true,
					description: 'Whether the account that is paid out to is a mobile-money account',
				},
				metadataRows,
				{
					displayName: 'Notes',
					name: 'notes',
					type: 'string',
					default: '',
					placeholder: 'e.g. Call before delivery',
					description: 'Notes for yourself',
				},
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
			action: 'Get transaction',
			description: 'Read one transaction with its status, amounts and deposit address',
			fields: [transactionId],
			simplify: transactionSummary,
		},
		{
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many transactions',
			description: 'List transactions, newest first as KuvarPay sorts them',
			paged: true,
			simplify: transactionSummary,
			optional: [
				{
					displayName: 'Checkout Session ID',
					name: 'checkoutSessionId',
					type: 'string',
					default: '',
					placeholder: 'e.g. cs_0f3a…',
					description: 'Only transactions of this checkout session',
				},
				picker('currency', 'Currency', 'getFiatCurrencies', 'Only transactions in this local currency'),
				{
					displayName: 'End Date',
					name: 'endDate',
					type: 'dateTime',
					default: '',
					description: 'Only transactions made before this moment',
				},
				{
					displayName: 'Start Date',
					name: 'startDate',
					type: 'dateTime',
					default: '',
					description: 'Only transactions made from this moment on',
				},
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'PENDING',
					description: 'Only transactions with this status. Another one can be set by expression.',
					options: transactionStatuses.map((value) => ({ name: statusName(value), value })),
				},
			],
		},
	],
};

/** `PARTIAL_PAYMENT` as people write it: Partial Payment. */
export function statusName(status: string): string {
	return status
		.split('_')
		.map((word) => word[0] + word.slice(1).toLowerCase())
		.join(' ');
}

import {
	AMOUNT_AS_TEXT,
	callbackUrl,
	currency,
	customerEmail,
	customerName,
	description,
	fromCurrency,
	fromNetwork,
	metadataRows,
	paymentTolerance,
	redirectUrl,
	refundAddress,
	required,
} from '../operation/fields';
import { sessionSummary } from '../payments/summaries';
import type { Field, Resource } from '../operation/types';
import { amountNumber } from '../operation/values';
import { waitForUpdate } from '../operation/waiting';

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
					builderHint: AMOUNT_AS_TEXT,
					send: { convert: amountNumber, spellings: { names: ['toAmount'] } },
				},
				{ ...required(currency), send: { spellings: { names: ['toCurrency'] } } },
			],
			optional: [
				callbackUrl,
				customerEmail,
				customerName,
				description,
				fromCurrency,
				fromNetwork,
				metadataRows,
				paymentTolerance,
				redirectUrl,
				refundAddress,
			],
		},
		{
			value: 'get',
			name: 'Get',
			action: 'Get checkout session',
			description:
				'Read a checkout session: status, amount, customer, and without Simplify its transactions',
			fields: [sessionId],
			simplify: sessionSummary,
		},
		waitForUpdate('checkoutSession', sessionId),
	],
};

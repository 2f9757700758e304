import type { INodeProperties } from 'n8n-workflow';
import type { Spellings } from '../api/spelling';
import type { Field } from './types';
import { amountNumber, email, metadata, zeroOrMore } from './values';

/** Fields that several resources share. */

/** For n8n's AI that builds workflows: what is most easily wrong. */
export const AMOUNT_AS_TEXT = {
	propertyHint:
		'A text, not a number, so that no digit is lost: "25000" or "12.50", in whole units of the currency and not in cents, without separators and currency signs.',
};

const EXPRESSION_HINT =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

interface Locator {
	name: string;
	displayName: string;
	description: string;
	placeholder: string;
	/** Method of methods/listSearch.ts. */
	search: string;
	/** Name of the locator that the list depends on. */
	within?: string;
}

/** An ID with a picker: From List with search, or By ID. */
const locator = ({ search, placeholder, within, ...field }: Locator): Field => ({
	...field,
	type: 'resourceLocator',
	...(within && { typeOptions: { loadOptionsDependsOn: [`${within}.value`] } }),
	default: { mode: 'list', value: '' },
	required: true,
	builderHint: { propertyHint: 'Use mode "id" for an ID from an earlier step.' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: search, searchable: true },
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder },
	],
	send: { in: 'path' },
});

export const transactionId = locator({
	name: 'transactionId',
	displayName: 'Transaction',
	description: 'The payment transaction',
	placeholder: 'e.g. trxn_123',
	search: 'searchTransactions',
});
export const planId = locator({
	name: 'planId',
	displayName: 'Plan',
	description: 'What customers subscribe to',
	placeholder: 'e.g. plan_2d6c48',
	search: 'searchPlans',
});
export const priceId = locator({
	name: 'priceId',
	displayName: 'Price',
	description: 'One of the prices of a plan',
	placeholder: 'e.g. price_4c1d9a',
	search: 'searchPrices',
});
export const subscriptionId = locator({
	name: 'subscriptionId',
	displayName: 'Subscription',
	description: 'The subscription of a customer',
	placeholder: 'e.g. sub_5f0c1e',
	search: 'searchSubscriptions',
});
export const subscriptionInvoiceId = locator({
	name: 'invoiceId',
	displayName: 'Invoice',
	description: 'An invoice of the subscription above',
	placeholder: 'e.g. sinv_19c7ab',
	search: 'searchSubscriptionInvoices',
	within: 'subscriptionId',
});

/** An ID that stands in the body of the request and not in its path. */
export const inBody = (field: Field, as = field.name, spellings?: Spellings): Field => ({
	...field,
	send: { in: 'body', as, spellings },
});

/** What the price is called where it is not `priceId`: the published name is `priceUid`. */
export const priceNames: Spellings = { names: ['priceUid', 'price_id'] };

/** A picker whose list comes from the API; takes any text by expression. */
export const picker = (
	name: string,
	displayName: string,
	loadOptionsMethod: string,
	about: string,
): Field => ({
	displayName: `${displayName} Name or ID`,
	name,
	type: 'options',
	typeOptions: { loadOptionsMethod },
	default: '',
	description: `${about}. ${EXPRESSION_HINT}.`,
});

export const required = (field: Field): Field => ({ ...field, required: true });

export const fromCurrency = picker(
	'fromCurrency',
	'From Currency',
	'getCryptoCurrencies',
	'Crypto currency that the customer pays with, such as USDT',
);
export const fromNetwork = picker(
	'fromNetwork',
	'From Network',
	'getNetworks',
	'Blockchain network that the customer pays on, such as TRON or BEP20',
);
export const toCurrency = picker(
	'toCurrency',
	'To Currency',
	'getFiatCurrencies',
	'Local currency that you receive, such as NGN',
);
export const currency = picker(
	'currency',
	'Currency',
	'getFiatCurrencies',
	'Local currency of the amount, such as NGN or KES',
);

export const toAmount: Field = {
	displayName: 'To Amount',
	name: 'toAmount',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 50000',
	description: 'How much you want to receive, in the local currency below',
	builderHint: AMOUNT_AS_TEXT,
	send: { convert: amountNumber, spellings: { names: ['amount'] } },
};

/** The only client of the current API nests what the documentation of the session has flat. */
const nested = (name: string) => ({ names: [`customer.${name}`] });

export const customerName: Field = {
	displayName: 'Customer Name',
	name: 'customerName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Ada Obi',
	description: 'Full name of the customer',
	send: { spellings: nested('name') },
};

export const customerEmail: Field = {
	displayName: 'Customer Email',
	name: 'customerEmail',
	type: 'string',
	default: '',
	placeholder: 'name@email.com',
	description: 'Email address of the customer',
	send: { convert: email, spellings: nested('email') },
};

export const metadataRows: Field = {
	displayName: 'Metadata',
	name: 'metadata',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	placeholder: 'Add Entry',
	description: 'Your own keys and values, kept with the object at KuvarPay',
	options: [
		{
			displayName: 'Entry',
			name: 'entry',
			values: [
				{
					displayName: 'Key',
					name: 'key',
					type: 'string',
					default: '',
					placeholder: 'e.g. orderNumber',
				},
				{
					displayName: 'Value',
					name: 'value',
					type: 'string',
					default: '',
					placeholder: 'e.g. 1042',
				},
			],
		},
	] as INodeProperties['options'],
	send: { convert: metadata },
};

export const description: Field = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	placeholder: 'e.g. Order 1042',
	description: 'What the payment is for',
};

export const callbackUrl: Field = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://shop.example.com/hooks/kuvarpay',
	description: 'Web address that KuvarPay calls when the status of the payment changes',
};

export const redirectUrl: Field = {
	displayName: 'Redirect URL',
	name: 'redirectUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://shop.example.com/thanks',
	description: 'Web address that the customer returns to after paying',
};

export const successUrl: Field = {
	...redirectUrl,
	displayName: 'Success URL',
	name: 'successUrl',
};

export const cancelUrl: Field = {
	displayName: 'Cancel URL',
	name: 'cancelUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://shop.example.com/cart',
	description: 'Web address that the customer returns to without paying',
};

export const refundAddress: Field = {
	displayName: 'Refund Address',
	name: 'refundAddress',
	type: 'string',
	default: '',
	placeholder: 'e.g. TQ5NMq…',
	description: 'Wallet address that a refund goes to',
};

export const paymentTolerance: Field = {
	displayName: 'Payment Tolerance',
	name: 'paymentTolerance',
	type: 'string',
	default: '',
	placeholder: 'e.g. 0.01',
	description:
		'How far the paid amount may be off and still count as paid. Probably a fraction: 0.01 is one percent, and 1 would take any amount. KuvarPay does not say so; try it with a small payment.',
	send: { convert: zeroOrMore },
};

export const dueDate: Field = {
	displayName: 'Due Date',
	name: 'dueDate',
	type: 'dateTime',
	default: '',
	description: 'Until when the invoice is to be paid, in the time zone of the workflow',
};

/** Why something is ended; for KuvarPay's records. */
export const reason: Field = {
	displayName: 'Reason',
	name: 'reason',
	type: 'string',
	default: '',
	placeholder: 'e.g. Customer asked',
	description: 'Why, for the records',
};

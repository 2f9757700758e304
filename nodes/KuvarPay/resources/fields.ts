import type { INodeProperties } from 'n8n-workflow';
import type { Field } from './types';
import { amountNumber, metadata } from './values';

/** Fields that several resources share. */

const EXPRESSION_HINT =
	'Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>';

interface Locator {
	name: string;
	displayName: string;
	description: string;
	placeholder: string;
	/** Method of methods/listSearch.ts. */
	search: string;
}

/** An ID with a picker: From List with search, or By ID. */
export const locator = ({ search, placeholder, ...field }: Locator): Field => ({
	...field,
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
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
	send: { convert: amountNumber },
};

export const customerName: Field = {
	displayName: 'Customer Name',
	name: 'customerName',
	type: 'string',
	default: '',
	placeholder: 'e.g. Ada Obi',
	description: 'Full name of the customer',
};

export const customerEmail: Field = {
	displayName: 'Customer Email',
	name: 'customerEmail',
	type: 'string',
	default: '',
	placeholder: 'name@email.com',
	description: 'Email address of the customer',
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
				{ displayName: 'Value', name: 'value', type: 'string', default: '', placeholder: 'e.g. 1042' },
			],
		},
	] as INodeProperties['options'],
	send: { convert: metadata },
};

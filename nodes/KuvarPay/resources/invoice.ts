import { InputError } from '../api/errors';
import { LosslessNumber, isPlainObject } from '../api/json';
import {
	AMOUNT_AS_TEXT,
	currency,
	customerEmail,
	customerName,
	dueDate,
	metadataRows,
	required,
} from '../operation/fields';
import type { Resource } from '../operation/types';
import { anyNumber, isEmpty, json, text, zeroOrMore, type Convert } from '../operation/values';

/** One invoice item as the API takes it. Fields that this node does not know pass through. */
const item = (row: unknown, place: string, settings: Parameters<Convert>[2]) => {
	if (!isPlainObject(row))
		throw new InputError(
			`${place} must be an object`,
			'Such as {"description": "Shirt", "quantity": 2, "unitPrice": 4500, "currency": "NGN"}.',
		);
	const { description, quantity, unitPrice, ...others } = row;
	if (isEmpty(description)) throw new InputError(`${place} has no Description`);
	return {
		description: text(description, `${place}: Description`, settings),
		quantity: anyNumber(digits(quantity), `${place}: Quantity`, settings),
		unitPrice: anyNumber(digits(unitPrice), `${place}: Unit Price`, settings),
		...others,
	};
};

/** A number out of user JSON as its digits. */
const digits = (value: unknown) => (value instanceof LosslessNumber ? value.value : value);

const list: Convert = (rows, label, settings) => {
	if (!Array.isArray(rows))
		throw new InputError(
			`${label} must be a list`,
			'Write it with square brackets, such as [{"description": "Shirt", "quantity": 2, "unitPrice": 4500}].',
		);
	if (rows.length === 0)
		throw new InputError(`${label} is empty`, 'An invoice needs at least one item.');
	return rows.map((row, index) => item(row, `${label}, row ${index + 1}`, settings));
};

const itemRows: Convert = (value, label, settings) => {
	const { item: rows = [], ...others } = isPlainObject(value) ? value : { item: value };
	if (Object.keys(others).length > 0)
		throw new InputError(`${label} must be rows`, 'Or set Items Source to JSON.');
	if (Array.isArray(rows))
		rows.forEach((row: unknown, index) => {
			if (isPlainObject(row) && isEmpty(row.currency))
				throw new InputError(`${label}, row ${index + 1} has no Currency`);
		});
	return list(rows, label, settings);
};

const itemsOfJson: Convert = (value, label, settings) =>
	list(json(value, label, settings), label, settings);

export const invoice: Resource = {
	value: 'invoice',
	name: 'Invoice',
	operations: [
		{
			value: 'create',
			name: 'Create',
			action: 'Create invoice',
			description: 'Create an invoice with a web page where the customer can pay it',
			fields: [
				required(customerName),
				required(customerEmail),
				{
					displayName: 'Items Source',
					name: 'itemsSource',
					type: 'options',
					default: 'fields',
					description: 'How the items of the invoice are given',
					options: [
						{ name: 'Fields Below', value: 'fields', description: 'One row for each item' },
						{ name: 'JSON', value: 'json', description: 'One list, usually from an expression' },
					],
					send: false,
				},
				{
					displayName: 'Items',
					name: 'items',
					type: 'fixedCollection',
					typeOptions: { multipleValues: true },
					default: {},
					required: true,
					placeholder: 'Add Item',
					description: 'What the customer is charged for',
					displayOptions: { show: { itemsSource: ['fields'] } },
					options: [
						{
							displayName: 'Item',
							name: 'item',
							values: [
								{
									displayName: 'Description',
									name: 'description',
									type: 'string',
									default: '',
									required: true,
									placeholder: 'e.g. Cotton shirt, blue',
									description: 'What is sold',
								},
								{
									displayName: 'Quantity',
									name: 'quantity',
									type: 'string',
									default: '1',
									required: true,
									placeholder: 'e.g. 2',
									description: 'How many are sold',
								},
								{
									displayName: 'Unit Price',
									name: 'unitPrice',
									type: 'string',
									default: '',
									required: true,
									placeholder: 'e.g. 4500',
									description: 'Price of one, in the currency of this item',
									builderHint: AMOUNT_AS_TEXT,
								},
								required(currency),
							],
						},
					],
					send: { convert: itemRows },
				},
				{
					displayName: 'Items (JSON)',
					name: 'itemsJson',
					type: 'json',
					default: '[]',
					required: true,
					description:
						'List of items, each with description, quantity, unitPrice and currency. Further fields are sent as they are.',
					displayOptions: { show: { itemsSource: ['json'] } },
					send: { as: 'items', convert: itemsOfJson },
				},
			],
			optional: [
				{
					displayName: 'Customer Address',
					name: 'customerAddress',
					type: 'string',
					default: '',
					placeholder: 'e.g. 12 Marina Road, Lagos',
					description: 'Postal address of the customer',
				},
				{
					displayName: 'Customer Phone',
					name: 'customerPhone',
					type: 'string',
					default: '',
					placeholder: 'e.g. +234 801 234 5678',
					description: 'Phone number of the customer',
				},
				{
					displayName: 'Discount Amount',
					name: 'discountAmount',
					type: 'string',
					default: '',
					placeholder: 'e.g. 5000',
					description: 'Amount taken off the total, in the currency of the items',
					send: { convert: anyNumber },
				},
				dueDate,
				metadataRows,
				{
					displayName: 'Notes',
					name: 'notes',
					type: 'string',
					typeOptions: { rows: 3 },
					default: '',
					placeholder: 'e.g. Thank you for your order',
					description: 'Text that the customer reads on the invoice',
				},
				{
					displayName: 'Tax Rate',
					name: 'taxRate',
					type: 'string',
					default: '',
					placeholder: 'e.g. 7.5',
					description: 'Tax in percent, added to the sum of the items',
					send: { convert: zeroOrMore },
				},
			],
		},
		{
			value: 'sendEmail',
			name: 'Send Email',
			action: 'Send invoice email',
			description: 'Email an invoice to the customer',
			fields: [
				{
					displayName: 'Invoice ID',
					name: 'invoiceId',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. inv_123456',
					description: 'ID that Create Invoice returned',
					send: { in: 'path' },
				},
			],
			optional: [
				{
					displayName: 'Message',
					name: 'message',
					type: 'string',
					typeOptions: { rows: 3 },
					default: '',
					placeholder: 'e.g. Here is your invoice. Thank you!',
					description: 'Text of the email',
				},
				{
					displayName: 'Recipient Email',
					name: 'recipientEmail',
					type: 'string',
					default: '',
					placeholder: 'name@email.com',
					description: 'Address to send to, when it is not the one on the invoice',
					send: { spellings: { names: ['email', 'to'] } },
				},
				{
					displayName: 'Subject',
					name: 'subject',
					type: 'string',
					default: '',
					placeholder: 'e.g. Your invoice from Obi Stores',
					description: 'Subject line of the email',
				},
			],
		},
	],
};

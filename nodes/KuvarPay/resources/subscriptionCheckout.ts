import {
	AMOUNT_AS_TEXT,
	cancelUrl,
	customerEmail,
	inBody,
	metadataRows,
	picker,
	priceId,
	priceNames,
	required,
	successUrl,
} from '../operation/fields';
import type { Field, Resource } from '../operation/types';
import { amountNumber, amountText, count, tokenUnits, unixSeconds } from '../operation/values';

const sessionId: Field = {
	displayName: 'Session ID',
	name: 'sessionId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. session_c40be7',
	description: 'ID of the checkout session that Create Subscription Checkout returned',
	send: { in: 'path' },
};

const forMetered = { show: { billingMode: ['METERED'] } };

const create: Field[] = [
	{
		displayName: 'Billing Mode',
		name: 'billingMode',
		type: 'options',
		noDataExpression: true,
		default: 'FIXED',
		description: 'How the amount of each charge is decided',
		options: [
			{ name: 'Fixed', value: 'FIXED', description: 'The price of a plan, each period' },
			{ name: 'Metered', value: 'METERED', description: 'What was used, by metered invoices' },
		],
	},
	{
		...inBody(priceId, 'priceId', priceNames),
		displayOptions: { show: { billingMode: ['FIXED'] } },
	},
	{
		displayName: 'Target Amount',
		name: 'targetAmount',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 15000',
		description: 'What one billing period is expected to cost, in the target currency',
		builderHint: AMOUNT_AS_TEXT,
		displayOptions: forMetered,
		send: {
			as: 'targetPrice.targetAmount',
			convert: amountText,
			spellings: { names: ['targetAmount'] },
		},
	},
	{
		...required(
			picker(
				'targetCurrency',
				'Target Currency',
				'getFiatCurrencies',
				'Local currency of the target amount, such as NGN',
			),
		),
		displayOptions: forMetered,
		send: { as: 'targetPrice.targetCurrency', spellings: { names: ['targetCurrency'] } },
	},
	{
		...required(customerEmail),
		send: { ...customerEmail.send, as: 'customer.email', spellings: { names: ['customerEmail'] } },
	},
];

const SMALLEST_UNITS = {
	propertyHint:
		'A text of digits only, in the smallest unit of the token: the amount times ten to the power of its decimals. Not the local currency.',
};

const confirm: Field[] = [
	sessionId,
	{
		displayName: 'Wallet Address',
		name: 'walletAddress',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 0x71C7656EC7ab88b098defB751B7401B5f6d8976F',
		description: 'Address of the wallet that the subscriber pays from',
	},
	required(
		picker(
			'tokenId',
			'Token',
			'getSubscriptionCurrencies',
			'Stablecoin and network that the subscriber pays with',
		),
	),
	{
		displayName: 'Cap Amount',
		name: 'capAmount',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 60000000000000000000',
		description:
			'Most that may be charged in all, in smallest units of the token. With 18 decimals, 60 USDT are 60 followed by 18 zeros.',
		builderHint: SMALLEST_UNITS,
		send: { as: 'limits.capAmount', convert: tokenUnits },
	},
	{
		displayName: 'Max per Charge',
		name: 'maxPerCharge',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 5000000000000000000',
		description:
			'Most that one charge may take, in smallest units of the token. With 18 decimals, 5 USDT are 5 followed by 18 zeros.',
		builderHint: SMALLEST_UNITS,
		send: { as: 'limits.maxPerCharge', convert: tokenUnits },
	},
	{
		displayName: 'Period (Seconds)',
		name: 'periodSeconds',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 2592000,
		required: true,
		description: 'Seconds between two charges. 30 days are 2592000.',
		send: { as: 'schedule.periodSeconds', convert: count },
	},
	{
		displayName: 'Next Due',
		name: 'nextDue',
		type: 'dateTime',
		default: '',
		required: true,
		description:
			'When the first charge is due, in the time zone of the workflow. Unix seconds work too.',
		send: { as: 'schedule.nextDue', convert: unixSeconds },
	},
	{
		displayName: 'Expiry',
		name: 'expiry',
		type: 'dateTime',
		default: '',
		required: true,
		description:
			'When the permission to charge ends, in the time zone of the workflow. Unix seconds work too.',
		send: { as: 'schedule.expiry', convert: unixSeconds },
	},
];

export const subscriptionCheckout: Resource = {
	value: 'subscriptionCheckout',
	name: 'Subscription Checkout',
	operations: [
		{
			value: 'confirm',
			name: 'Confirm',
			action: 'Confirm subscription checkout',
			description:
				"Fix wallet, token, limits and schedule of a subscription. Returns what the subscriber's wallet has to allow and to sign.",
			fields: confirm,
		},
		{
			value: 'create',
			name: 'Create',
			action: 'Create subscription checkout',
			description:
				'Start a subscription. Send the customer to the approval_url that is returned, to approve it.',
			fields: create,
			optional: [
				cancelUrl,
				{
					displayName: 'Custom Multiplier',
					name: 'customMultiplier',
					type: 'string',
					default: '',
					placeholder: 'e.g. 1.5',
					description:
						'Presumably how many times the target amount may be charged. For Metered with the strategy Custom.',
					send: { convert: amountNumber },
				},
				{
					displayName: 'Customer First Name',
					name: 'customerFirstName',
					type: 'string',
					default: '',
					placeholder: 'e.g. Ada',
					description: 'Given name of the customer',
					send: { as: 'customer.firstName', spellings: { names: ['customerFirstName'] } },
				},
				{
					displayName: 'Customer Last Name',
					name: 'customerLastName',
					type: 'string',
					default: '',
					placeholder: 'e.g. Obi',
					description: 'Family name of the customer',
					send: { as: 'customer.lastName', spellings: { names: ['customerLastName'] } },
				},
				metadataRows,
				{
					displayName: 'Strategy',
					name: 'strategy',
					type: 'options',
					default: 'moderate',
					description:
						'Presumably how far charges may go above the target amount before the customer has to approve again. For Metered. KuvarPay names the values only.',
					options: [
						{ name: 'Conservative', value: 'conservative' },
						{ name: 'Moderate', value: 'moderate' },
						{ name: 'Liberal', value: 'liberal' },
						{ name: 'Custom', value: 'custom' },
					],
				},
				successUrl,
			],
		},
		{
			value: 'get',
			name: 'Get',
			action: 'Get subscription checkout',
			description: 'Read a subscription checkout session with its status and approval page',
			fields: [sessionId],
		},
	],
};

import {
	AMOUNT_AS_TEXT,
	currency,
	metadataRows,
	planId,
	priceId,
	required,
} from '../operation/fields';
import { findPlan } from '../operation/findPlan';
import type { Field, Resource } from '../operation/types';
import { amountText, count, countOrNone } from '../operation/values';

const amount: Field = {
	displayName: 'Amount',
	name: 'amount',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 2999',
	description: 'What one billing period costs, in the currency of the price',
	builderHint: AMOUNT_AS_TEXT,
	send: { convert: amountText },
};

const trialPeriodDays: Field = {
	displayName: 'Trial Period Days',
	name: 'trialPeriodDays',
	type: 'number',
	typeOptions: { minValue: 0 },
	default: 14,
	required: true,
	description: 'How many days a new subscriber pays nothing',
	send: { convert: countOrNone },
};

const active: Field = {
	displayName: 'Active',
	name: 'active',
	type: 'boolean',
	default: true,
	description: 'Whether customers can subscribe at this price',
};

export const price: Resource = {
	value: 'price',
	name: 'Price',
	operations: [
		{
			value: 'create',
			name: 'Create',
			action: 'Create price',
			description: 'Add a price to a plan: how much it costs and how often',
			fields: [
				planId,
				amount,
				required(currency),
				{
					displayName: 'Interval',
					name: 'interval',
					type: 'options',
					default: 'month',
					required: true,
					description: 'Unit of the billing period. Another one can be set by expression.',
					options: [
						{ name: 'Day', value: 'day' },
						{ name: 'Week', value: 'week' },
						{ name: 'Month', value: 'month' },
						{ name: 'Year', value: 'year' },
					],
					// The guide sends the first, KuvarPay stores the second.
					send: {
						spellings: {
							values: { day: ['DAILY'], week: ['WEEKLY'], month: ['MONTHLY'], year: ['YEARLY'] },
						},
					},
				},
			],
			optional: [
				active,
				{
					displayName: 'Interval Count',
					name: 'intervalCount',
					type: 'number',
					typeOptions: { minValue: 1 },
					default: 1,
					description: 'How many intervals make one billing period: 3 with Month is a quarter',
					send: { convert: count },
				},
				metadataRows,
				trialPeriodDays,
			],
		},
		{
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many prices',
			description: 'List the prices of a plan',
			fields: [planId],
			paged: true,
			optional: [
				{
					...active,
					description: 'Whether to list the prices that can be subscribed to, or the others',
				},
			],
		},
		{
			value: 'update',
			name: 'Update',
			action: 'Update price',
			description: 'Change fields of a price; fields that are not given stay as they are',
			fields: [priceId],
			lookUp: { name: 'planId', find: findPlan },
			optional: [active, amount, metadataRows, trialPeriodDays],
		},
	],
};

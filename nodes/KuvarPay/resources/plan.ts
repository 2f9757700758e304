import { metadataRows, picker, planId } from '../operation/fields';
import type { Field, Resource } from '../operation/types';

const name: Field = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. Pro',
	description: 'What the plan is called',
};

const description: Field = {
	displayName: 'Description',
	name: 'description',
	type: 'string',
	default: '',
	placeholder: 'e.g. Everything in Basic, and reports',
	description: 'What subscribers get',
};

const active: Field = {
	displayName: 'Active',
	name: 'active',
	type: 'boolean',
	default: true,
	description: 'Whether customers can subscribe to the plan',
};

export const plan: Resource = {
	value: 'plan',
	name: 'Plan',
	operations: [
		{
			value: 'create',
			name: 'Create',
			action: 'Create plan',
			description:
				'Create a plan that customers can subscribe to. What it costs is added as a price.',
			fields: [name],
			optional: [
				active,
				picker(
					'chain',
					'Chain',
					'getSubscriptionNetworks',
					'Blockchain network that the plan is paid on, such as BEP20',
				),
				description,
				metadataRows,
				picker(
					'token',
					'Token',
					'getCryptoCurrencies',
					'Stablecoin that the plan is paid with, such as USDT',
				),
			],
		},
		{
			value: 'get',
			name: 'Get',
			action: 'Get plan',
			description: 'Read one plan',
			fields: [planId],
		},
		{
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many plans',
			description: 'List the plans that customers can subscribe to',
			paged: true,
			optional: [
				{
					...active,
					description: 'Whether to list the plans that can be subscribed to, or the others',
				},
			],
		},
		{
			value: 'update',
			name: 'Update',
			action: 'Update plan',
			description: 'Change fields of a plan; fields that are not given stay as they are',
			fields: [planId],
			optional: [active, description, metadataRows, name],
		},
	],
};

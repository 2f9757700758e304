import { inBody, transactionId } from '../operation/fields';
import { named, transactionStatuses } from '../payments/statuses';
import type { Resource } from '../operation/types';

/** Presumably for sandbox keys only. */
export const sandbox: Resource = {
	value: 'sandbox',
	name: 'Sandbox',
	operations: [
		{
			value: 'forceScenario',
			name: 'Force Scenario',
			action: 'Force simulator scenario',
			description: 'Play a scenario on a sandbox transaction, to test what follows from it',
			fields: [
				inBody(transactionId),
				{
					displayName: 'Scenario',
					name: 'scenario',
					type: 'string',
					default: '',
					required: true,
					placeholder: 'e.g. PARTIAL_PAYMENT',
					description:
						'Name of the scenario. KuvarPay does not list them; the statuses of a transaction are the best guess.',
				},
			],
		},
		{
			value: 'forceStatus',
			name: 'Force Status',
			action: 'Force transaction status',
			description: 'Put a sandbox transaction into a status, to test what follows from it',
			fields: [
				inBody(transactionId),
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'COMPLETED',
					required: true,
					description: 'Status to put it into. Another one can be set by expression.',
					options: named(transactionStatuses),
				},
			],
		},
	],
};

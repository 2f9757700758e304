import { checkConnection } from '../operation/checkConnection';
import type { Resource } from '../operation/types';

/** Not a resource of KuvarPay, but its API itself. */
export const api: Resource = {
	value: 'api',
	name: 'KuvarPay API',
	operations: [
		{
			value: 'checkConnection',
			name: 'Check Connection',
			action: 'Check connection',
			description:
				'Find out how this KuvarPay behaves: form of the key, paths, lists, event streams. Only reads.',
			asks: 'transaction.getAll',
			fields: [
				{
					displayName: 'Report',
					name: 'report',
					type: 'boolean',
					default: false,
					description:
						'Whether to add an item with a text for an issue, without secrets and without data of customers',
					send: { in: 'control' },
				},
			],
			execute: checkConnection,
		},
	],
};

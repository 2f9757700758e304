import { InputError } from '../api/errors';
import { isToken } from '../payments/objects';
import { sources } from '../payments/sources';
import { named, sessionStatuses } from '../payments/statuses';
import { waitForUpdate as wait, type WaitSettings } from '../stream/wait';
import type { Field, Operation } from './types';
import { count, statusList } from './values';

/** The operation that waits inside a workflow for a session or a transaction to change. */
export function waitForUpdate(
	resource: 'checkoutSession' | 'transaction',
	idField: Field,
): Operation {
	const source = sources[resource];
	return {
		value: 'waitForUpdate',
		name: 'Wait for Update',
		action: `Wait for update of ${source.noun}`,
		description: `Hold the workflow until the ${source.noun} is paid or changes in another way`,
		builderHint: {
			propertyHint:
				'For minutes only, since it holds the execution. For hours or days, start another workflow with the KuvarPay Trigger instead.',
		},
		fields: [idField, ...waitFields],
		execute: async (client, { call, ids, controls, readPath }) => [
			await wait(client, call, {
				...(controls as Pick<WaitSettings, 'waitFor' | 'onTimeout' | 'authToken'>),
				source: { ...source, paths: { rest: readPath } },
				id: ids[source.idName],
				statuses: (controls.statuses ?? []) as string[],
				timeout: Number(controls.timeout) * 1000,
			}),
		],
	};
}

/** The session's own token. @throws InputError when it cannot be one */
export function authToken(value: unknown): string | undefined {
	const given = String(value ?? '').trim();
	if (given === '' || isToken(given)) return given || undefined;
	throw new InputError(
		'Auth Token has characters that no token has',
		'Copy the authToken of the checkout session as it is, without "Bearer".',
	);
}

const waitFields: Field[] = [
	{
		displayName: 'Wait For',
		name: 'waitFor',
		type: 'options',
		default: 'finalStatus',
		description: 'What to wait for',
		options: [
			{
				name: 'Any Update',
				value: 'anyUpdate',
				description: 'Anything changes, such as the status or the number of confirmations',
			},
			{
				name: 'Certain Statuses',
				value: 'statuses',
				description: 'One of the statuses chosen below is reached',
			},
			{
				name: 'Final Status',
				value: 'finalStatus',
				description:
					'The payment has come to its end: completed, expired, cancelled, failed or refunded',
			},
		],
		send: { in: 'control' },
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		default: ['COMPLETED'],
		required: true,
		description:
			'The statuses to wait for. When the payment ends otherwise, the node fails instead of waiting on.',
		options: named(sessionStatuses),
		displayOptions: { show: { waitFor: ['statuses'] } },
		send: { in: 'control', convert: statusList },
	},
	{
		displayName: 'Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 900,
		required: true,
		description: 'Seconds to wait at most',
		send: { in: 'control', convert: count },
	},
	{
		displayName: 'On Timeout',
		name: 'onTimeout',
		type: 'options',
		default: 'error',
		description: 'What to do when the time is over',
		options: [
			{ name: 'Fail', value: 'error', description: 'The node fails' },
			{
				name: 'Output',
				value: 'output',
				description: 'The node returns the state as it is, with timedOut set to true',
			},
		],
		send: { in: 'control' },
	},
	{
		displayName: 'Auth Token',
		name: 'authToken',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		placeholder: 'e.g. eyJhbGciOiJIUzI1NiJ9…',
		description:
			'Token that Create Checkout Session returned, used for the event stream instead of the API key. Only needed where KuvarPay tells it nowhere else.',
		send: { in: 'control', convert: authToken },
	},
];

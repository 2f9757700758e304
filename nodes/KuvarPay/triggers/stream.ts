import type { IDataObject, INodeProperties, ITriggerFunctions } from 'n8n-workflow';
import { InputError } from '../api/errors';
import { named, sessionStatuses } from '../payments/statuses';
import { sessionSummary, transactionSummary } from '../payments/summaries';
import { sources } from '../payments/sources';
import type { TriggerSettings } from '../stream/trigger';

export const triggerProperties: INodeProperties[] = [
	{
		displayName: 'Watch',
		name: 'watch',
		type: 'options',
		default: 'openTransactions',
		description: 'What starts the workflow',
		options: [
			{
				name: 'All Open Transactions',
				value: 'openTransactions',
				description: 'Every payment of the account, found by itself. No ID is needed.',
			},
			{
				name: 'Checkout Sessions',
				value: 'checkoutSession',
				description: 'Certain checkout sessions, by their ID',
			},
			{
				name: 'Transactions',
				value: 'transaction',
				description: 'Certain transactions, by their ID',
			},
		],
	},
	{
		displayName: 'Session IDs',
		name: 'sessionIds',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. cs_0f3a…, cs_77b1…',
		description: 'One or more checkout sessions, separated by commas, or a list from an expression',
		displayOptions: { show: { watch: ['checkoutSession'] } },
	},
	{
		displayName: 'Transaction IDs',
		name: 'transactionIds',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. trxn_123, trxn_124',
		description: 'One or more transactions, separated by commas, or a list from an expression',
		displayOptions: { show: { watch: ['transaction'] } },
	},
	{
		displayName: 'Start On',
		name: 'emitOn',
		type: 'options',
		default: 'statusChange',
		description: 'Which changes start the workflow',
		options: [
			{
				name: 'Any Update',
				value: 'anyUpdate',
				description: 'Also when something else than the status changes, such as confirmations',
			},
			{ name: 'Status Change', value: 'statusChange', description: 'When the status changes' },
		],
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		default: [],
		description: 'Start only at these statuses; with none chosen, at every status',
		options: named(sessionStatuses),
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Auth Token',
				name: 'authToken',
				type: 'string',
				typeOptions: { password: true },
				default: '',
				description:
					'Token that Create Checkout Session returned, used for the stream instead of the API key. Only for one session.',
				displayOptions: { hide: { '/watch': ['openTransactions'] } },
			},
			{
				displayName: 'Discovery Interval',
				name: 'discoveryInterval',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 60,
				description: 'Seconds between two looks for new transactions',
				displayOptions: { show: { '/watch': ['openTransactions'] } },
			},
			{
				displayName: 'Emit Current State',
				name: 'emitCurrentState',
				type: 'boolean',
				default: true,
				description:
					'Whether to start the workflow also with the status that is found when the watching begins',
			},
			{
				displayName: 'Idle Timeout',
				name: 'idleTimeout',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 90,
				description: 'Seconds of silence after which a stream counts as dead and is opened again',
			},
			{
				displayName: 'Max Streams',
				name: 'maxStreams',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 500,
				description:
					'How many streams are open at most. Further transactions, the oldest, are read at each discovery instead.',
				displayOptions: { show: { '/watch': ['openTransactions'] } },
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return a simplified version of the response instead of the raw data',
			},
		],
	},
];

/** Reads and checks the trigger's parameters. @throws InputError that names the parameter */
export function readSettings(context: ITriggerFunctions): TriggerSettings {
	const watch = context.getNodeParameter('watch') as string;
	if (watch !== 'openTransactions' && watch !== 'checkoutSession' && watch !== 'transaction')
		throw new InputError(`Watch has no choice "${watch}"`, 'Choose one from the list.');
	const source = sources[watch === 'openTransactions' ? 'transaction' : watch];
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const keep: readonly string[] = watch === 'checkoutSession' ? sessionSummary : transactionSummary;

	return {
		source,
		ids: watch === 'openTransactions' ? undefined : readIds(context, watch),
		anyUpdate: context.getNodeParameter('emitOn', 'statusChange') === 'anyUpdate',
		statuses: (context.getNodeParameter('statuses', []) as string[]).map((status) =>
			String(status).toUpperCase(),
		),
		emitCurrentState: options.emitCurrentState === true,
		idleTimeout: seconds(options.idleTimeout, 90, 'Idle Timeout'),
		discoveryInterval: seconds(options.discoveryInterval, 60, 'Discovery Interval'),
		maxStreams: atLeastOne(options.maxStreams, 500, 'Max Streams'),
		authToken: readToken(options.authToken),
		shape: (emission) =>
			options.simplify === true
				? {
						...emission,
						data: Object.fromEntries(
							Object.entries(emission.data).filter(([name]) => keep.includes(name)),
						),
					}
				: emission,
	};
}

function readIds(context: ITriggerFunctions, watch: 'checkoutSession' | 'transaction'): string[] {
	const [name, label] =
		watch === 'checkoutSession'
			? ['sessionIds', 'Session IDs']
			: ['transactionIds', 'Transaction IDs'];
	const value = context.getNodeParameter(name, '');
	const list = Array.isArray(value) ? value : String(value ?? '').split(',');
	const ids = list.map((id) => String(id).trim()).filter((id) => id !== '');
	if (ids.length === 0)
		throw new InputError(
			`${label} is empty`,
			'Enter one or more IDs, or choose All Open Transactions under Watch.',
		);
	return [...new Set(ids)];
}

function atLeastOne(value: unknown, otherwise: number, label: string): number {
	const number = Number(value ?? otherwise);
	if (number >= 1 && Number.isFinite(number)) return number;
	throw new InputError(`${label} must be 1 or more, but it is "${String(value)}"`);
}

const seconds = (value: unknown, otherwise: number, label: string): number =>
	atLeastOne(value, otherwise, label) * 1000;

/** A token as RFC 6750, section 2.1 allows, so that nothing can follow it in the header. */
function readToken(value: unknown): string | undefined {
	if (value === undefined || value === '') return undefined;
	const token = String(value).trim();
	if (/^[\w\-.~+/]+=*$/.test(token)) return token;
	throw new InputError(
		'Auth Token has characters that no token has',
		'Copy the authToken of the checkout session as it is, without "Bearer".',
	);
}

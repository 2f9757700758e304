import type { IDataObject, INodeProperties, ITriggerFunctions } from 'n8n-workflow';
import { InputError } from '../api/errors';
import { authToken } from '../operation/waiting';
import { sources, type Source, type Watched } from '../payments/sources';
import {
	sessionStatuses,
	statusName,
	subscriptionStatuses,
	transactionStatuses,
} from '../payments/statuses';
import { simplified } from '../payments/summaries';
import type { TriggerSettings } from '../stream/settings';

/** What the node panel says of a status; of the others it says "On payment …" or "On subscription …". */
const ACTIONS: Record<string, string> = {
	COMPLIANCE_HOLD: 'On compliance hold',
	EXCESS_PAYMENT: 'On overpayment',
	PARTIAL_PAYMENT: 'On underpayment',
	REFUNDED: 'On refund',
};

/**
 * The name of the parameter for statuses of subscriptions. n8n's node panel lists the choices of two parameters
 * of a trigger, and adds a node with the choice and the first of what the parameter is shown for: of the first
 * one with the label Trigger On, and of the one with the name operation (n8n's editor, useActionsGeneration).
 */
const SUBSCRIPTION_STATUSES = 'operation';

const triggerOn = (
	name: string,
	statuses: readonly string[],
	noun: string,
	watch: string[],
): INodeProperties => ({
	displayName: 'Trigger On',
	name,
	type: 'multiOptions',
	default: [],
	description: 'Start only at these statuses; with none chosen, at every status',
	options: statuses.map((value) => ({
		name: statusName(value),
		value,
		action: ACTIONS[value] ?? `On ${noun} ${statusName(value).toLowerCase()}`,
	})),
	displayOptions: { show: { watch } },
});

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
				description: 'Every payment that a customer has begun, found by itself. No ID is needed.',
			},
			{
				name: 'All Subscriptions',
				value: 'subscription',
				description: 'Every subscription of the account: new ones, and changes of their status',
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
	triggerOn('statuses', transactionStatuses, 'payment', ['openTransactions', 'transaction']),
	triggerOn('statuses', sessionStatuses, 'payment', ['checkoutSession']),
	{
		// Workflows that were made otherwise than in the panel name them as those of payments.
		displayName: 'Statuses',
		name: 'statuses',
		type: 'hidden',
		default: [],
		displayOptions: { show: { watch: ['subscription'] } },
	},
	triggerOn(SUBSCRIPTION_STATUSES, subscriptionStatuses, 'subscription', ['subscription']),
	{
		displayName: 'Kind of Change',
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
				displayOptions: { show: { '/watch': ['checkoutSession', 'transaction'] } },
			},
			{
				displayName: 'Discovery Interval',
				name: 'discoveryInterval',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 60,
				description: 'Seconds between two looks at the list',
				displayOptions: { show: { '/watch': ['openTransactions', 'subscription'] } },
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
				displayOptions: { hide: { '/watch': ['subscription'] } },
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
				displayName: 'Path Override',
				name: 'pathOverride',
				type: 'string',
				default: '',
				placeholder: 'e.g. /api/v1/sse/transaction/{transactionId}',
				description:
					'Another path for the event stream, or for the list of subscriptions, where your account has it elsewhere',
			},
			{
				displayName: 'Path Override for Lists',
				name: 'listPathOverride',
				type: 'string',
				default: '',
				placeholder: 'e.g. /api/v1/transactions',
				description: 'Another path for the list in which payments are found',
				displayOptions: { show: { '/watch': ['openTransactions', 'subscription'] } },
			},
			{
				displayName: 'Path Override for Reads',
				name: 'readPathOverride',
				type: 'string',
				default: '',
				placeholder: 'e.g. /api/v1/transactions/{transactionId}',
				description: 'Another path for reading the status of one of what is watched',
			},
			{
				displayName: 'Poll Interval',
				name: 'pollInterval',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 15,
				description:
					'Seconds between two reads of the status where KuvarPay refuses event streams. Where nothing changes for long, it is read less often.',
				displayOptions: { hide: { '/watch': ['subscription'] } },
			},
			{
				displayName: 'Simplify',
				name: 'simplify',
				type: 'boolean',
				default: true,
				description:
					'Whether to return a simplified version of the response instead of the raw data',
			},
			{
				displayName: 'Watch After End (Hours)',
				name: 'watchAfterEnd',
				type: 'number',
				typeOptions: { minValue: 0 },
				default: 24,
				description:
					'For how many hours a completed, expired, cancelled or failed payment is still looked at, as it may be refunded or paid late. With 0 its end is the end.',
			},
		],
	},
];

/** What is watched, and by which parameter certain ones are named. */
const CHOICES: Record<string, { watched: Watched; ids?: [name: string, label: string] }> = {
	openTransactions: { watched: 'transaction' },
	checkoutSession: { watched: 'checkoutSession', ids: ['sessionIds', 'Session IDs'] },
	transaction: { watched: 'transaction', ids: ['transactionIds', 'Transaction IDs'] },
	subscription: { watched: 'subscription' },
};

/** Reads and checks the trigger's parameters. @throws InputError that names the parameter */
export function readSettings(context: ITriggerFunctions): TriggerSettings {
	const watch = String(context.getNodeParameter('watch'));
	if (!Object.hasOwn(CHOICES, watch))
		throw new InputError(`Watch has no choice "${watch}"`, 'Choose one from the list.');
	const { watched, ids } = CHOICES[watch];
	const options = context.getNodeParameter('options', {}) as IDataObject;
	const source = { ...sources[watched], paths: readPaths(options, sources[watched]) };
	const seconds = (value: unknown, otherwise: number, label: string) =>
		atLeast(1, value, otherwise, label) * 1000;

	return {
		source,
		ids: ids && readIds(context, ...ids),
		anyUpdate: context.getNodeParameter('emitOn', 'statusChange') === 'anyUpdate',
		statuses: ['statuses', SUBSCRIPTION_STATUSES]
			.flatMap((name) => context.getNodeParameter(name, []) as string[])
			.map((status) => String(status).trim().toUpperCase()),
		emitCurrentState: options.emitCurrentState === true,
		idleTimeout: seconds(options.idleTimeout, 90, 'Idle Timeout'),
		discoveryInterval: seconds(options.discoveryInterval, 60, 'Discovery Interval'),
		pollInterval: seconds(options.pollInterval, 15, 'Poll Interval'),
		watchAfterEnd: atLeast(0, options.watchAfterEnd, 24, 'Watch After End') * 3_600_000,
		maxStreams: atLeast(1, options.maxStreams, 500, 'Max Streams'),
		authToken: authToken(options.authToken),
		shape: (emission) =>
			options.simplify === true
				? { ...emission, data: simplified(emission.data, source.summary) }
				: emission,
	};
}

/** The user's own paths; a kind of object without streams has one for its list in their place. */
function readPaths(options: IDataObject, { stream }: Source): Source['paths'] {
	const [own, rest, list] = ['pathOverride', 'readPathOverride', 'listPathOverride'].map(
		(name) => String(options[name] ?? '').trim() || undefined,
	);
	return stream ? { stream: own, rest, list } : { rest, list: list ?? own };
}

function readIds(context: ITriggerFunctions, name: string, label: string): string[] {
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

function atLeast(least: number, value: unknown, otherwise: number, label: string): number {
	const number = Number(value ?? otherwise);
	if (number >= least && Number.isFinite(number)) return number;
	throw new InputError(`${label} must be ${least} or more, but it is "${String(value)}"`);
}

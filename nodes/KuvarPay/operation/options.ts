import { endpoints } from '../api/endpoints';
import type { Field } from './types';
import { count, countOrNone, headerText, jsonObject, text } from './values';

/** Values of the operations that only read: they need no idempotency key and send no body. */
const reads = [
	...new Set(
		Object.entries(endpoints)
			.filter(([, { method }]) => method === 'GET')
			.map(([id]) => id.split('.')[1]),
	),
];
const forWrites = { hide: { '/operation': reads } };

/**
 * How the node works, which is not for a model to decide: hidden where the node is a tool of an AI
 * agent. n8n before 2.8 does not know the condition, and shows them there too.
 */
const notInTools = { hide: { '@tool': [true] } };

/**
 * What every operation offers under Options: the ways on when the API differs from what this node
 * knows, and how hard it tries. Read by call.ts; none of it goes into the request by its own name.
 */
export const options: Field[] = [
	{
		displayName: 'Body Properties',
		name: 'bodyProperties',
		type: 'json',
		default: '{}',
		description:
			'Further properties of the request as a JSON object. They win over the fields above.',
		displayOptions: forWrites,
		send: { convert: jsonObject },
	},
	{
		displayName: 'Concurrency',
		name: 'concurrency',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 1000 },
		default: 50,
		description:
			'How many items are sent at the same time at most (1 to 1,000). Without it the node finds out by itself how many KuvarPay takes. The value of the first item counts.',
		displayOptions: notInTools,
		send: { convert: count },
	},
	{
		displayName: 'Idempotency Key',
		name: 'idempotencyKey',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1042',
		description:
			'Your own key for this purchase: the same purchase always has the same key, so that KuvarPay makes it only once however often it is sent. Left empty, the node makes a key for each item, so that its retries are safe; agents leave it empty. With one fixed text all items of a run are one and the same.',
		builderHint: {
			propertyHint:
				'Leave it unset, or build it from the order by expression, such as "order-" and the order number. Never a fixed text, a random value or the time.',
		},
		displayOptions: forWrites,
		send: { convert: headerText },
	},
	{
		displayName: 'Max Retries',
		name: 'maxRetries',
		type: 'number',
		typeOptions: { minValue: 0, maxValue: 10 },
		default: 4,
		description:
			'How often a request is repeated when KuvarPay cannot be reached or is overloaded (0 to 10)',
		displayOptions: notInTools,
		send: { convert: countOrNone },
	},
	{
		displayName: 'Path Override',
		name: 'pathOverride',
		type: 'string',
		default: '',
		placeholder: 'e.g. /api/v1/invoices/{invoiceId}/send',
		description:
			'Another path for this operation, in case KuvarPay has moved it. A name in curly brackets stands for the ID of that name.',
		displayOptions: notInTools,
		send: { convert: text },
	},
	{
		displayName: 'Path Override for Reads',
		name: 'readPathOverride',
		type: 'string',
		default: '',
		placeholder: 'e.g. /api/v1/transactions/{transactionId}',
		description: 'Another path for reading the status, beside that of the event stream',
		displayOptions: { ...notInTools, show: { '/operation': ['waitForUpdate'] } },
		send: { convert: text },
	},
	{
		displayName: 'Query Parameters',
		name: 'queryParameters',
		type: 'json',
		default: '{}',
		description:
			'Further parameters of the address as a JSON object. They win over the fields above.',
		send: { convert: jsonObject },
	},
	{
		displayName: 'Raw Response',
		name: 'rawResponse',
		type: 'boolean',
		default: true,
		description:
			'Whether to return the whole answer of KuvarPay as it came, not only the object in it. Of a list this is the first page.',
		displayOptions: { hide: { ...notInTools.hide, '/operation': ['waitForUpdate'] } },
	},
	{
		displayName: 'Request Timeout',
		name: 'timeout',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 30,
		description: 'Seconds without any answer after which a request is given up and repeated',
		displayOptions: notInTools,
		send: { convert: count },
	},
];

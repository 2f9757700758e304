import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { openClient } from './api/client';
import { toNodeError } from './api/nodeError';
import type { Pace } from './api/pace';
import { runItems, tellOfLimit } from './operation/items';
import * as listSearch from './methods/listSearch';
import * as loadOptions from './methods/loadOptions';
import { readConcurrency, readWish } from './operation/call';
import { fulfil } from './operation/fulfil';
import { parametersOf } from './operation/parameters';
import { propertiesOf } from './operation/properties';
import type { Wish } from './operation/types';
import { findOperation, resources } from './resources';

export class KuvarPay implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'KuvarPay',
		name: 'kuvarPay',
		icon: { light: 'file:kuvarpay.svg', dark: 'file:kuvarpay.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Take crypto payments with KuvarPay and settle them in local money',
		defaults: { name: 'KuvarPay' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'kuvarPayApi', required: true }],
		builderHint: {
			searchHint:
				'Takes crypto payments and settles them in local money. For one payment of a known amount create a checkout session; its sessionId and authToken open the payment in a web page. To act when somebody has paid, start a workflow with the KuvarPay Trigger; Wait for Update holds an execution and suits minutes, not days. Amounts are texts such as "25000". Leave Idempotency Key unset or build it from the order number. Look at the connection itself with the resource "api", operation "checkConnection".',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-kuvarpay.kuvarPayTrigger',
					relationHint: 'Starts a workflow when a payment changes; needs no public web address',
				},
				{
					nodeType: 'n8n-nodes-kuvarpay.kuvarPayWebhookTrigger',
					relationHint: 'Starts a workflow at account events that KuvarPay posts to a public n8n',
				},
			],
		},
		hints: [
			{
				message:
					'This step holds the execution until the payment changes or Timeout is over, and ends when n8n is restarted. To wait for hours or days, start a workflow with the KuvarPay Trigger instead.',
				displayCondition: '={{ $parameter["operation"] === "waitForUpdate" }}',
				whenToDisplay: 'beforeExecution',
				location: 'outputPane',
			},
			{
				message:
					'Idempotency Key is one fixed text and there are several items: KuvarPay takes them for one and the same. Build the key from the order, by expression, or leave it empty.',
				type: 'warning',
				displayCondition:
					'={{ !!$rawParameter["options"]?.idempotencyKey && !$rawParameter["options"].idempotencyKey.startsWith("=") && $input.all().length > 1 }}',
				whenToDisplay: 'always',
				location: 'outputPane',
			},
			{
				message:
					'Nothing has been paid yet. A web page opens the payment with sessionId and authToken; the KuvarPay Trigger tells when it is paid.',
				displayCondition:
					'={{ $parameter["resource"] === "checkoutSession" && $parameter["operation"] === "create" }}',
				whenToDisplay: 'afterExecution',
				location: 'outputPane',
			},
		],
		properties: propertiesOf(resources),
	};

	methods = { listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const client = await openClient(this, readConcurrency(this));
			const parameters = parametersOf(this);
			const prepare = (item: number) => readWish(this, item, findOperation, parameters(item));
			const perform = (wish: Wish, pace: Pace) => fulfil({ ...client, pace }, wish);
			try {
				return [await runItems(this, client.pace, prepare, perform)];
			} finally {
				tellOfLimit(client);
			}
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	}
}

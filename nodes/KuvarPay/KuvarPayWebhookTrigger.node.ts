import type {
	IDataObject,
	IHookFunctions,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { CREDENTIAL } from './api/connection';
import { readDelivery } from './webhook/delivery';
import { isWanted, webhookProperties } from './triggers/webhook';
import { refusalLine, type Refusal } from './webhook/refusals';
import { markOf, memoryOf, type ReplayState } from './webhook/replays';

export class KuvarPayWebhookTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'KuvarPay Webhook Trigger',
		name: 'kuvarPayWebhookTrigger',
		icon: { light: 'file:kuvarpay.svg', dark: 'file:kuvarpay.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow at events of the whole account, which KuvarPay sends to n8n',
		eventTriggerDescription: 'Waiting for KuvarPay to call the Test URL',
		activationMessage: 'KuvarPay can now call the Production URL.',
		defaults: { name: 'KuvarPay Webhook Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'kuvarPayApi', required: true }],
		builderHint: {
			searchHint:
				'Only where n8n can be reached from the internet: KuvarPay posts events of the whole account to the Production URL, which the user enters in the KuvarPay dashboard by hand, and the Webhook Secret from there goes into the credential. The signature is always checked; add no step for it. What is under body is not documented, so read the payment with the KuvarPay node before goods leave. To hear of payments without a public web address use the KuvarPay Trigger.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-kuvarpay.kuvarPayTrigger',
					relationHint: 'The usual choice: hears of payments without a public web address',
				},
				{
					nodeType: 'n8n-nodes-kuvarpay.kuvarPay',
					relationHint: 'Reads the payment that an event is about',
				},
			],
		},
		webhooks: [
			{
				name: 'default',
				httpMethod: 'POST',
				responseMode: 'onReceived',
				// Without it n8n answers the words "firstEntryJson", and does not ask the node for an answer.
				responseData: '',
				path: 'webhook',
			},
		],
		triggerPanel: {
			header: 'Receive events from KuvarPay',
			executionsHelp: {
				inactive:
					'Webhooks have two addresses. <b>While building your workflow</b>, click the button and send an event to the Test URL from the KuvarPay dashboard.<br /><br /><b>When it is ready</b>, publish the workflow and enter the Production URL in the dashboard.',
				active:
					'Webhooks have two addresses. <b>While building your workflow</b>, click the button and send an event to the Test URL from the KuvarPay dashboard.<br /><br /><b>Your workflow is published</b>, so events to the Production URL start it. These executions are in the executions list, not in the editor.',
			},
			activationHint:
				'Publish the workflow, then enter the Production URL in the KuvarPay dashboard.',
		},
		properties: webhookProperties,
	};

	// KuvarPay has no API for webhooks: they are entered in its dashboard. What can be done here is to
	// refuse to listen without a secret, since then anybody could start the workflow.
	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return false;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				if (await secretOf(this)) return true;
				throw new NodeOperationError(
					this.getNode(),
					'The KuvarPay credential has no Webhook Secret',
					{
						description:
							'Copy the signing secret from the KuvarPay dashboard (Webhooks, beside the address) into Webhook Secret of the credential. Without it nobody could tell events of KuvarPay from forged ones.',
					},
				);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const request = this.getRequestObject();
		if (!request.rawBody) await request.readRawBody?.();
		const secret = await secretOf(this);
		const delivery = secret
			? readDelivery({ rawBody: request.rawBody, headers: this.getHeaderData() as never }, secret)
			: NO_SECRET;
		if ('reason' in delivery) return refuse(this, delivery);

		const { event, deliveryId, body, headers } = delivery;
		const chosen = this.getNodeParameter('events', []) as string[];
		const custom = this.getNodeParameter('customEvents', '') as string;
		if (!isWanted(event, chosen, custom)) return { webhookResponse: { ignored: event } };

		const item: IDataObject = {
			event,
			deliveryId: deliveryId ?? null,
			receivedAt: new Date().toISOString(),
			body,
			headers,
		};
		const workflowData = [[{ json: item }]];
		// In the editor one event is sent again and again.
		if (this.getMode() === 'manual') return { workflowData };

		const state = this.getWorkflowStaticData('node') as ReplayState;
		const memory = memoryOf(keyOf(this));
		const mark = markOf(delivery);
		const verdict = await memory.claim(mark, this.getResponseObject(), state);
		if (verdict === 'repeated') return { webhookResponse: { repeated: deliveryId ?? true } };
		if (verdict === 'undecided') return refuse(this, UNDECIDED);
		return {
			workflowData,
			// n8n asks for the answer when it has stored the execution; with none it gives its own.
			get webhookResponse() {
				memory.stored(mark, state);
				return undefined;
			},
		};
	}
}

const NO_SECRET: Refusal = {
	status: 401,
	reason: 'The credential has no Webhook Secret',
	hint: 'Copy the signing secret of this address from the KuvarPay dashboard into the credential.',
};
const UNDECIDED: Refusal = {
	status: 503,
	reason: 'n8n is still storing an earlier copy of this delivery',
	hint: 'It has to be sent again. If this goes on, n8n or its database is too slow to answer within 30 seconds.',
};

function refuse(context: IWebhookFunctions, refusal: Refusal): IWebhookResponseData {
	const { status, reason } = refusal;
	const line = refusalLine(keyOf(context), refusal, performance.now());
	if (line) {
		const { name } = context.getWorkflow();
		context.logger.warn(`"${context.getNode().name}" of the workflow "${name}" ${line}`);
	}
	context.getResponseObject().status(status).json({ error: reason }).end();
	return { noWebhookResponse: true };
}

/** Identifies a node within this n8n, whatever it is called. */
function keyOf(context: IWebhookFunctions): string {
	return `${context.getWorkflow().id}/${context.getNode().id}`;
}

async function secretOf(context: IHookFunctions | IWebhookFunctions): Promise<string | undefined> {
	const { webhookSecret } = await context.getCredentials(CREDENTIAL);
	return typeof webhookSecret === 'string' ? webhookSecret.trim() || undefined : undefined;
}

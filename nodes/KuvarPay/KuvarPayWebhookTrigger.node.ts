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
import { isReplay, type ReplayState } from './webhook/replays';

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
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
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
			: { status: 401, reason: 'The credential has no Webhook Secret' };
		if ('reason' in delivery) {
			this.getResponseObject().status(delivery.status).json({ error: delivery.reason }).end();
			return { noWebhookResponse: true };
		}

		const { event, deliveryId, signature, body, headers } = delivery;
		const chosen = this.getNodeParameter('events', []) as string[];
		const custom = this.getNodeParameter('customEvents', '') as string;
		if (!isWanted(event, chosen, custom)) return { webhookResponse: { ignored: event } };

		const state = this.getWorkflowStaticData('node') as ReplayState;
		const node = `${this.getWorkflow().id}/${this.getNode().id}/${this.getMode()}`;
		const marks = [signature, ...(deliveryId ? [deliveryId] : [])];
		if (isReplay(node, state, marks)) return { webhookResponse: { repeated: deliveryId ?? true } };

		const item: IDataObject = {
			event,
			deliveryId: deliveryId ?? null,
			receivedAt: new Date().toISOString(),
			body,
			headers,
		};
		return { workflowData: [[{ json: item }]] };
	}
}

async function secretOf(context: IHookFunctions | IWebhookFunctions): Promise<string | undefined> {
	const { webhookSecret } = await context.getCredentials(CREDENTIAL);
	return typeof webhookSecret === 'string' && webhookSecret !== '' ? webhookSecret : undefined;
}

import type {
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { toNodeError } from './api/nodeError';
import { readSettings, triggerProperties } from './triggers/stream';
import { testTrigger } from './stream/sample';
import { runTrigger } from './stream/trigger';

export class KuvarPayTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'KuvarPay Trigger',
		name: 'kuvarPayTrigger',
		icon: { light: 'file:kuvarpay.svg', dark: 'file:kuvarpay.dark.svg' },
		group: ['trigger'],
		version: [1],
		subtitle:
			'={{ { openTransactions: "all open transactions", checkoutSession: "checkout sessions", transaction: "transactions", subscription: "all subscriptions" }[$parameter["watch"]] }}',
		description:
			'Starts the workflow the moment a KuvarPay payment changes, without a public web address',
		eventTriggerDescription: 'Waiting for the payment to change',
		activationMessage: 'You can now make payments; each change starts this workflow.',
		defaults: { name: 'KuvarPay Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'kuvarPayApi', required: true }],
		builderHint: {
			searchHint:
				'The usual way to start a workflow when a KuvarPay payment is completed, expires, fails or is refunded. Needs no public web address, no webhook and no ID: with Watch set to "openTransactions" it finds payments by itself. Choose statuses such as ["COMPLETED"], or every change starts the workflow. The payment is under data of the item, its status under status. For subscriptions set Watch to "subscription" and operation to statuses such as ["PAST_DUE"]. Prefer it to the KuvarPay Webhook Trigger unless n8n can be reached from the internet and account events are wanted.',
			relatedNodes: [
				{
					nodeType: 'n8n-nodes-kuvarpay.kuvarPay',
					relationHint: 'Makes payments, and reads one again before goods leave',
				},
				{
					nodeType: 'n8n-nodes-kuvarpay.kuvarPayWebhookTrigger',
					relationHint: 'The other way round: KuvarPay calls n8n, which must be public',
				},
			],
		},
		triggerPanel: {
			header: 'Watch a payment',
			executionsHelp: {
				inactive:
					'<b>While building your workflow</b>, click the button to get the current state of the payment as sample data.<br /><br /><b>When it is ready</b>, publish the workflow. It then listens on its own and starts at every change. These executions are in the executions list, not in the editor.',
				active:
					'<b>While building your workflow</b>, click the button to get the current state of the payment as sample data.<br /><br /><b>Your workflow is published</b>, so it also starts by itself at every change. These executions are in the executions list, not in the editor.',
			},
			activationHint: 'Publish the workflow, and it starts by itself at every change.',
		},
		properties: triggerProperties,
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		// In a test n8n accepts nothing before it calls manualTriggerFunction, so nothing is opened here.
		if (this.getMode() === 'manual') {
			const closing = new AbortController();
			return {
				manualTriggerFunction: async () => {
					try {
						await testTrigger(this, readSettings(this), closing.signal);
					} catch (error) {
						throw toNodeError(this.getNode(), error);
					}
				},
				closeFunction: async () => closing.abort(),
			};
		}
		try {
			return await runTrigger(this, readSettings(this));
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	}
}

import type { IDataObject } from 'n8n-workflow';
import type { WebhookOpened, WebhookParams, WebhookReply, WebhookRequest } from './protocol';
import type { Runtime } from './runtime';
import type { StateStore } from './state';
import type { Report } from './triggers';

export interface OpenWebhook {
	opened: WebhookOpened;
	request(request: WebhookRequest): Promise<WebhookReply>;
	close(): Promise<void>;
	staticData(): IDataObject;
}

export async function openWebhook(
	_runtime: Runtime,
	_state: StateStore,
	_params: WebhookParams,
	_report: Report,
): Promise<OpenWebhook> {
	throw new Error('not yet');
}

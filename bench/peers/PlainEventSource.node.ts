import { EventSource, type FetchLikeResponse } from 'eventsource';
import type {
	IN8nHttpFullResponse,
	INodeType,
	INodeTypeDescription,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import type { Readable } from 'node:stream';

/** The floor for streams: `eventsource` over n8n's HTTP helper, and nothing else. */
export class PlainEventSource implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plain EventSource',
		name: 'plainEventSource',
		group: ['trigger'],
		version: 1,
		description: 'Emits every update of every stream',
		defaults: { name: 'Plain EventSource' },
		inputs: [],
		outputs: ['main'],
		credentials: [{ name: 'kuvarPayApi', required: true }],
		properties: [{ displayName: 'URLs', name: 'urls', type: 'json', default: '[]' }],
	};

	async trigger(this: ITriggerFunctions): Promise<ITriggerResponse> {
		const connect = async (
			url: string | URL,
			init: { headers: Record<string, string>; signal: unknown },
		): Promise<FetchLikeResponse> => {
			const response = (await this.helpers.httpRequestWithAuthentication.call(this, 'kuvarPayApi', {
				url: String(url),
				headers: init.headers,
				encoding: 'stream',
				returnFullResponse: true,
				ignoreHttpStatusErrors: true,
				disableFollowRedirect: true,
				abortSignal: init.signal as AbortSignal,
			})) as IN8nHttpFullResponse;
			const body = response.body as unknown as Readable;
			body.once('error', () => undefined);
			const chunks = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
			return {
				status: response.statusCode,
				url: String(url),
				redirected: false,
				headers: { get: (name) => (response.headers[name.toLowerCase()] as string) ?? null },
				body: {
					getReader: () => ({
						read: async () => {
							const { done, value } = await chunks.next();
							return done ? ({ done: true } as const) : ({ done: false, value } as const);
						},
						cancel: async () => void body.destroy(),
					}),
				},
			};
		};
		const urls = this.getNodeParameter('urls') as string[];
		const sources = urls.map((url) => {
			const source = new EventSource(url, { fetch: connect });
			source.addEventListener('session_update', ({ data }) =>
				this.emit([this.helpers.returnJsonArray([JSON.parse(data)])]),
			);
			return source;
		});
		return {
			closeFunction: async () => sources.forEach((source) => source.close()),
		};
	}
}

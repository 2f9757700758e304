import type { IExecuteFunctions, IHttpRequestOptions, ITriggerFunctions } from 'n8n-workflow';
import { openClient } from '../../nodes/KuvarPay/api/client';

type Options = { credentialsDecrypted?: { data: Record<string, unknown> } } | undefined;

let count = 0;

/** A node's context; n8n's helper answers with the statuses given, in turn. */
function contextOf(statuses: number[], own: Record<string, unknown>) {
	const credential = {
		apiKey: `key-${++count}`,
		baseUrl: 'https://pay.example',
		businessBaseUrl: 'https://biz.example',
		foundFormat: '',
	};
	let reads = 0;
	const sent: Options[] = [];
	const context = {
		getCredentials: async () => ({ ...credential, businessId: `read-${++reads}` }),
		logger: { warn: () => undefined },
		helpers: {
			httpRequestWithAuthentication: async (
				_type: string,
				_options: IHttpRequestOptions,
				credentials: Options,
			) => {
				sent.push(credentials);
				return { statusCode: statuses.shift() ?? 200 };
			},
		},
		...own,
	};
	return { context, sent };
}

const request: IHttpRequestOptions = { url: 'https://pay.example/a' };

describe('what n8n is asked for', () => {
	it('is the credential once for a run, and again when it is refused: it may have changed', async () => {
		const { context, sent } = contextOf([200, 401, 200], {
			getExecutionCancelSignal: () => undefined,
		});
		const client = await openClient(context as unknown as IExecuteFunctions);
		for (let n = 0; n < 3; n++) await client.http('kuvarPayApi', request);
		const read = sent.map((options) => options?.credentialsDecrypted?.data);
		expect(read.map((data) => data?.businessId)).toEqual(['read-1', 'read-1', 'read-2']);
		// n8n asks the server for the form of the key where it finds none.
		expect(read.every((data) => data?.foundFormat === 'raw')).toBe(true);
	});

	it('is the credential for each request of a trigger, which may run for weeks', async () => {
		const { context, sent } = contextOf([], { emit: () => undefined });
		const client = await openClient(context as unknown as ITriggerFunctions);
		await client.http('kuvarPayApi', request);
		expect(sent).toEqual([undefined]);
	});
});

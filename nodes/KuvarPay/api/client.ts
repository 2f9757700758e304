import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
	ITriggerFunctions,
} from 'n8n-workflow';
import { connectionOf, CREDENTIAL } from './connection';
import { FOUND_FORM, isFormKnown, KEY_FORMS } from './keyForms';
import { Pace } from './pace';
import type { Client } from './request';

type Context = IExecuteFunctions | ILoadOptionsFunctions | ITriggerFunctions;

/**
 * Opens the one way out of a node: host and secrets of its credential, and its part in the traffic
 * of all that use this server and key.
 * @param max most items at once; without it as many as the server takes
 */
export async function openClient(context: Context, max?: number): Promise<Client> {
	const isAction = 'getExecutionCancelSignal' in context;
	const signal = isAction ? context.getExecutionCancelSignal() : undefined;
	const credential: ICredentialDataDecryptedObject = await context.getCredentials(CREDENTIAL);
	const connection = connectionOf(credential);
	// A trigger runs for weeks, in which the credential may change: n8n reads it for each request. All
	// others take what they have read, which n8n would read from its database for every item.
	let held = 'emit' in context ? undefined : withForm(credential);
	const { origin } = connection.hosts.payments;
	if (held && !isFormKnown(credential, origin)) connection.learned.traffic.scout();
	const hinted = new Set<string>();
	return {
		connection,
		pace: new Pace(max, signal, connection.learned.traffic, isAction ? 'action' : 'look'),
		http: async (type, options) => {
			const response = (await context.helpers.httpRequestWithAuthentication.call(
				contextFor(context, options),
				type,
				options,
				held && { credentialsDecrypted: { id: '', name: type, type, data: held } },
			)) as IN8nHttpFullResponse;
			if (held && response.statusCode === 401) {
				// The key may have been changed meanwhile.
				held = withForm(await context.getCredentials(CREDENTIAL));
			}
			return response;
		},
		httpWithoutKey: async (options) => await context.helpers.httpRequest.call(context, options),
		log: (message) => context.logger.warn(connection.redact(message)),
		hint: (message) => {
			if (!isAction || hinted.has(message)) return;
			hinted.add(message);
			context.addExecutionHints({ message, location: 'outputPane' });
		},
		signal,
	};
}

/** With a form for the key, so that n8n does not ask for one: the first request finds it out. */
const withForm = (credential: ICredentialDataDecryptedObject): ICredentialDataDecryptedObject => ({
	...credential,
	[FOUND_FORM]: credential[FOUND_FORM] || KEY_FORMS[0],
});

/**
 * In an execution n8n takes the signal that ends a request from the context and not from the options.
 * So a request that has a signal of its own gets a context with that one.
 */
function contextFor(context: Context, { abortSignal }: IHttpRequestOptions): Context {
	if (!abortSignal || !('getExecutionCancelSignal' in context)) return context;
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => abortSignal },
	}) as Context;
}

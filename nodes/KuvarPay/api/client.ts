import type {
	IExecuteFunctions,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	ITriggerFunctions,
} from 'n8n-workflow';
import { connectionOf } from './connection';
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
	const connection = await connectionOf(context);
	const hinted = new Set<string>();
	return {
		connection,
		pace: new Pace(max, signal, connection.learned.traffic, isAction ? 'action' : 'look'),
		http: async (type, options) =>
			await context.helpers.httpRequestWithAuthentication.call(
				contextFor(context, options),
				type,
				options,
			),
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

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

/** Opens the one way out of a node: host and secrets of its credential, and a shared pace. */
export async function openClient(context: Context, concurrency: number): Promise<Client> {
	const signal =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const connection = await connectionOf(context);
	return {
		connection,
		pace: new Pace(concurrency, signal),
		http: async (type, options) =>
			await context.helpers.httpRequestWithAuthentication.call(
				contextFor(context, options),
				type,
				options,
			),
		httpWithoutKey: async (options) => await context.helpers.httpRequest.call(context, options),
		log: (message) => context.logger.warn(connection.redact(message)),
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

import type { IExecuteFunctions, ILoadOptionsFunctions, ITriggerFunctions } from 'n8n-workflow';
import { connectionOf } from './connection';
import { Pace } from './pace';
import type { Client } from './request';

/** Opens the one way out of a node: host and secrets of its credential, and a shared pace. */
export async function openClient(
	context: IExecuteFunctions | ILoadOptionsFunctions | ITriggerFunctions,
	concurrency: number,
): Promise<Client> {
	const signal =
		'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	const connection = await connectionOf(context);
	return {
		connection,
		pace: new Pace(concurrency, signal),
		http: async (type, options) =>
			await context.helpers.httpRequestWithAuthentication.call(context, type, options),
		httpWithoutKey: async (options) => await context.helpers.httpRequest.call(context, options),
		log: (message) => context.logger.warn(connection.redact(message)),
		signal,
	};
}

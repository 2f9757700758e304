import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { openClient } from '../api/client';
import { toNodeError } from '../api/nodeError';
import { clientUntil } from './client';
import { realClock, type Clock } from './clock';
import { Activation } from './activation';
import type { TriggerSettings } from './settings';

/**
 * The life of an active trigger: opens what is to be watched, and rejects when that is refused;
 * afterwards trouble that passes is waited out, and a refusal for good is told n8n once.
 */
export async function runTrigger(
	context: ITriggerFunctions,
	settings: TriggerSettings,
	clock: Clock = realClock,
): Promise<ITriggerResponse> {
	const closing = new AbortController();
	const client = clientUntil(closing.signal, await openClient(context, 1), clock);
	const activation = new Activation(context, client, settings, (error) => {
		if (closing.signal.aborted) return;
		stop();
		context.emitError(toNodeError(context.getNode(), error));
	});
	const stop = () => {
		activation.close();
		closing.abort();
	};
	let isStarted = false;
	try {
		await activation.start();
		isStarted = true;
	} finally {
		if (!isStarted) stop();
	}
	return { closeFunction: async () => stop() };
}

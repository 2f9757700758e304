import type { ITriggerFunctions, ITriggerResponse } from 'n8n-workflow';
import { openClient } from '../api/client';
import { ApiError, InputError, toNodeError } from '../api/errors';
import { collect } from '../api/pagination';
import type { Client } from '../api/request';
import { targetOf } from '../api/routes';
import { pause } from '../api/timers';
import { clientUntil } from './client';
import { Delivery, type TriggerState } from './delivery';
import { Discovery } from './discovery';
import type { Emission } from './ledger';
import { Monitor, emissionOf } from './monitor';
import { sources, type Source } from '../payments/sources';
import { readState } from './watcher';

/** The trigger's parameters, read and checked. */
export interface TriggerSettings {
	source: Source;
	/** What to watch; undefined for every open transaction. */
	ids?: string[];
	anyUpdate: boolean;
	statuses: string[];
	emitCurrentState: boolean;
	/** ms */
	idleTimeout: number;
	/** ms */
	discoveryInterval: number;
	maxStreams: number;
	authToken?: string;
	shape: (emission: Emission) => Emission;
}

/**
 * The life of an active trigger: opens what is to be watched, and rejects when that is refused;
 * afterwards trouble that passes is waited out, and a refusal for good is told n8n once.
 */
export async function runTrigger(
	context: ITriggerFunctions,
	settings: TriggerSettings,
): Promise<ITriggerResponse> {
	const closing = new AbortController();
	const client = clientUntil(closing.signal, await openClient(context, 1));
	const trigger = assemble(context, client, settings, (error) => {
		if (closing.signal.aborted) return;
		stop();
		context.emitError(toNodeError(context.getNode(), error));
	});
	const stop = () => {
		closing.abort();
		trigger.monitor.close();
	};

	let started = false;
	try {
		trigger.delivery.redeliver();
		if (settings.ids) await watchAll(trigger.monitor, settings.ids);
		else await discover(trigger.discovery, client, settings, trigger.fail);
		started = true;
	} finally {
		if (!started) stop();
	}
	trigger.started();
	return { closeFunction: async () => stop() };
}

function assemble(
	context: ITriggerFunctions,
	client: Client & { signal: AbortSignal },
	settings: TriggerSettings,
	fail: (error: Error) => void,
) {
	const state = context.getWorkflowStaticData('node') as TriggerState;
	const delivery = new Delivery(context, state, settings.shape, client.signal);
	let running = false;
	const monitor = new Monitor(
		{
			...settings,
			client,
			onRefused: (id, refusal) => {
				// During activation the refusal is the activation's own error.
				if (!running && settings.ids) return;
				const { status } = refusal.failure;
				// One transaction of many may vanish; a refused key concerns all.
				if (!settings.ids && status !== 401 && status !== 403)
					client.log(`The stream of transaction ${id} was refused: ${refusal.message}`);
				else fail(named(refusal, settings.source, id));
			},
			onBadEvent: (id, error) =>
				reportBadEvent(
					context,
					`KuvarPay sent an event of ${settings.source.noun} ${id} that cannot be read: ${error.message}`,
				),
		},
		state,
		delivery,
	);
	const discovery = new Discovery(client, monitor, state, settings.maxStreams);
	return { delivery, monitor, discovery, fail, started: () => (running = true) };
}

/** A failed execution where n8n offers it, so that the error workflow runs; else a log line. */
function reportBadEvent(context: ITriggerFunctions, message: string): void {
	const error = toNodeError(
		context.getNode(),
		new InputError(message, 'The stream goes on. If it comes again, ask KuvarPay about it.'),
	);
	if (typeof context.saveFailedExecution === 'function') context.saveFailedExecution(error);
	else context.logger.error(message);
}

async function watchAll(monitor: Monitor, ids: string[]): Promise<void> {
	const wanted = new Set(ids);
	monitor.forget((id) => wanted.has(id));
	await Promise.all(ids.map(async (id) => await monitor.watch(id)));
}

async function discover(
	discovery: Discovery,
	{ signal, log }: Client & { signal: AbortSignal },
	{ discoveryInterval }: TriggerSettings,
	fail: (error: Error) => void,
): Promise<void> {
	const tolerate = (error: Error) => {
		if (!(error instanceof ApiError) || !error.failure.transient) throw error;
		log(`Open transactions could not be listed: ${error.message}. The next round tries again.`);
	};
	const round = async () => await discovery.round().catch(tolerate);
	const repeat = async () => {
		for (;;) {
			await pause(discoveryInterval, signal);
			await round();
		}
	};
	await round();
	repeat().catch((error: Error) => {
		if (!signal.aborted) fail(error);
	});
}

function named(refusal: ApiError, source: Source, id: string): ApiError {
	return new ApiError({
		...refusal.failure,
		message: `The stream of ${source.noun} ${id} ended: ${refusal.message}`,
	});
}

/**
 * A test in the editor: the current state of the first thing to watch is emitted at once. Where
 * there is nothing yet, the first transaction that turns up is.
 */
export async function testTrigger(
	context: ITriggerFunctions,
	settings: TriggerSettings,
	signal: AbortSignal,
): Promise<void> {
	const client = clientUntil(signal, await openClient(context, 1));
	const { source, ids, shape } = settings;
	let id = ids?.[0];
	while (id === undefined) {
		id = await newestTransaction(client);
		if (id === undefined) await pause(2_000, signal);
	}
	const update = await readState({ client, source, id });
	signal.throwIfAborted();
	context.emit([[{ json: shape(emissionOf(source, id, update)) }]]);
}

async function newestTransaction(client: Client): Promise<string | undefined> {
	const [newest] = await collect(
		client,
		{
			target: targetOf('transaction.getAll'),
			maxRetries: 1,
			timeout: 30_000,
		},
		1,
	);
	return newest && sources.transaction.idOf(newest);
}

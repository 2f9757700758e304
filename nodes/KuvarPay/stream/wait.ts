import type { IDataObject } from 'n8n-workflow';
import { ApiError, InputError } from '../api/errors';
import type { Call, Client } from '../api/request';
import { pause } from '../api/timers';
import { clientUntil } from './client';
import { judge, type Emission, type Seen, type Update } from './ledger';
import { emissionOf } from './monitor';
import { type Source } from '../payments/sources';
import { isFinal } from '../payments/statuses';
import { Watcher, readState, streamUrl } from './watcher';

export interface WaitSettings {
	source: Source;
	id: string;
	waitFor: 'finalStatus' | 'anyUpdate' | 'statuses';
	/** For `statuses`. */
	statuses: string[];
	/** ms */
	timeout: number;
	onTimeout: 'error' | 'output';
}

/** What the operation returns: the trigger's item and how it came about. */
export interface Waited extends Emission {
	timedOut: boolean;
	/**
	 * `read`: it was so already, or had become so while the stream was not connected; `polling`: the
	 * stream was refused, so REST was read again and again.
	 */
	learnedFrom: 'read' | 'stream' | 'polling';
}

/** Silence after which a stream counts as dead, and time between two reads without one, in ms. */
const IDLE_TIMEOUT = 90_000;
const POLL_INTERVAL = 5_000;

/**
 * Waits inside an execution until an object gets where it is wanted. Listens to its stream; where
 * streams are refused (a proxy, a wrong path) it reads the object every few seconds instead.
 * @param call the stream's request
 * @throws InputError when the time is over, or the object came to another end than the wanted one
 */
export async function waitForUpdate(
	runClient: Client,
	call: Call,
	settings: WaitSettings,
): Promise<IDataObject> {
	const { source, id, onTimeout } = settings;
	const ending = new AbortController();
	const { signal } = ending;
	const stop = () => ending.abort();
	runClient.signal?.addEventListener('abort', stop, { once: true });
	const client = clientUntil(signal, runClient);
	const first = await readState({ client, source, id });
	let { next: seen } = judge(undefined, first, true);
	let latest = { ...emissionOf(source, id, first), learnedFrom: 'read' } as Waited;
	const timer = pause(settings.timeout, signal).then(() => 'timeout' as const);
	try {
		if (!isReached(latest, settings, false)) {
			const reached = new Promise<'reached'>((resolve, reject) => {
				const take = (update: Update, learnedFrom: Waited['learnedFrom']) => {
					const { isNews, next } = judge(seen, update, true);
					const emission = emissionOf(source, id, update, seen);
					seen = next;
					if (!isNews) return;
					latest = { ...emission, learnedFrom } as Waited;
					if (isReached(latest, settings, true)) resolve('reached');
				};
				watch(client, call, settings, () => seen, take).catch(reject);
			});
			const outcome = await Promise.race([reached, timer]);
			if (outcome === 'timeout' && onTimeout === 'error') throw timeIsOver(latest, settings);
			return { ...latest, timedOut: outcome === 'timeout' };
		}
		return { ...latest, timedOut: false };
	} finally {
		timer.catch(() => undefined);
		runClient.signal?.removeEventListener('abort', stop);
		stop();
	}
}

/** Runs until the signal aborts; every state goes to `take`. */
async function watch(
	client: Client & { signal: AbortSignal },
	call: Call,
	{ source, id }: WaitSettings,
	seen: () => Seen,
	take: (update: Update, learnedFrom: Waited['learnedFrom']) => void,
): Promise<void> {
	const refused = await new Promise<ApiError>((resolve, reject) => {
		const watcher = new Watcher({
			client,
			source,
			id,
			url: streamUrl(client, call.target, call.query),
			idleTimeout: IDLE_TIMEOUT,
			down: new Map(),
			seen,
			onUpdate: (update) =>
				guarded(reject, () => take(update, update.from === 'stream' ? 'stream' : 'read')),
			onRefused: resolve,
			onBadEvent: (error) => client.log(`An event could not be read: ${error.message}`),
		});
		watcher.start().catch(() => undefined);
		client.signal.addEventListener('abort', () => {
			watcher.close();
			reject(client.signal.reason);
		});
	});
	client.log(`The stream was refused, so the status is read every few seconds: ${refused.message}`);
	for (;;) {
		try {
			take(await readState({ client, source, id }), 'polling');
		} catch (error) {
			if (!(error instanceof ApiError) || !error.failure.transient) return Promise.reject(error);
			client.log(`The status could not be read: ${error.message}`);
		}
		await pause(POLL_INTERVAL, client.signal);
	}
}

function guarded(fail: (error: unknown) => void, task: () => void): void {
	try {
		task();
	} catch (error) {
		fail(error);
	}
}

/** @throws InputError when nothing will change any more and the wanted status was not among it */
function isReached(
	{ status }: Waited,
	{ source, waitFor, statuses }: WaitSettings,
	changed: boolean,
): boolean {
	if (waitFor === 'anyUpdate' && changed) return true;
	if (waitFor === 'finalStatus' && isFinal(status)) return true;
	if (waitFor === 'statuses' && statuses.includes(status)) return true;
	if (!isFinal(status)) return false;
	const end = `The ${source.noun} has ended as ${status}`;
	throw waitFor === 'statuses'
		? new InputError(
				`${end} and will not become ${statuses.join(' or ')}`,
				`To go on in this case too, add ${status} to Statuses or handle the error output of the node.`,
			)
		: new InputError(
				`${end}, so it will not change any more`,
				'To go on in this case too, set Wait For to Final Status or handle the error output of the node.',
			);
}

function timeIsOver({ status }: Waited, { source, timeout }: WaitSettings): InputError {
	return new InputError(
		`The ${source.noun} is still ${status} after ${timeout / 1000} seconds`,
		'Raise Timeout, or set On Timeout to Output to go on with the state as it is. The payment itself is not affected.',
	);
}

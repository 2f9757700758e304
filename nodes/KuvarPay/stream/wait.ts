import type { IDataObject } from 'n8n-workflow';
import { InputError } from '../api/errors';
import type { Call, Client } from '../api/request';
import type { Source } from '../payments/sources';
import { isFinal } from '../payments/statuses';
import { Access } from './access';
import { clientUntil, type LastingClient } from './client';
import { realClock, type Clock } from './clock';
import { Follower } from './follower';
import { judge, type Emission, type Seen, type Update } from './ledger';
import { emissionOf } from './monitor';
import { readState } from './read';

export interface WaitSettings {
	source: Source;
	id: string;
	waitFor: 'finalStatus' | 'anyUpdate' | 'statuses';
	/** For `statuses`. */
	statuses: string[];
	/** ms */
	timeout: number;
	onTimeout: 'error' | 'output';
	/** The session's own token, sent in the place of the key. */
	authToken?: string;
}

/** What the operation returns: the trigger's item, and whether the time was over. */
export interface Waited extends Emission {
	timedOut: boolean;
}

/** Silence after which a stream counts as dead, and time between two reads without one, in ms. */
const IDLE_TIMEOUT = 90_000;
const POLL_INTERVAL = 5_000;

const READ_INSTEAD =
	'KuvarPay refused the event stream, so the status was read every few seconds instead. A change was seen a little later than it happened. Check Connection tells who may open streams.';

/**
 * Waits inside an execution until an object gets where it is wanted. Listens to its stream; where
 * streams are refused it reads the object every few seconds instead.
 * @param call the stream's request
 * @throws InputError when the time is over, or the object came to another end than the wanted one
 */
export async function waitForUpdate(
	runClient: Client,
	call: Call,
	settings: WaitSettings,
	clock: Clock = realClock,
): Promise<IDataObject> {
	const { source, id, onTimeout } = settings;
	const ending = new AbortController();
	const { signal } = ending;
	const stop = () => ending.abort();
	runClient.signal?.addEventListener('abort', stop, { once: true });
	const client = clientUntil(signal, runClient, clock);
	const timer = clock.pause(settings.timeout, signal).then(() => 'timeout' as const);
	timer.catch(() => undefined);
	try {
		const first = await readState(client, source, id);
		const waiting = new Waiting(client, settings, first);
		if (isReached(waiting.latest, settings, false)) return { ...waiting.latest, timedOut: false };
		const outcome = await Promise.race([waiting.follow(call), timer]);
		const isOver = outcome === 'timeout';
		if (waiting.isRead) runClient.hint(READ_INSTEAD);
		if (isOver && onTimeout === 'error') throw timeIsOver(waiting.latest, settings);
		return { ...waiting.latest, timedOut: isOver };
	} finally {
		runClient.signal?.removeEventListener('abort', stop);
		stop();
	}
}

/** What has been learned so far. */
class Waiting {
	latest: Emission;
	readonly #access: Access;
	#seen: Seen;

	constructor(
		private readonly client: LastingClient,
		private readonly settings: WaitSettings,
		first: Update,
	) {
		this.#access = new Access(client, settings.source, settings.authToken);
		this.#seen = this.#judge(first).next;
		this.latest = emissionOf(settings.source, settings.id, first, client.clock.now());
	}

	/** Whether it is read, because its stream was refused. */
	get isRead(): boolean {
		return this.#access.isReplaced;
	}

	/** Resolves when the object is where it is wanted. */
	async follow(call: Call): Promise<'reached'> {
		const { client, settings } = this;
		const { source, id } = settings;
		return await new Promise((resolve, reject) => {
			const follower = new Follower({
				client,
				source,
				id,
				access: this.#access,
				target: call.target,
				query: call.query,
				idleTimeout: IDLE_TIMEOUT,
				pollInterval: POLL_INTERVAL,
				// Its end is an outcome.
				watchAfterEnd: 0,
				down: new Map(),
				seen: () => this.#seen,
				onUpdate: (update) => {
					const { isNews, isDoubtful } = this.#take(update);
					try {
						if (isNews && isReached(this.latest, settings, true)) resolve('reached');
					} catch (error) {
						reject(error);
					}
					return isDoubtful;
				},
				onBadEvent: (error) => client.log(`An event could not be read: ${error.message}`),
			});
			client.signal.addEventListener('abort', () => {
				follower.close();
				reject(client.signal.reason);
			});
			follower.run().catch(reject);
		});
	}

	#take(update: Update) {
		const { client, settings } = this;
		const judgement = this.#judge(update);
		if (judgement.isNews)
			this.latest = emissionOf(
				settings.source,
				settings.id,
				update,
				client.clock.now(),
				this.#seen,
			);
		this.#seen = judgement.next;
		return judgement;
	}

	#judge(update: Update) {
		const taste = { anyUpdate: true, byContent: false, now: this.client.clock.now() };
		return judge(this.#seen, update, taste);
	}
}

/** @throws InputError when it has ended, and the wanted status was not among what came */
function isReached(
	{ status }: Emission,
	{ source, waitFor, statuses }: WaitSettings,
	hasChanged: boolean,
): boolean {
	if (waitFor === 'anyUpdate' && hasChanged) return true;
	if (waitFor === 'finalStatus' && isFinal(status)) return true;
	if (waitFor === 'statuses' && statuses.includes(status)) return true;
	if (!isFinal(status)) return false;
	const end = `The ${source.noun} has ended as ${status}`;
	throw waitFor === 'statuses'
		? new InputError(
				`${end} and not as ${statuses.join(' or ')}`,
				`To go on in this case too, add ${status} to Statuses or handle the error output of the node. A late payment or a refund may still change it: the KuvarPay Trigger tells of these.`,
			)
		: new InputError(
				`${end}, so no update is waited for`,
				'To go on in this case too, set Wait For to Final Status or handle the error output of the node. A late payment or a refund may still change it: the KuvarPay Trigger tells of these.',
			);
}

function timeIsOver({ status }: Emission, { source, timeout }: WaitSettings): InputError {
	return new InputError(
		`The ${source.noun} is still ${status} after ${timeout / 1000} seconds`,
		'Raise Timeout, or set On Timeout to Output to go on with the state as it is. The payment itself is not affected.',
	);
}

import type { IDataObject } from 'n8n-workflow';
import { urlFor, type Query } from '../api/connection';
import { ApiError } from '../api/errors';
import { readJson } from '../api/json';
import { unwrap } from '../api/answer';
import { send, type Client } from '../api/request';
import { targetOf, type Target } from '../api/routes';
import { pause } from '../api/timers';
import { withSignal } from './client';
import { judge, objectOf, type Seen, type Update } from './ledger';
import { LiveStream, type Down } from './liveStream';
import { Replay } from './replay';
import { UPDATE_EVENTS, type Source } from '../payments/sources';

export interface WatchOptions {
	client: Client;
	source: Source;
	id: string;
	/** The stream's address when it is not the usual one. */
	url?: string;
	authToken?: string;
	/** ms */
	idleTimeout: number;
	/** Of all watchers. */
	down: Down;
	/** What was told last. */
	seen: () => Seen | undefined;
	onUpdate: (update: Update) => void;
	onRefused: (refusal: ApiError) => void;
	/** An event that cannot be read; the stream goes on. */
	onBadEvent: (error: Error) => void;
}

/** Most events of a stream that wait for the state to begin with. */
const MOST_EARLY = 1_000;

/** Pause before another try to read the state by REST, while the stream itself works, in ms. */
const READ_AGAIN = 5_000;

/** Watches one object: its stream, and after every (re)connect its state by REST. */
export class Watcher {
	#stream?: LiveStream;
	#closed = false;
	/** Ends the reading of the state: the next connection reads it anew. */
	#reading = new AbortController();
	/** What the last connection led to: the state is known, or the stream was refused. */
	#outcome?: Promise<void>;
	#complained = false;
	#isDown = false;
	readonly #replay = new Replay();
	/** Events from before the state to begin with was known; undefined once it is. */
	#early?: Array<() => void>;

	constructor(private readonly options: WatchOptions) {}

	/**
	 * Resolves after the first attempt, when the state to begin with is known: what changes afterwards
	 * is told. Rejects when the server refuses for good.
	 */
	async start(): Promise<void> {
		// Events wait for the state, so that a stream that begins by repeating it tells nothing new.
		if (!this.options.seen()) this.#early = [];
		this.#stream = this.#open();
		await this.#stream.started;
		// Also where the stream could not open yet, what changes from now on is told.
		if (!this.#outcome && !this.options.seen()) await this.#reconcile(false);
		await this.#outcome;
	}

	close(): void {
		this.#closed = true;
		this.#reading.abort();
		this.#stream?.close();
	}

	#open(): LiveStream {
		const { options } = this;
		const { client, source, id } = options;
		return new LiveStream(client, {
			url: options.url ?? streamUrl(client, targetOf(source.stream, { [source.idName]: id })),
			authToken: options.authToken,
			lastEventId: options.seen()?.eventId,
			idleTimeout: options.idleTimeout,
			down: options.down,
			onOpen: (resumed) => {
				this.#isDown = false;
				this.#outcome = this.#reconcile(resumed);
			},
			onEvent: ({ name, data, id: eventId }) => this.#take(name, data, eventId),
			onRefused: (refusal) => {
				this.#outcome = this.#end(refusal);
				// Only the start waits for it.
				this.#outcome.catch(() => undefined);
			},
			onDown: () => {
				if (!this.#isDown)
					client.log(`The stream of ${source.noun} ${id} is down, so its state is read instead.`);
				this.#isDown = true;
				void this.#reconcile(false);
			},
		});
	}

	#take(event: string, data: string, eventId: string): void {
		if (this.#early) {
			this.#early.push(() => this.#take(event, data, eventId));
			if (this.#early.length >= MOST_EARLY) this.#release();
			return;
		}
		try {
			this.options.onUpdate({ object: objectOf(readJson(data)), event, eventId, from: 'stream' });
			this.#complained = false;
		} catch (error) {
			// One complaint for a run of bad events: a broken server would flood the user with them.
			if (!this.#complained) this.options.onBadEvent(error as Error);
			this.#complained = true;
		}
	}

	#release(): void {
		const early = this.#early ?? [];
		this.#early = undefined;
		for (const take of early) take();
	}

	/**
	 * Tells what changed while no stream was open. A server that was told where the last stream
	 * stopped may repeat every state in between; these come first, so the REST state waits for them.
	 */
	async #reconcile(resumed: boolean): Promise<void> {
		if (this.#closed) return;
		// Or the reads of a stream that is cut again and again would stand in line, the latest at its end.
		this.#reading.abort();
		const { signal } = (this.#reading = new AbortController());
		const { client, source, id, seen } = this.options;
		try {
			const update = await readState({ client: withSignal(signal, client), source, id });
			const missing = () => judge(seen(), update, true).isNews;
			if (resumed && this.#stream) await this.#replay.wait(missing, this.#stream.silence, signal);
			if (signal.aborted) return;
			if (!missing()) this.#replay.caughtUp();
			else if (!resumed || !this.#replay.mayStillCome(this.#stream?.isOpen === true))
				this.options.onUpdate(update);
		} catch (error) {
			if (signal.aborted) return;
			client.log(
				`The state of ${source.noun} ${id} could not be read: ${(error as Error).message}`,
			);
			// Without a stream the next connection reads it.
			if (this.#stream && error instanceof ApiError && error.failure.transient)
				pause(READ_AGAIN, signal).then(
					async () => signal.aborted || (await this.#reconcile(false)),
					() => undefined,
				);
		} finally {
			if (!signal.aborted) this.#release();
		}
	}

	/** A stream may be refused because all is over: then REST tells the end, and that is all. */
	async #end(refusal: ApiError): Promise<void> {
		const { status } = refusal.failure;
		if (status !== 401 && status !== 403) await this.#reconcile(false);
		if (this.#closed) return;
		this.close();
		this.options.onRefused(refusal);
		throw refusal;
	}
}

/** The address of an event stream. */
export function streamUrl(
	{ connection }: Client,
	{ routes: [route] }: Target,
	query?: Query,
): string {
	return urlFor(connection.hosts[route.host], route.path, query);
}

/** The object as REST has it now, as an update. */
export async function readState({
	client,
	source,
	id,
}: Pick<WatchOptions, 'client' | 'source' | 'id'>): Promise<Update> {
	const body = await send(client, {
		target: targetOf(source.rest, { [source.idName]: id }),
		maxRetries: 4,
		timeout: 30_000,
	});
	return restUpdate(source, objectOf(unwrap(body)));
}

/**
 * What REST tells carries the name of the stream's event, so that a workflow that looks at the name
 * misses nothing.
 */
export function restUpdate(source: Source, object: IDataObject): Update {
	const event = UPDATE_EVENTS[source.resource === 'checkoutSession' ? 0 : 1];
	return { object, event, eventId: '', from: 'rest' };
}

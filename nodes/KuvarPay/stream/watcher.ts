import type { IDataObject } from 'n8n-workflow';
import type { Query } from '../api/connection';
import { outcomeOf } from '../api/outcome';
import { ApiError } from '../api/errors';
import { readJson } from '../api/json';
import type { Target } from '../api/routes';
import { isSignOfLife, objectIn } from '../payments/objects';
import type { Source } from '../payments/sources';
import type { Access, Way } from './access';
import { withSignal, type LastingClient } from './client';
import { Ending } from './ending';
import { judge, type Seen, type Update } from './ledger';
import { LiveStream, type Down, type StreamEvent } from './liveStream';
import { ONCE_MORE, isRefusal, readState, readToken } from './read';
import { Replay } from './replay';

export interface WatchOptions {
	client: LastingClient;
	source: Source;
	id: string;
	access: Access;
	/** Of the stream. */
	target: Target;
	query?: Query;
	/** ms */
	idleTimeout: number;
	/** Whether a list tells of it where no stream does, so that it need not be read alone. */
	isListed?: boolean;
	/** Of all watchers. */
	down: Down;
	/** What was told last. */
	seen: () => Seen | undefined;
	/** @returns whether it may be older than what is known, and is to be read once more */
	onUpdate: (update: Update) => boolean;
	/** An event that cannot be read; the stream goes on. */
	onBadEvent: (error: Error) => void;
}

/** Most events of a stream that wait for the state to begin with. */
const MOST_EARLY = 1_000;

/** Pause before another try to read the state by REST, while the stream itself works, in ms. */
const READ_AGAIN = 5_000;

/** Watches one object: its stream, and after every (re)connect its state by REST. */
export class Watcher {
	/**
	 * Resolves when the state to begin with is known, or cannot be read for a moment: what changes
	 * afterwards is told. Rejects when neither the stream nor REST lets it be known.
	 */
	readonly ready: Promise<void>;
	#isReady!: () => void;
	#isImpossible!: (error: unknown) => void;
	#stream?: LiveStream;
	/** Ends when the watcher is closed; who listens to the stream is told of it. */
	readonly #closing = new Ending();
	#whenClosed: () => void = () => undefined;
	/** Ends the reading of the state: the next connection reads it anew. */
	#reading = new Ending();
	/** The object as it was read last. */
	#object?: IDataObject;
	#complained = false;
	#isDown = false;
	readonly #replay: Replay;
	/** Events from before the state to begin with was known; undefined once it is. */
	#early?: Array<() => void>;
	/** An event said that something has changed, and not what; when that was read last, in ticks. */
	#isHinted = false;
	#hintReadAt = -Infinity;

	constructor(private readonly options: WatchOptions) {
		const { client, source } = options;
		this.#replay = new Replay(client.clock, client.connection.learned.repeats, source.resource);
		this.ready = new Promise((resolve, reject) => {
			this.#isReady = resolve;
			this.#isImpossible = reject;
		});
		// Who runs it hears of it as well.
		this.ready.catch(() => undefined);
		// Events wait for the state, so that a stream that begins by repeating it tells nothing new.
		if (!options.seen()) this.#early = [];
	}

	/**
	 * Runs until it is closed, or every way to open the stream was refused.
	 * @returns why; undefined when it was closed or streams are known to be refused
	 * @throws ApiError when REST refuses too
	 */
	async run(): Promise<ApiError | undefined> {
		const found = await this.options.access.turn();
		const outcome = await outcomeOf(this.#tryAll(found));
		const isClosed = this.#isClosed;
		if ('error' in outcome && !isClosed) this.#isImpossible(outcome.error);
		found();
		this.#isReady();
		this.close();
		if ('result' in outcome) return outcome.result;
		if (isClosed) return undefined;
		throw outcome.error;
	}

	/** @param found the way to this kind of stream is known: others need not wait for it */
	async #tryAll(found: () => void): Promise<ApiError | undefined> {
		const { access, client, source } = this.options;
		let refusal: ApiError | undefined;
		const token = async () => {
			if (!this.#object) await this.#reconcile(false, true);
			return await readToken(client, source, this.#object ?? {});
		};
		for await (const way of access.ways(token)) {
			if (this.#isClosed) return undefined;
			const own = await this.#listen(way, found);
			if (!own) return undefined;
			refusal ??= own;
			// It may be refused because all is over, and some of it was missed.
			await this.#reconcile(false, true);
		}
		if (!refusal && !this.options.isListed) await this.#reconcile(false, true);
		if (this.#isClosed) return undefined;
		if (refusal) access.refused(refusal, this.options.id);
		return refusal;
	}

	close(): void {
		this.#closing.end();
		this.#reading.end();
		this.#whenClosed();
		this.#stream?.close();
	}

	get #isClosed(): boolean {
		return this.#closing.isOver;
	}

	/** @returns why the stream was refused; undefined when the watcher was closed */
	async #listen(way: Way, found: () => void): Promise<ApiError | undefined> {
		const { options } = this;
		const { client, source, id, access } = options;
		return await new Promise((resolve) => {
			let isOver = false;
			this.#whenClosed = () => resolve(undefined);
			const stream = (this.#stream = new LiveStream(client, {
				target: options.target,
				query: options.query,
				authToken: way.authToken,
				lastEventId: options.seen()?.eventId,
				idleTimeout: options.idleTimeout,
				down: options.down,
				onOpen: (resumed) => {
					this.#isDown = false;
					access.opened(way);
					found();
					void this.#reconcile(resumed);
				},
				onEvent: (event) => this.#take(event),
				onRefused: (refusal) => {
					isOver = true;
					resolve(refusal);
				},
				onDown: () => {
					if (!this.#isDown)
						client.log(`The stream of ${source.noun} ${id} is down, so its state is read instead.`);
					this.#isDown = true;
					void this.#reconcile(false);
				},
			}));
			void stream.started.then(() => {
				if (isOver || stream.isOpen || this.#isClosed) return;
				// It cannot open for now: what changes from here on is told all the same.
				found();
				void this.#reconcile(false);
			});
		});
	}

	#take(event: StreamEvent): void {
		if (this.#isClosed) return;
		if (this.#early) {
			this.#early.push(() => this.#take(event));
			if (this.#early.length >= MOST_EARLY) this.#release();
			return;
		}
		const { name, data, id: eventId } = event;
		try {
			const payload = readEvent(name, data);
			const { source, id } = this.options;
			const object = objectIn(source, payload, id);
			const isDoubtful =
				object && this.options.onUpdate({ object, event: name, eventId, from: 'stream' });
			if (isDoubtful || (!object && !isSignOfLife(name, payload))) this.#hint();
			this.#complained = false;
		} catch (error) {
			// One complaint for a run of bad events: a broken server would flood the user with them.
			if (!this.#complained) this.options.onBadEvent(error as Error);
			this.#complained = true;
			this.#hint();
		}
	}

	/** Something has happened that the event does not tell: at most every few seconds it is read. */
	#hint(): void {
		if (this.#isHinted) return;
		this.#isHinted = true;
		const { clock } = this.options.client;
		clock
			.pause(Math.max(0, this.#hintReadAt + READ_AGAIN - clock.ticks()), this.#closing.signal)
			.then(
				async () => {
					this.#isHinted = false;
					this.#hintReadAt = clock.ticks();
					await this.#reconcile(false);
				},
				() => undefined,
			);
	}

	#release(): void {
		const early = this.#early ?? [];
		this.#early = undefined;
		for (const take of early) take();
	}

	/**
	 * Tells what changed while no stream was open. A server that was told where the last stream
	 * stopped may repeat every state in between; these come first, so the REST state waits for them.
	 * @param mustWork whether there is nothing else but REST
	 * @throws ApiError when REST refuses, and must work
	 */
	async #reconcile(resumed: boolean, mustWork = false): Promise<void> {
		if (this.#isClosed) return;
		// Or the reads of a stream that is cut again and again would stand in line, the latest at its end.
		this.#reading.end();
		const { signal } = (this.#reading = new Ending());
		const { client, source, id } = this.options;
		const again = (wait: number) =>
			client.clock.pause(wait, signal).then(
				async () => await this.#reconcile(false),
				() => undefined,
			);
		/** @returns whether what was read may be old */
		const catchUp = async (): Promise<boolean> => {
			const update = await readState(withSignal(signal, client), source, id);
			this.#object = update.object;
			const missing = () => this.#isMissing(update);
			// As long as the state to begin with is not known nothing counts as missed.
			const mayRepeat = resumed && !this.#early;
			if (mayRepeat && this.#stream)
				await this.#replay.wait(missing, this.options.seen, this.#stream.silence, signal);
			if (signal.aborted) return false;
			let isDoubtful = false;
			if (!missing()) this.#replay.caughtUp();
			else if (!mayRepeat || !this.#replay.mayStillCome(this.#stream?.isOpen === true))
				isDoubtful = this.options.onUpdate(update);
			this.#isReady();
			return isDoubtful;
		};
		const outcome = await outcomeOf(catchUp());
		if (signal.aborted) return;
		this.#release();
		if ('result' in outcome) {
			if (outcome.result) void again(ONCE_MORE);
			// Nobody waits for its end any more, so its signal may go.
			else this.#reading = new Ending();
			return;
		}
		const { error } = outcome;
		if (mustWork && isRefusal(error)) throw error;
		this.#isReady();
		client.log(`The state of ${source.noun} ${id} could not be read: ${(error as Error).message}`);
		// Without a stream the next connection reads it.
		if (error instanceof ApiError && error.failure.transient) void again(READ_AGAIN);
	}

	/** Whether the stream has not told it yet. */
	#isMissing(update: Update): boolean {
		const { client, seen, source } = this.options;
		const taste = { anyUpdate: true, byContent: !source.stream, now: client.clock.now() };
		const { isNews, isDoubtful } = judge(seen(), update, taste);
		return isNews || isDoubtful;
	}
}

/**
 * What an event carries; undefined where its name is all that it tells.
 * @throws SyntaxError when it should be JSON and is none
 */
function readEvent(name: string, data: string): unknown {
	try {
		return readJson(data);
	} catch {
		// A heartbeat may say anything.
		if (isSignOfLife(name) || isSignOfLife(data)) return '';
		if (name !== 'message' && !/update/i.test(name)) return undefined;
	}
	return readJson(data);
}

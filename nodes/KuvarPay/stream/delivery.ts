import { createHash } from 'node:crypto';
import type { ITriggerFunctions } from 'n8n-workflow';
import Queue from 'yocto-queue';
import type { LastingClient } from './client';
import { ended, REMEMBERED, underWay, type Done, type Execution } from './executions';
import type { Journal, Pending } from './journal';
import type { Emission } from './ledger';

/** Pause before an execution that n8n could not start is tried again, in ms. */
const AGAIN = 5_000;

/**
 * How long an older n8n gets to save what is kept, in ms: it saves all of it with each emit until it
 * has noted that it is saved. So in a burst the marks of all are written at once, one is emitted, and
 * the others when those are saved. Where executions keep the next waiting, that is long enough.
 */
const SAVING = { perObject: 0.1, most: 50 };

/**
 * How many executions of a burst keep the next waiting, and for how long, in ms. n8n with hundreds
 * under way at a time takes longer for all of them, and answers nobody meanwhile; one that takes long
 * because it waits for something else does not stand in the way.
 */
const ABREAST = { most: 10, longest: 500 };

interface Ready {
	key: string;
	item: Emission;
	/** Under which the journal keeps it as pending; undefined where n8n takes no key. */
	number?: number;
}

/** Longest key that n8n's database takes. */
const LONGEST_KEY = 255;

const hash = (text: string): string =>
	createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** What the delivery needs of n8n. */
export type Emitter = Pick<ITriggerFunctions, 'emit' | 'getWorkflow' | 'getNode'>;

/** Reads again what is to be told of an object. */
export type ReadAgain = (pending: Pending) => Promise<Emission>;

/**
 * Starts executions so that none is lost and none starts twice.
 *
 * From n8n 2.25 on `emit` takes a deduplication key that n8n's database keeps unique: an emission
 * counts as delivered when its execution has ended, and what was not is emitted again after a
 * restart, where the database skips what it has. Older n8n saves static data before it starts the
 * execution; a crash between the two loses that one.
 */
export class Delivery {
	readonly #keyed: boolean;
	/** Of workflow and node: the beginning of every key. n8n copies the whole node each time it is asked. */
	readonly #place: string;
	readonly #queue = new Queue<Ready>();
	/** Executions that keep the next waiting, and since when, in ticks; oldest first. */
	readonly #abreast = new Map<Execution, number>();
	/** Ends the wait for one of them, while somebody waits. */
	#waiting?: () => void;
	/** When the oldest of them has kept the next waiting for long enough. */
	#alarm?: Promise<void>;
	#isEmitting = false;
	/** Something has come since the marks were written. */
	#isUnsaved = false;
	/** Whether n8n tells when an execution has ended: its Engine 2.0 refuses to. */
	#tellsEnd = true;

	constructor(
		private readonly n8n: Emitter,
		private readonly journal: Journal,
		private readonly shape: (emission: Emission) => Emission,
		private readonly client: Pick<LastingClient, 'clock' | 'signal' | 'log'>,
	) {
		// Up to n8n 2.24 `emit` is declared with three parameters.
		this.#keyed = n8n.emit.length >= 4;
		this.#place = hash(JSON.stringify([n8n.getWorkflow().id, n8n.getNode().id]));
	}

	/**
	 * @param moment what tells this change from others of the same status. It must be the same however
	 * the change was learnt, by stream, replay or REST
	 * @param at when it was received, in ms since 1970
	 */
	deliver(emission: Emission, moment: string, at: number): void {
		const item = this.shape(emission);
		if (this.#keyed) {
			const { id, status, previousStatus: previous, event } = emission;
			const isNew = emission.isNew === true ? emission.isNew : undefined;
			const pending = { id, status, previous, at, event, isNew, moment };
			this.#queue.enqueue({ key: this.#keyOf(pending), item, number: this.journal.begin(pending) });
		} else this.#queue.enqueue({ key: '', item });
		this.#isUnsaved = true;
		void this.#emitAll();
	}

	/**
	 * The change's key. With the lengths of its parts, since each may hold any character: two changes
	 * with one key would lose one. What n8n's database might not take as it is becomes a hash.
	 */
	#keyOf({ id, status, moment }: Pending): string {
		const key = `${this.#place}${id.length}.${status.length}.${id}${status}${moment}`;
		return key.length <= LONGEST_KEY && /^[!-~]+$/.test(key) ? key : hash(key);
	}

	/** Emits again what an earlier run of the trigger could not see through. */
	async redeliver(readAgain: ReadAgain): Promise<void> {
		const { clock } = this.client;
		const now = clock.now();
		const lost: Array<{ key: string; number: number; pending: Pending }> = [];
		for (const [number, pending] of this.journal.pending) {
			const key = this.#keyOf(pending);
			const running = underWay.get(key);
			if (running)
				running.whenOver((error) => {
					if (error) this.redeliver(readAgain).catch(() => undefined);
					else this.journal.end(number);
				});
			else if (ended.has(key) || pending.at <= now - REMEMBERED) this.journal.end(number);
			else lost.push({ key, number, pending });
		}
		const read = lost.map(async ({ key, number, pending }) => ({
			key,
			number,
			item: this.shape(await readAgain(pending)),
		}));
		// In the order in which it happened, however fast each was read.
		for (const ready of await Promise.all(read)) this.#queue.enqueue(ready);
		void this.#emitAll();
	}

	/** Tells at once what waits for its turn: n8n saves nothing any more after a trigger is closed. */
	close(): void {
		this.#save();
		for (const ready of this.#queue.drain()) this.#start(ready);
		this.#free();
	}

	async #emitAll(): Promise<void> {
		if (this.#isEmitting) return;
		this.#isEmitting = true;
		try {
			while (this.#queue.size > 0) {
				if (this.#isFull) await this.#room();
				const isUnsaved = this.#isUnsaved;
				this.#save();
				this.#startNext();
				if (isUnsaved && !this.#keyed) await this.#saved();
			}
		} catch {
			// The trigger was closed meanwhile, which tells the rest.
		} finally {
			this.#isEmitting = false;
		}
	}

	/** Writes the marks of all that has come. */
	#save(): void {
		if (!this.#isUnsaved) return;
		this.journal.save();
		this.#isUnsaved = false;
	}

	/** Resolves when n8n has probably saved the marks. */
	async #saved(): Promise<void> {
		const { clock, signal } = this.client;
		const saving = SAVING.perObject * this.journal.seen.size;
		if (saving >= 1) await clock.pause(Math.min(SAVING.most, saving), signal);
	}

	get #isFull(): boolean {
		return this.#abreast.size >= ABREAST.most && this.#queue.size > 0;
	}

	/** Resolves when one more may start. Rejects when the trigger is closed. */
	async #room(): Promise<void> {
		const { clock, signal } = this.client;
		while (this.#isFull) {
			const [[oldest, since]] = this.#abreast;
			const wait = since + ABREAST.longest - clock.ticks();
			if (wait <= 0) {
				this.#abreast.delete(oldest);
				continue;
			}
			signal.throwIfAborted();
			// One timer for many waits: executions may end faster than timers are made.
			this.#alarm ??= clock.pause(wait, signal).finally(() => {
				this.#alarm = undefined;
				this.#free();
			});
			this.#alarm.catch(() => undefined);
			await new Promise<void>((resolve) => (this.#waiting = resolve));
		}
	}

	/** One more may start, perhaps. */
	#free(): void {
		this.#waiting?.();
		this.#waiting = undefined;
	}

	#startNext(): void {
		const next = this.#queue.dequeue();
		if (next) this.#start(next);
	}

	#start(ready: Ready): void {
		const { key, item, number } = ready;
		const data = [[{ json: item }]];
		if (number === undefined) return this.n8n.emit(data);
		const execution = underWay.get(key) ?? this.#emit(key, data);
		if (!execution.isOver) this.#abreast.set(execution, this.client.clock.ticks());
		execution.whenOver((error) => {
			if (this.#abreast.delete(execution)) this.#free();
			if (error) this.#startAgain(ready, error);
			else this.journal.end(number);
		});
	}

	/** n8n says that the execution failed to start; it skips the key if the execution is there. */
	#startAgain(ready: Ready, error: Error): void {
		const { clock, signal, log } = this.client;
		log(`n8n could not start an execution, so it is tried again: ${error.message}`);
		clock
			.pause(this.#noteEngine(error) ? 0 : AGAIN, signal)
			.then(() => this.#start(ready))
			// Closed meanwhile: it stays pending for the next start.
			.catch(() => undefined);
	}

	#emit(key: string, data: Parameters<Emitter['emit']>[0]): Execution {
		const { clock, signal } = this.client;
		return underWay.run(key, clock.now(), (done: Done) => {
			if (this.#tellsEnd) return this.n8n.emit(data, undefined, done, key);
			this.n8n.emit(data, undefined, undefined, key);
			// Nobody tells how it went; n8n has it, or has it not, by then.
			clock.pause(AGAIN, signal).then(
				() => done.resolve(undefined as never),
				() => undefined,
			);
		});
	}

	/** @returns whether the error is that n8n's Engine 2.0 does not tell when an execution has ended */
	#noteEngine({ message }: Error): boolean {
		const isIt = this.#tellsEnd && /engine 2\.0/i.test(message);
		if (isIt) this.#tellsEnd = false;
		return isIt;
	}
}

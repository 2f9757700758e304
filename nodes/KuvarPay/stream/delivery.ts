import { createHash } from 'node:crypto';
import type { ITriggerFunctions } from 'n8n-workflow';
import { pause } from '../api/timers';
import type { Emission, Seen } from './ledger';

/**
 * What the node keeps in its static data. n8n saves it after the activation and with every emit, if
 * something was set on it directly: changes deeper inside may go unnoticed.
 */
export interface TriggerState {
	/** By object ID: what was told last. */
	seen?: Record<string, Seen>;
	/** By object ID: told, but their executions have not ended yet. */
	pending?: Record<string, Pending[]>;
	/** When the newest transaction found so far was made; ISO 8601. */
	newest?: string;
}

interface Pending {
	/** n8n's deduplication key. */
	key: string;
	item: Emission;
}

/** What n8n's database takes on PostgreSQL, in characters; an ID may have more. */
const LONGEST_KEY = 255;

/** Pause before an execution that n8n could not start is tried again, in ms. */
const AGAIN = 5_000;

/**
 * How old an emission may be that is repeated after a restart, in ms. A crash is followed by a start
 * within minutes; later n8n may have deleted the execution, and its key with it, so that a repeat
 * would run the workflow twice.
 */
const REDELIVERY = 5 * 60_000;

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
	/** Workflow and node: the beginning of every key. n8n copies the whole node each time it is asked. */
	readonly #place: string;

	/** @param signal aborts when the trigger is closed */
	constructor(
		private readonly context: ITriggerFunctions,
		private readonly state: TriggerState,
		private readonly shape: (emission: Emission) => Emission,
		private readonly signal: AbortSignal,
	) {
		this.#keyed = takesKey(context);
		this.#place = JSON.stringify([context.getWorkflow().id, context.getNode().id]);
	}

	/**
	 * @param moment what tells this change from others of the same status. It must be the same however
	 * the change was learnt, by stream, replay or REST
	 */
	deliver(emission: Emission, moment: string): void {
		const item = this.shape(emission);
		if (!this.#keyed) {
			this.context.emit([[{ json: item }]]);
			return;
		}
		const { id, status } = emission;
		// As JSON, since each part may hold any character: two changes with one key would lose one.
		const change = this.#place + JSON.stringify([id, status, moment]);
		const key =
			change.length <= LONGEST_KEY ? change : createHash('sha256').update(change).digest('hex');
		const pending = this.state.pending ?? {};
		// By ID and not by key: V8 keeps a table of all names of properties, and these are ever new ones.
		const told = { key, item };
		pending[id] = [...pendingOf(pending, id), told];
		this.state.pending = pending;
		this.#see(id, told);
	}

	/** Emits again what an earlier run of the trigger could not see through. */
	redeliver(): void {
		if (!this.#keyed) return;
		const oldest = Date.now() - REDELIVERY;
		// A copy: what comes out of the static data is wrapped in n8n's observers.
		const kept = JSON.parse(JSON.stringify(this.state.pending ?? {})) as Record<string, Pending[]>;
		for (const [id, those] of Object.entries(kept))
			for (const each of those)
				if (underWay.has(each.key) || Date.parse(each.item.receivedAt) > oldest)
					this.#see(id, each);
				else this.#forget(id, each);
	}

	/**
	 * Sees an emission through. When n8n says that its execution failed to start or was stopped, it is
	 * emitted again: n8n skips the key if the execution is there.
	 */
	#see(id: string, pending: Pending): void {
		(underWay.get(pending.key) ?? this.#emit(pending)).then(
			() => this.#forget(id, pending),
			() =>
				pause(AGAIN, this.signal)
					.then(() => this.#see(id, pending))
					// Closed meanwhile: it stays pending for the next start.
					.catch(() => undefined),
		);
	}

	#forget(id: string, { key }: Pending): void {
		const { pending = {} } = this.state;
		const left = pendingOf(pending, id).filter((each) => each.key !== key);
		if (left.length > 0) pending[id] = left;
		else delete pending[id];
	}

	/** Settles with the execution. */
	#emit({ key, item }: Pending): Promise<unknown> {
		const done = {} as Done;
		done.promise = new Promise((resolve, reject) => {
			done.resolve = (run) => {
				underWay.delete(key);
				resolve(run);
			};
			done.reject = (error) => {
				underWay.delete(key);
				reject(error);
			};
		});
		underWay.set(key, done.promise);
		this.context.emit([[{ json: item }]], undefined, done, key);
		return done.promise;
	}
}

/** An ID may be the name of something that every object has, such as "constructor". */
const pendingOf = (pending: Record<string, Pending[]>, id: string): Pending[] =>
	Object.hasOwn(pending, id) ? pending[id] : [];

/**
 * Executions that have not ended, by key, of all triggers of this process. A trigger that is
 * activated again must not repeat these: n8n replaces an execution that still waits for its turn.
 */
const underWay = new Map<string, Promise<unknown>>();

type Done = NonNullable<Parameters<ITriggerFunctions['emit']>[2]>;

/** Up to n8n 2.24 `emit` is declared with three parameters. */
const takesKey = ({ emit }: ITriggerFunctions): boolean => emit.length >= 4;

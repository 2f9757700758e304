import { createHash } from 'node:crypto';
import type { ITriggerFunctions } from 'n8n-workflow';
import type { Emission, Seen } from './ledger';

/** What the node keeps in its static data, which n8n saves with every emit. */
export interface TriggerState {
	/** By object ID: what was told last. */
	seen?: Record<string, Seen>;
	/** By deduplication key: told, but its execution has not ended yet. */
	pending?: Record<string, Emission>;
	/** When the newest transaction found so far was made; ISO 8601. */
	newest?: string;
}

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

	constructor(
		private readonly context: ITriggerFunctions,
		private readonly state: TriggerState,
		private readonly shape: (emission: Emission) => Emission,
	) {
		this.#keyed = takesKey(context);
	}

	/**
	 * @param moment what tells this change from others of the same status. It must be the same however
	 * the change was learnt, so it is `updatedAt`, which stream and REST have in common, and the event
	 * id only without one
	 */
	deliver(emission: Emission, moment: string): void {
		const item = this.shape(emission);
		if (!this.#keyed) {
			this.context.emit([[{ json: item }]]);
			return;
		}
		const { id, status } = emission;
		const change = [this.context.getWorkflow().id, this.context.getNode().id, id, status, moment];
		// Hashed: PostgreSQL takes 255 characters, and an ID may have more.
		const key = `kuvarpay-${createHash('sha256').update(JSON.stringify(change)).digest('hex')}`;
		this.state.pending ??= {};
		this.state.pending[key] = item;
		this.#emit(key, item);
	}

	/** Emits again what an earlier run of the trigger could not see through. */
	redeliver(): void {
		if (!this.#keyed) return;
		for (const [key, item] of Object.entries(this.state.pending ?? {}))
			if (!underWay.has(key)) this.#emit(key, item);
	}

	#emit(key: string, item: Emission): void {
		const done = {} as Done;
		done.promise = new Promise((resolve, reject) => Object.assign(done, { resolve, reject }));
		underWay.add(key);
		done.promise
			// Rejected may mean that n8n could not start it: it stays pending for the next start.
			.then(
				() => delete this.state.pending?.[key],
				() => undefined,
			)
			.finally(() => underWay.delete(key));
		this.context.emit([[{ json: item }]], undefined, done, key);
	}
}

/**
 * Keys whose executions have not ended, of all triggers of this process. A trigger that is activated
 * again must not repeat these: n8n replaces an execution that still waits for its turn.
 */
const underWay = new Set<string>();

type Done = NonNullable<Parameters<ITriggerFunctions['emit']>[2]>;

/** Up to n8n 2.24 `emit` is declared with three parameters. */
const takesKey = ({ emit }: ITriggerFunctions): boolean => emit.length >= 4;

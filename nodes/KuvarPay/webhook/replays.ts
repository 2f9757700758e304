import { createHash } from 'node:crypto';
import type { Delivery } from './delivery';

/** How many deliveries are remembered. With 13 bytes each that is 26 kB of static data. */
const MOST = 2_000;

/** Characters of a mark, 6 bits each: two of 2,000 deliveries agree by chance once in 10^15 nodes. */
const LENGTH = 12;

/** Part of the node's static data. */
export interface ReplayState {
	/** Marks of the deliveries stored, oldest first, with a space between. One text is quick to save. */
	taken?: string;
}

/** n8n's response to a delivery, as far as it tells whether the execution was stored. */
export interface Answer {
	/** n8n answers 2xx once the execution is stored, and anything else when it could not store it. */
	statusCode: number;
	/** Whether n8n has answered, even if the sender had gone by then. */
	writableEnded: boolean;
	/** Whether the connection is gone. */
	destroyed: boolean;
	once(event: 'finish' | 'close', listener: () => void): unknown;
}

/**
 * `new`: nobody has brought it, take it. `repeated`: an execution is stored for it. `undecided`: it
 * was brought before, and n8n is still at it.
 */
export type Verdict = 'new' | 'repeated' | 'undecided';

/**
 * What makes a delivery the same as another: its ID, which KuvarPay's webhook guide names as the key
 * for this; without one, its signature and event. The signature does not count beside an ID: two
 * payments of one session can have equal bodies, and must both be told. So somebody who has got hold
 * of a signed body can send it again under a new ID, as the ID is not signed.
 */
export function markOf({ deliveryId, signature, event }: Delivery): string {
	return createHash('sha256')
		.update(deliveryId ?? `${signature} ${event}`)
		.digest('base64url')
		.slice(0, LENGTH);
}

/**
 * What a node has taken, in this process. n8n reads static data anew for each request and saves it as
 * a whole: deliveries that arrive together would not see each other's mark there, and the later one to
 * be saved drops the earlier one's.
 */
export class Memory {
	/** Marks of deliveries whose execution is stored, oldest first. */
	readonly #taken = new Set<string>();
	/** By mark: those that n8n has not answered yet. */
	readonly #undecided = new Map<string, { answer: Answer; over: Promise<void> }>();

	/**
	 * Notes a delivery, unless it was taken before. It counts as taken once n8n has stored its
	 * execution, which n8n does after the node has returned. One that comes meanwhile waits, and takes
	 * the place of the one before it if that could not be stored.
	 * @param answer n8n's response to this delivery
	 */
	async claim(mark: string, answer: Answer, { taken }: ReplayState): Promise<Verdict> {
		for (let ahead = this.#ahead(mark); ahead; ahead = this.#ahead(mark)) {
			await ahead.over;
			// Its sender has gone, and n8n may be storing it yet: to take this one could start it twice.
			if (!ahead.answer.writableEnded) return 'undecided';
		}

		for (const each of String(taken ?? '').split(' ')) if (each) this.#taken.add(each);
		if (this.#taken.has(mark)) return 'repeated';
		this.#undecided.set(mark, { answer, over: whenOver(answer) });
		return 'new';
	}

	/**
	 * To be called when n8n has stored the execution, just before it saves the static data. What was
	 * written there earlier n8n 2.41 does not save, as it makes another Workflow of the same object
	 * meanwhile, which marks it as unchanged.
	 */
	stored(mark: string, state: ReplayState): void {
		this.#taken.add(mark);
		for (const oldest of this.#taken) {
			if (this.#taken.size <= MOST) break;
			this.#taken.delete(oldest);
		}
		state.taken = [...this.#taken].join(' ');
	}

	/** The delivery with the same mark that n8n has not answered, after a look at all of them. */
	#ahead(mark: string) {
		for (const [each, { answer }] of this.#undecided) {
			if (!answer.writableEnded) continue;
			this.#undecided.delete(each);
			if (answer.statusCode < 300) this.#taken.add(each);
			else this.#taken.delete(each);
		}
		return this.#undecided.get(mark);
	}
}

/** Resolves when the answer was sent, or nobody is there any more to take it. */
async function whenOver(answer: Answer): Promise<void> {
	if (answer.destroyed) return;
	await new Promise<void>((resolve) => {
		answer.once('finish', resolve);
		answer.once('close', resolve);
	});
}

const memories = new Map<string, Memory>();

/**
 * The memory of a node, as long as the process lives.
 * @param node identifies the node
 */
export function memoryOf(node: string): Memory {
	const memory = memories.get(node) ?? new Memory();
	memories.set(node, memory);
	return memory;
}

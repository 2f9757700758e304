import { outcomeOf } from '../api/outcome';
import { isFinal } from '../payments/statuses';
import { REFUSED_FOR } from './access';
import { Ending } from './ending';
import { ONCE_MORE, isRefusal, readState, untilNextRead } from './read';
import { Watcher, type WatchOptions } from './watcher';

export interface FollowOptions extends WatchOptions {
	/** Between two reads where streams are refused, in ms. */
	pollInterval: number;
	/** How long an object is looked at after its end, in ms. */
	watchAfterEnd: number;
}

/**
 * By how much the pause between two reads grows, as a share of the time that nothing has changed; and
 * how many times longer it is at least.
 */
const RHYTHM = {
	open: { growth: 1 / 20, slower: 1 },
	ended: { growth: 1 / 4, slower: 4 },
};

/**
 * Follows one object, by whatever way KuvarPay allows: its stream, or reading it where streams are
 * refused. After its end it is read, ever less often.
 */
export class Follower {
	/** See {@link Watcher.ready}. */
	readonly ready: Promise<void>;
	#isReady!: () => void;
	#isImpossible!: (error: unknown) => void;
	#watcher?: Watcher;
	readonly #closing = new Ending();

	constructor(private readonly options: FollowOptions) {
		this.ready = new Promise((resolve, reject) => {
			this.#isReady = resolve;
			this.#isImpossible = reject;
		});
		this.ready.catch(() => undefined);
	}

	/**
	 * Runs until it is closed, or nothing more is to come.
	 * @throws ApiError when KuvarPay does not let it be known any more
	 */
	async run(): Promise<void> {
		const outcome = await outcomeOf(this.#follow());
		if ('result' in outcome || this.#closing.isOver) return this.#isReady();
		this.#isImpossible(outcome.error);
		throw outcome.error;
	}

	async #follow(): Promise<void> {
		// What happened while nobody looked.
		if (this.#hasEnded) await this.#readWhile(() => this.#hasEnded && !this.#isOver);
		while (!this.#closing.isOver && !this.#isOver) {
			await this.#watch();
			// It was just told.
			if (this.#hasEnded && !this.#isOver) await this.#pause();
			await this.#readWhile(() => this.#hasEnded && !this.#isOver);
		}
	}

	close(): void {
		this.#closing.end();
		this.#watcher?.close();
	}

	get #hasEnded(): boolean {
		return isFinal(this.options.seen()?.status ?? '');
	}

	get #isOver(): boolean {
		return this.#hasEnded && this.#quiet >= this.options.watchAfterEnd;
	}

	/** Since when nothing has changed, in ms. */
	get #quiet(): number {
		const now = this.options.client.clock.now();
		const { since = now, updated = since } = this.options.seen() ?? {};
		return now - Math.max(since, updated);
	}

	async #watch(): Promise<void> {
		const { client, onUpdate } = this.options;
		const watcher = (this.#watcher = new Watcher({
			...this.options,
			onUpdate: (update) => {
				const isDoubtful = onUpdate(update);
				// No stream is needed any more.
				if (this.#hasEnded) watcher.close();
				return isDoubtful;
			},
		}));
		void watcher.ready.then(this.#isReady, () => undefined);
		await watcher.run();
		if (this.#hasEnded || this.#closing.isOver) return;
		const until = client.clock.ticks() + REFUSED_FOR;
		// It was just read.
		await this.#pause();
		await this.#readWhile(() => !this.#hasEnded && client.clock.ticks() < until);
	}

	async #readWhile(goesOn: () => boolean): Promise<void> {
		const { client, source, id, onUpdate } = this.options;
		while (goesOn() && !this.#closing.isOver) {
			const read = await outcomeOf(
				readState(client, source, id).then((update) => onUpdate(update)),
			);
			const isDoubtful = 'result' in read && read.result;
			if ('error' in read) {
				const { error } = read;
				if (isRefusal(error) || client.signal.aborted) throw error;
				client.log(
					`The state of ${source.noun} ${id} could not be read: ${(error as Error).message}`,
				);
			}
			this.#isReady();
			if (goesOn()) await this.#pause(isDoubtful);
		}
	}

	/** Ends early when it is closed. */
	async #pause(isDoubtful = false): Promise<void> {
		const { client, pollInterval } = this.options;
		const { growth, slower } = RHYTHM[this.#hasEnded ? 'ended' : 'open'];
		const wait = isDoubtful
			? Math.min(ONCE_MORE, pollInterval)
			: untilNextRead(this.#quiet, pollInterval * slower, growth);
		await client.clock.pause(wait, this.#closing.signal).catch(() => undefined);
	}
}

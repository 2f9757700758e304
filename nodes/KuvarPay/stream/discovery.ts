import type { IDataObject } from 'n8n-workflow';
import { pages } from '../api/pagination';
import type { Client } from '../api/request';
import { targetOf } from '../api/routes';
import type { TriggerState } from './delivery';
import type { Monitor } from './monitor';
import { sources } from '../payments/sources';
import { isFinal, statusOf } from '../payments/statuses';
import { readState, restUpdate } from './watcher';

/** Most pages of the list that one round reads: with 100 a page 5,000 transactions. */
const MOST_PAGES = 50;

/**
 * How long before the newest known transaction another may turn up that was not listed yet, in ms.
 * Finished transactions are remembered this long, so that none is told twice.
 */
const OVERLAP = 60 * 60_000;

const source = sources.transaction;

/**
 * Finds open transactions, newest first, and keeps a stream on as many as allowed; the others are
 * read in every round, so none is lost.
 */
export class Discovery {
	constructor(
		private readonly client: Client,
		private readonly monitor: Monitor,
		private readonly state: TriggerState,
		private readonly maxStreams: number,
	) {}

	/** One round. @throws ApiError when the list cannot be read */
	async round(): Promise<void> {
		const listed = await this.#readList();
		await this.#readUnlisted(listed);
		this.#openStreams();
		this.#prune();
	}

	/** Feeds the list to the monitor; stops where it becomes old and finished. */
	async #readList(): Promise<Set<string>> {
		const known = this.state.newest;
		const listed = new Set<string>();
		let page = 0;
		for await (const rows of pages(this.client, {
			target: targetOf('transaction.getAll'),
			maxRetries: 4,
			timeout: 30_000,
		})) {
			let settled = true;
			for (const row of rows) {
				const id = source.idOf(row);
				if (id === undefined) continue;
				listed.add(id);
				const isNew = known !== undefined && this.#isNew(id, row, known);
				if (isNew || !isFinal(statusOf(row))) settled = false;
				this.monitor.take(id, restUpdate(source, row), isNew);
				this.#noteTime(row);
			}
			// On the first round even a finished page may be followed by open transactions.
			if ((settled && known !== undefined) || ++page >= MOST_PAGES) break;
		}
		this.state.newest ??= new Date(0).toISOString();
		return listed;
	}

	#isNew(id: string, { createdAt }: IDataObject, known: string): boolean {
		if (this.monitor.seen(id)) return false;
		return createdAt === undefined || Date.parse(String(createdAt)) >= Date.parse(known) - OVERLAP;
	}

	#noteTime({ createdAt }: IDataObject): void {
		const made = Date.parse(String(createdAt));
		if (made > Date.parse(this.state.newest ?? new Date(0).toISOString()))
			this.state.newest = new Date(made).toISOString();
	}

	/** Open transactions that have no stream and were not in the list. */
	async #readUnlisted(listed: Set<string>): Promise<void> {
		const missing = this.monitor
			.open()
			.filter((id) => !listed.has(id) && !this.monitor.isWatching(id));
		await Promise.all(
			missing.map(async (id) => {
				try {
					this.monitor.take(id, await readState({ client: this.client, source, id }));
				} catch (error) {
					this.client.log(`Transaction ${id} could not be read: ${(error as Error).message}`);
				}
			}),
		);
	}

	#openStreams(): void {
		const created = (id: string) => this.monitor.seen(id)?.createdAt ?? '';
		const waiting = this.monitor
			.open()
			.filter((id) => !this.monitor.isWatching(id) && !this.monitor.isRefused(id))
			.sort((a, b) => created(b).localeCompare(created(a)));
		for (const id of waiting.slice(0, Math.max(0, this.maxStreams - this.monitor.streams)))
			// A refused stream is told through the monitor's onRefused.
			this.monitor.watch(id).catch(() => undefined);
	}

	#prune(): void {
		const horizon = Date.parse(this.state.newest ?? '') - 2 * OVERLAP;
		this.monitor.forget(
			(_id, seen) => !isFinal(seen.status) || !(Date.parse(seen.createdAt ?? '') < horizon),
		);
	}
}

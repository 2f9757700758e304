import { randomUUID } from 'node:crypto';

import { Timers } from './clock';
import type { Contract } from './contract';
import { completed, type Dialect } from './dialect';
import { Frames } from './dialect/frames';
import { objectWriter, type WriteObject } from './dialect/objects';
import { Router } from './dialect/routes';
import { Faults } from './faults';
import { RateLimiter } from './limits';
import { hex, seededRandom, type Random } from './random';
import { State } from './state';
import { Streams } from './streams';
import type { PerformedWrite, RecordedRequest, SeenKey, SimulatorOptions } from './types';
import { Webhooks } from './webhooks';

const THIRTY_MINUTES = 30 * 60_000;

interface Waiter {
	check: () => boolean;
	resolve: () => void;
	reject: (error: Error) => void;
}

/** What all parts of the simulator share: state, clock, faults, streams, webhooks, and who waits for what. */
export class Core {
	readonly state = new State();
	readonly timers = new Timers();
	readonly random: Random;
	readonly faults: Faults;
	readonly streams: Streams;
	readonly webhooks: Webhooks;
	readonly limiter: RateLimiter | undefined;
	readonly requests: RecordedRequest[] = [];
	readonly contractViolations: string[] = [];
	readonly writes: PerformedWrite[] = [];
	readonly seenKeys: SeenKey[] = [];
	readonly dialect: Dialect;
	readonly router: Router;
	readonly frames: Frames;
	/** Writes objects as the dialect spells them; undefined where that is as they are. */
	readonly writeObject: WriteObject | undefined;
	/** Requests that are being answered now. */
	inFlight = 0;
	readonly apiKey: string;
	readonly businessId: string;
	readonly webhookSecret: string;
	readonly expiresInMs: number;
	/** Set once the listeners are up. */
	baseUrl = '';
	businessBaseUrl = '';
	/** Called after every change, for as long as they are in here. */
	readonly watchers = new Set<() => void>();
	private readonly waiters = new Set<Waiter>();

	constructor(
		readonly options: SimulatorOptions,
		contract: Contract,
	) {
		this.dialect = completed(options.dialect);
		this.router = new Router(contract, this.dialect);
		this.writeObject = objectWriter(this.dialect.answers);
		this.frames = new Frames(this.dialect.streams, this.writeObject);
		this.apiKey = options.apiKey ?? `rsp_sim_${hex(48)}`;
		this.businessId = options.businessId ?? randomUUID();
		this.webhookSecret = options.webhookSecret ?? `whs_sim_${hex(48)}`;
		this.expiresInMs = options.expiresInMs ?? THIRTY_MINUTES;
		this.random = seededRandom(options.seed ?? 1);
		this.limiter = options.limit && new RateLimiter(options.limit);
		this.faults = new Faults(this.random, options.faults);
		this.streams = new Streams(this);
		this.webhooks = new Webhooks(this);
	}

	/** Whether a request must name the business. */
	get wantsBusinessId(): boolean {
		return this.options.requireBusinessId || this.dialect.key.businessId === 'required';
	}

	/** To be called after anything that somebody may be waiting for. */
	changed(): void {
		for (const watch of this.watchers) watch();
		for (const waiter of this.waiters) {
			try {
				if (!waiter.check()) continue;
				waiter.resolve();
			} catch (error) {
				waiter.reject(error as Error);
			}
		}
	}

	/** Resolves once `check` is true; looked at again after every change, never by polling. */
	async until(check: () => boolean, timeoutMs: number): Promise<void> {
		if (check()) return;
		await new Promise<void>((resolve, reject) => {
			const finish = (settle: () => void) => {
				this.waiters.delete(waiter);
				clearTimeout(timer);
				settle();
			};
			const waiter: Waiter = {
				check,
				resolve: () => finish(resolve),
				reject: (error) => finish(() => reject(error)),
			};
			// Not one of this.timers: closing must not leave the caller waiting for ever.
			const timer = setTimeout(
				() => waiter.reject(new Error(`Nothing of the kind happened within ${timeoutMs} ms`)),
				timeoutMs,
			);
			this.waiters.add(waiter);
		});
	}

	/** Stops everything that runs on its own. */
	shutDown(): void {
		this.timers.clear();
		this.webhooks.close();
		for (const waiter of this.waiters) waiter.reject(new Error('The simulator was closed'));
	}
}

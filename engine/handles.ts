// What `activate` and `webhook` give back: a trigger or a webhook that runs in the engine's process.
import type { IDataObject } from 'n8n-workflow';
import type { Channel } from './channel';
import { reviveError } from './errors';
import type {
	Emission,
	EngineError,
	Storing,
	Taken,
	TriggerEvent,
	TriggerExecution,
	WebhookOpened,
	WebhookReply,
	WebhookRequest,
} from './protocol';

interface Waiter {
	check(): boolean;
	fail(error: Error): void;
}

/** A running trigger. Everything it reported so far is in the arrays, in order. */
export class Trigger {
	readonly emissions: Emission[] = [];
	/** Keys that were emitted again: n8n skipped those. */
	readonly duplicates: string[] = [];
	/** Executions that have ended. */
	readonly executions: TriggerExecution[] = [];
	/** What the node reported through `emitError`. */
	readonly errors: EngineError[] = [];
	/** What the node reported through `saveFailedExecution`. */
	readonly failedExecutions: EngineError[] = [];
	/** How many executions of a webhook had to wait for the database. */
	waiting = 0;
	private taken = 0;
	private executionsTaken = 0;
	private ended: Error | undefined;
	private readonly waiters = new Set<Waiter>();

	constructor(
		protected readonly channel: Channel,
		protected readonly handle: string,
	) {
		channel.listen(handle, {
			onEvent: (event) => this.take(event),
			onEnd: (error) => {
				this.ended = error;
				for (const waiter of [...this.waiters]) waiter.fail(error);
			},
		});
	}

	/**
	 * The next emission that was not handed out yet. Rejects after the time, when the process ends,
	 * and when the trigger has reported an error through `emitError`.
	 */
	async next(timeoutMs = 10_000): Promise<Emission> {
		const index = this.taken++;
		await this.until(
			() => this.emissions.length > index,
			timeoutMs,
			'trigger emitted nothing',
			() => this.errors.at(-1),
		);
		return this.emissions[index];
	}

	/** The next execution that has ended and was not handed out yet. */
	async nextExecution(timeoutMs = 10_000): Promise<TriggerExecution> {
		const index = this.executionsTaken++;
		await this.until(() => this.executions.length > index, timeoutMs, 'no execution ended');
		return this.executions[index];
	}

	/** The next report through `emitError`, or the one that was made already. */
	async nextError(timeoutMs = 10_000): Promise<EngineError> {
		await this.until(() => this.errors.length > 0, timeoutMs, 'trigger reported no error');
		return this.errors[0];
	}

	/** Waits until a condition on the arrays holds; looks at each report. */
	async until(
		condition: () => boolean,
		timeoutMs = 10_000,
		what = 'condition did not hold',
		failure?: () => EngineError | undefined,
	): Promise<void> {
		if (condition()) return;
		const failed = failure?.();
		if (failed) throw reviveError(failed);
		if (this.ended) throw this.ended;
		await new Promise<void>((resolve, reject) => {
			const stop = (settle: () => void) => {
				clearTimeout(timer);
				this.waiters.delete(waiter);
				settle();
			};
			const waiter: Waiter = {
				check: () => {
					const error = failure?.();
					if (condition()) stop(resolve);
					else if (error) stop(() => reject(reviveError(error)));
					return true;
				},
				fail: (error) => stop(() => reject(error)),
			};
			const timer = setTimeout(
				() => waiter.fail(new Error(`${what} within ${timeoutMs / 1000} s`)),
				timeoutMs,
			);
			this.waiters.add(waiter);
		});
	}

	/** Lets executions run that `holdExecutions` held back, now and later. */
	async release(): Promise<void> {
		await this.channel.request('release', { handle: this.handle });
	}

	/** The node's static data as it is in the process now. */
	async staticData(): Promise<IDataObject> {
		return await this.channel.request('staticData', { handle: this.handle });
	}

	/**
	 * What a trigger with `sink` has emitted since the last call. With `count` it waits until there are
	 * so many.
	 */
	async drain(count?: number, timeoutMs = 60_000): Promise<Taken[]> {
		const params = { handle: this.handle, count };
		return await this.channel.request('drain', params, timeoutMs, `${count} emissions`);
	}

	/** Deactivates; rejects if the node's close function fails in a way that n8n would not accept. */
	async close(): Promise<void> {
		await this.channel.request('close', { handle: this.handle });
	}

	private take(event: TriggerEvent): void {
		if (event.kind === 'emission') this.emissions.push(event.emission);
		else if (event.kind === 'duplicate') this.duplicates.push(event.deduplicationKey);
		else if (event.kind === 'waiting') this.waiting++;
		else if (event.kind === 'execution') this.executions.push(event.execution);
		else if (event.kind === 'error') this.errors.push(event.error);
		else this.failedExecutions.push(event.error);
		for (const waiter of [...this.waiters]) waiter.check();
	}
}

/** An activated webhook with a real HTTP server before it. */
export class Webhook extends Trigger {
	/** Where it listens: a loopback address. */
	url = '';
	/** Whether the node's `checkExists` said so. */
	existed = false;

	opened({ url, existed }: WebhookOpened): this {
		this.url = url;
		this.existed = existed;
		return this;
	}

	/** Sends a request to it, over HTTP; the reply tells also what the workflow was started with. */
	async request(request: WebhookRequest = {}, timeoutMs = 30_000): Promise<WebhookReply> {
		const params = { ...request, handle: this.handle };
		return await this.channel.request('webhookRequest', params, timeoutMs, 'webhook request');
	}

	/** What the database does with executions from now on. */
	async storing(storing: Storing): Promise<void> {
		await this.channel.request('webhookStoring', { handle: this.handle, storing });
	}
}

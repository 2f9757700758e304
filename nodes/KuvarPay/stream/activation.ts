import type { ITriggerFunctions } from 'n8n-workflow';
import { ApiError, InputError } from '../api/errors';
import { toNodeError } from '../api/nodeError';
import { outcomeOf } from '../api/outcome';
import { Access } from './access';
import type { LastingClient } from './client';
import { Delivery } from './delivery';
import { Discovery } from './discovery';
import { Follower } from './follower';
import { Journal, type Pending, type TriggerState } from './journal';
import type { Emission } from './ledger';
import { Monitor, emissionOf } from './monitor';
import { targetAt } from '../payments/sources';
import { isFinal } from '../payments/statuses';
import { isRefusal, readState, readUpdate } from './read';
import type { TriggerSettings } from './settings';
import { Streams } from './streams';

/** Pause before another try to read what is to be told again after a restart, in ms. */
const AGAIN = 5_000;

/** What an activation needs of n8n. */
export type Context = Pick<
	ITriggerFunctions,
	'emit' | 'getWorkflow' | 'getNode' | 'getWorkflowStaticData' | 'logger'
> &
	Partial<Pick<ITriggerFunctions, 'saveFailedExecution'>>;

/** Everything that an active trigger consists of. */
export class Activation {
	readonly #journal: Journal;
	readonly #delivery: Delivery;
	readonly #monitor: Monitor;
	readonly #access: Access;
	readonly #followers = new Map<string, Follower>();
	#streams?: Streams;
	/** Ends the pause before the next look. */
	#hurry: () => void = () => undefined;

	/** @param fail told at most once of what makes going on senseless */
	constructor(
		private readonly context: Context,
		private readonly client: LastingClient,
		private readonly settings: TriggerSettings,
		private readonly fail: (error: Error) => void,
	) {
		const { source, ids, authToken } = settings;
		const state = context.getWorkflowStaticData('node') as TriggerState;
		this.#journal = new Journal(state, ids ? source.resource : `all ${source.resource}`);
		this.#delivery = new Delivery(context, this.#journal, settings.shape, client);
		this.#monitor = new Monitor(
			{ ...settings, clock: client.clock },
			this.#journal,
			this.#delivery,
		);
		this.#access = new Access(client, source, authToken);
	}

	/** @throws ApiError when the key is refused, or an ID is not known */
	async start(): Promise<void> {
		await this.#delivery.redeliver(async (pending) => await this.#readAgain(pending));
		if (this.#access.isRefused)
			this.client.log(
				`KuvarPay refuses event streams of ${this.settings.source.noun}s, as was found out within the last hour, so their state is read instead.`,
			);
		if (this.settings.ids) await this.#follow(this.settings.ids);
		else await this.#discover();
		this.#journal.save();
	}

	close(): void {
		this.#delivery.close();
		this.#monitor.close();
		this.#streams?.close();
		for (const follower of this.#followers.values()) follower.close();
	}

	async #follow(ids: string[]): Promise<void> {
		const { client, settings } = this;
		const { source } = settings;
		const wanted = new Set(ids);
		const known = new Set(ids.filter((id) => this.#monitor.seen(id)));
		this.#monitor.forget((id) => wanted.has(id));
		/** One that was there and is gone does not keep the others from being watched. */
		const isSpared = (id: string, error: unknown) =>
			known.has(id) && ids.length > 1 && isRefusal(error) && error.failure.status !== 401;
		const down = new Map();
		const targets = ids.map((id) => ({ id, target: targetAt(source, 'stream', id) }));
		const starts = targets.map(async ({ id, target }) => {
			const follower = new Follower({
				...settings,
				client,
				id,
				target,
				down,
				access: this.#access,
				seen: () => this.#monitor.seen(id),
				onUpdate: (update) => this.#monitor.take(id, update),
				onBadEvent: (error) => this.#reportEvent(id, error),
			});
			this.#followers.set(id, follower);
			const running = follower.run();
			const opened = await outcomeOf(follower.ready);
			if ('error' in opened) {
				running.catch(() => undefined);
				if (!isSpared(id, opened.error)) throw opened.error;
				return { id, error: opened.error as Error };
			}
			running.catch((error: Error) => this.#lose(id, error));
			return [];
		});
		const gone = (await Promise.all(starts)).flat();
		// Told later, it would make n8n activate the workflow again, and again.
		if (gone.length === ids.length) throw gone[0].error;
		for (const { id, error } of gone) this.#lose(id, error);
	}

	/** KuvarPay does not tell of an object any more. Others go on, as long as there are any. */
	#lose(id: string, error: Error): void {
		const { source } = this.settings;
		this.#followers.delete(id);
		const told =
			error instanceof ApiError
				? new ApiError({
						...error.failure,
						message: `KuvarPay does not tell of ${source.noun} ${id} any more: ${error.message}`,
					})
				: error;
		const concernsAll = error instanceof ApiError && error.failure.status === 401;
		if (concernsAll || this.#followers.size === 0) this.fail(told);
		else this.#report(told);
	}

	async #discover(): Promise<void> {
		const { client, settings } = this;
		const { source } = settings;
		const onLost = (id: string, error: Error) => {
			client.log(`KuvarPay does not tell of ${source.noun} ${id}: ${error.message}`);
			this.#hurry();
		};
		const onBadEvent = (id: string, error: Error) => this.#reportEvent(id, error);
		const common = { ...settings, client, monitor: this.#monitor };
		const streams = (this.#streams = new Streams({
			...common,
			access: this.#access,
			onLost,
			onBadEvent,
		}));
		const discovery = new Discovery({
			...common,
			looks: this.#journal.looks,
			isStreamed: (id) => streams.has(id),
		});
		const look = async () => {
			const looked = await outcomeOf(discovery.look());
			if ('error' in looked) {
				const { error } = looked;
				if (isRefusal(error) || client.signal.aborted || !(error instanceof ApiError)) throw error;
				client.log(
					`The ${source.noun}s could not be listed: ${error.message}. The next look tries again.`,
				);
			}
			if (source.stream) streams.open();
			this.#journal.save();
		};
		await look();
		this.#repeat(look).catch((error: Error) => {
			if (!client.signal.aborted) this.fail(error);
		});
	}

	async #repeat(look: () => Promise<void>): Promise<void> {
		const { clock, signal } = this.client;
		const { discoveryInterval, pollInterval } = this.settings;
		for (;;) {
			// Where no stream tells anything, the list must.
			const wait = this.#access.isRefused
				? Math.min(pollInterval, discoveryInterval)
				: discoveryInterval;
			const hurried = new Promise<void>((resolve) => (this.#hurry = resolve));
			await Promise.race([clock.pause(wait, signal), hurried]);
			signal.throwIfAborted();
			await look();
		}
	}

	/** What was told before a crash, with the object as it is now. */
	async #readAgain({ id, status, previous, at, event, isNew }: Pending): Promise<Emission> {
		const { client, settings } = this;
		const { source } = settings;
		let update = readUpdate(source, { [source.idName]: id, status }, 'read');
		for (let tries = 0; tries < 3; tries++) {
			try {
				update = await readState(client, source, id);
				break;
			} catch (error) {
				client.signal.throwIfAborted();
				// It happened, whether the object is still there or not.
				if (isRefusal(error)) break;
				await client.clock.pause(AGAIN, client.signal);
			}
		}
		return {
			...emissionOf(source, id, update, at),
			event,
			status,
			previousStatus: previous,
			isFinal: isFinal(status),
			...(isNew && { isNew }),
		};
	}

	#reportEvent(id: string, { message }: Error): void {
		this.#report(
			new InputError(
				`KuvarPay sent an event of ${this.settings.source.noun} ${id} that cannot be read: ${message}`,
				'The stream goes on. If it comes again, ask KuvarPay about it.',
			),
		);
	}

	/** A failed execution where n8n offers it, so that the error workflow runs; else a log line. */
	#report(error: Error): void {
		const { context } = this;
		if (typeof context.saveFailedExecution === 'function')
			context.saveFailedExecution(toNodeError(context.getNode(), error));
		else context.logger.error(this.client.connection.redact(error.message));
	}
}

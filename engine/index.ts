// Runs a built n8n package on n8n's own engine, in a process of its own. See README.md.
import { randomUUID } from 'node:crypto';
import type { IDataObject, INodeCredentialTestResult, INodePropertyOptions } from 'n8n-workflow';
import type { INodeListSearchResult, INodeTypeDescription } from 'n8n-workflow';
import { Channel } from './channel';
import { type EngineProcess, spawnProcess } from './child';
import { Trigger, Webhook } from './handles';
import type {
	ActivateParams,
	EngineError,
	Handles,
	ListSearchParams,
	LogEntry,
	OptionsParams,
	RunParams,
	RunResult,
	StartParams,
	Started,
	WebhookParams,
} from './protocol';

export { packAndUnpack } from './pack';
export type { EngineProcess } from './child';
export type { PackedPackage } from './pack';
export { readState } from './state';
export type { EngineState, ExecutionRecord } from './state';
export { Trigger, Webhook } from './handles';
export type * from './protocol';

export interface StartOptions extends StartParams {
	/** More environment variables for the process. */
	env?: NodeJS.ProcessEnv;
	/** One that was given back, in place of a new process. */
	process?: EngineProcess;
}

export interface RunOptions extends RunParams {
	/** Id for `cancel()`; made up if not given. */
	runId?: string;
	/** Cancels the execution when it aborts. */
	signal?: AbortSignal;
	timeoutMs?: number;
}

/** Starts an engine process and loads the package into it. */
export async function startEngine(options: StartOptions): Promise<EngineHost> {
	const { env, process = spawnProcess(env), ...params } = options;
	const channel = new Channel(process);
	try {
		const started = await channel.request('start', params, 60_000, 'Starting the engine');
		return new EngineHost(channel, started);
	} catch (error) {
		channel.kill();
		await channel.ended;
		throw error;
	}
}

/** An engine process with one package loaded. Its calls may run side by side. */
export class EngineHost {
	readonly engineVersion: string;
	/** Version of the n8n-workflow that engine and package share. */
	readonly workflowVersion: string;
	readonly packageName: string;
	readonly nodeTypes: string[];
	readonly credentialTypes: string[];

	readonly #channel: Channel;

	constructor(channel: Channel, started: Started) {
		this.#channel = channel;
		this.engineVersion = started.engineVersion;
		this.workflowVersion = started.workflowVersion;
		this.packageName = started.packageName;
		this.nodeTypes = started.nodeTypes;
		this.credentialTypes = started.credentialTypes;
	}

	/** Log lines of nodes (all levels) and of the engine (warnings and errors), so far. */
	get logs(): LogEntry[] {
		return this.#channel.logs;
	}

	/** Waits for a log line that holds the text; `after` is how many lines to leave out. */
	async waitForLog(text: string, { after = 0, timeoutMs = 10_000 } = {}): Promise<LogEntry> {
		return await this.#channel.waitForLog(text, after, timeoutMs);
	}

	/** Uncaught exceptions and unhandled rejections of the process, so far: each would end n8n. */
	get uncaught(): EngineError[] {
		return this.#channel.uncaught;
	}

	get pid(): number | undefined {
		return this.#channel.pid;
	}

	/** Runs a workflow, or one node with items; an error of a node is in the result, not thrown. */
	async run(options: RunOptions): Promise<RunResult> {
		const { runId = randomUUID(), signal, timeoutMs = 60_000, ...params } = options;
		const onAbort = () => void this.cancel(runId).catch(() => {});
		signal?.addEventListener('abort', onAbort, { once: true });
		try {
			const result = this.#channel.request('run', { ...params, runId }, timeoutMs, 'run');
			if (signal?.aborted) onAbort();
			return await result;
		} catch (error) {
			// It may be running still, if the time is over.
			onAbort();
			throw error;
		} finally {
			signal?.removeEventListener('abort', onAbort);
		}
	}

	/** Cancels a run as the editor's stop button does; false if there is no such run. */
	async cancel(runId: string): Promise<boolean> {
		return await this.#channel.request('cancel', { runId });
	}

	/** Calls a node's `methods.loadOptions[method]`. */
	async loadOptions(params: OptionsParams): Promise<INodePropertyOptions[]> {
		return (await this.#channel.request('loadOptions', params)) as INodePropertyOptions[];
	}

	/** Calls a node's `methods.listSearch[method]`. */
	async listSearch(params: ListSearchParams): Promise<INodeListSearchResult> {
		return (await this.#channel.request('listSearch', params)) as INodeListSearchResult;
	}

	/** Tests a credential by the `test` request of its type, as n8n's Test button does. */
	async testCredential(type: string, data: IDataObject): Promise<INodeCredentialTestResult> {
		return await this.#channel.request('testCredential', { type, data });
	}

	/** The description of a node type as n8n has it after loading. */
	async describe(type: string): Promise<INodeTypeDescription> {
		return (await this.#channel.request('describe', { type })) as INodeTypeDescription;
	}

	/** Activates a trigger, or test-runs it; rejects with the node's error if that fails. */
	async activate(params: ActivateParams, timeoutMs = 30_000): Promise<Trigger> {
		const handle = randomUUID();
		const trigger = new Trigger(this.#channel, handle);
		await this.#channel.request('activate', { ...params, handle }, timeoutMs, 'activation');
		return trigger;
	}

	/** Activates a webhook node (`checkExists`, else `create`) with an HTTP server before it. */
	async webhook(params: WebhookParams, timeoutMs = 30_000): Promise<Webhook> {
		const handle = randomUUID();
		const webhook = new Webhook(this.#channel, handle);
		const opened = await this.#channel.request(
			'openWebhook',
			{ ...params, handle },
			timeoutMs,
			'webhook activation',
		);
		return webhook.opened(opened);
	}

	/** Open sockets (to one port, if given) and the heap after a garbage collection. */
	async openHandles(port?: number): Promise<Handles> {
		return await this.#channel.request('handles', { port });
	}

	/** Ends the process. Triggers that are still active end with it, unclosed. */
	async stop(): Promise<void> {
		this.#channel.disconnect();
		await this.#channel.ended;
	}

	/**
	 * Takes the package out of the process and keeps n8n in it, for another start: that takes far less time.
	 * Undefined, and all goes on, where something is still under way or an error was not caught.
	 */
	async giveBack(): Promise<EngineProcess | undefined> {
		return await this.#channel.letGo();
	}

	/** Kills the process at once (SIGKILL), as a crash or a power cut would. */
	async kill(): Promise<void> {
		this.#channel.kill();
		await this.#channel.ended;
	}
}

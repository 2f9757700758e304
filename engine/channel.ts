// The parent's end of the line to an engine process: requests with bounded answers, and events.
import { rmSync } from 'node:fs';
import type { EngineProcess } from './child';
import { reviveError } from './errors';
import type { EngineError, FromProcess, LogEntry, Method, Methods, TriggerEvent } from './protocol';

interface Pending {
	resolve(result: unknown): void;
	reject(error: Error): void;
	timer: NodeJS.Timeout;
}

/** Listens to one trigger or webhook. */
export interface Listener {
	onEvent(event: TriggerEvent): void;
	onEnd(error: Error): void;
}

export class Channel {
	readonly logs: LogEntry[] = [];
	readonly uncaught: EngineError[] = [];
	/** Resolves when the process is gone and its folder is removed. */
	readonly ended: Promise<void>;
	private readonly pending = new Map<number, Pending>();
	private readonly listeners = new Map<string, Listener>();
	private readonly logWaiters = new Set<() => void>();
	private gone: Error | undefined;
	private lastId = 0;
	/** Ends the line, and tells all who wait at it why. */
	private end!: (why: string) => void;

	constructor(private readonly process: EngineProcess) {
		const { child } = process;
		this.ended = new Promise((resolve) => {
			this.end = (why) => {
				if (this.gone) return;
				this.gone = new Error(why);
				child.off('message', this.receive).off('exit', this.exited).off('error', this.failed);
				for (const { reject, timer } of this.pending.values()) {
					clearTimeout(timer);
					reject(this.gone);
				}
				this.pending.clear();
				for (const { onEnd } of this.listeners.values()) onEnd(this.gone);
				for (const check of this.logWaiters) check();
				resolve();
			};
		});
		child.on('message', this.receive).once('exit', this.exited).once('error', this.failed);
	}

	/** Asks the process for something; rejects with its error, at its end, or after the time. */
	request<M extends Method>(
		method: M,
		params: Methods[M][0],
		timeoutMs = 30_000,
		what: string = method,
	): Promise<Methods[M][1]> {
		if (this.gone) return Promise.reject(this.gone);
		const id = ++this.lastId;
		return new Promise<Methods[M][1]>((resolve, reject) => {
			const timer = setTimeout(() => {
				this.pending.delete(id);
				reject(new Error(`${what} did not end within ${timeoutMs / 1000} s`));
			}, timeoutMs);
			this.pending.set(id, { resolve: resolve as Pending['resolve'], reject, timer });
			this.process.child.send({ id, method, params }, (error) => {
				if (error) this.settle(id, ({ reject: fail }) => fail(error));
			});
		});
	}

	/** The first log line from `after` on that holds the text, seen already or yet to come. */
	async waitForLog(text: string, after: number, timeoutMs: number): Promise<LogEntry> {
		const find = () => this.logs.slice(after).find(({ message }) => message.includes(text));
		const seen = find();
		if (seen) return seen;
		if (this.gone) throw this.gone;
		return await new Promise<LogEntry>((resolve, reject) => {
			const timer = setTimeout(() => {
				this.logWaiters.delete(check);
				reject(new Error(`"${text}" was not logged within ${timeoutMs / 1000} s`));
			}, timeoutMs);
			const check = () => {
				const found = find();
				if (!found && !this.gone) return;
				clearTimeout(timer);
				this.logWaiters.delete(check);
				if (found) resolve(found);
				else reject(this.gone);
			};
			this.logWaiters.add(check);
		});
	}

	listen(handle: string, listener: Listener): void {
		this.listeners.set(handle, listener);
	}

	/** Lets the process end by itself. */
	disconnect(): void {
		const { child } = this.process;
		if (child.connected) child.disconnect();
	}

	/** Lets another channel have the process, if that can begin anew. */
	async letGo(): Promise<EngineProcess | undefined> {
		if (!(await this.request('beginAnew', {}))) return undefined;
		this.end('The engine process was given back');
		return this.process;
	}

	kill(): void {
		this.process.child.kill('SIGKILL');
	}

	get pid(): number | undefined {
		return this.process.child.pid;
	}

	private readonly receive = (message: FromProcess): void => {
		if ('log' in message) {
			this.logs.push(message.log);
			for (const check of this.logWaiters) check();
		} else if ('uncaught' in message) this.uncaught.push(message.uncaught);
		else if ('event' in message) this.listeners.get(message.handle)?.onEvent(message.event);
		else if ('error' in message) {
			this.settle(message.id, ({ reject }) => reject(reviveError(message.error)));
		} else this.settle(message.id, ({ resolve }) => resolve(message.result));
	};

	private readonly exited = (code: number | null, signal: NodeJS.Signals | null): void => {
		rmSync(this.process.home, { recursive: true, force: true });
		this.end(`The engine process has ended (${signal ?? `exit code ${code}`})`);
	};

	private readonly failed = ({ message }: Error): void =>
		this.end(`The engine process failed: ${message}`);

	private settle(id: number, how: (pending: Pending) => void): void {
		const pending = this.pending.get(id);
		if (!pending) return;
		this.pending.delete(id);
		clearTimeout(pending.timer);
		how(pending);
	}
}

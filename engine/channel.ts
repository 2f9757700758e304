// The parent's end of the line to an engine process: requests with bounded answers, and events.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledProcess } from './compile';
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
	private readonly child: ChildProcess;
	private readonly pending = new Map<number, Pending>();
	private readonly listeners = new Map<string, Listener>();
	private readonly logWaiters = new Set<() => void>();
	private gone: Error | undefined;
	private lastId = 0;

	constructor(env: NodeJS.ProcessEnv = {}) {
		// n8n writes its settings (an instance id, keys) into the user's home: give it one to throw away.
		const home = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
		this.child = fork(compiledProcess(), [], {
			execArgv: ['--expose-gc'],
			serialization: 'advanced',
			env: {
				...process.env,
				NODE_ENV: 'production',
				NO_PROXY: [process.env.NO_PROXY, '127.0.0.1,localhost,::1'].filter(Boolean).join(','),
				N8N_USER_FOLDER: home,
				N8N_ENCRYPTION_KEY: 'engine-host',
				N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
				...env,
			},
		});
		this.ended = new Promise((resolve) => {
			const end = (why: string) => {
				if (this.gone) return;
				this.gone = new Error(why);
				rmSync(home, { recursive: true, force: true });
				for (const { reject, timer } of this.pending.values()) {
					clearTimeout(timer);
					reject(this.gone);
				}
				this.pending.clear();
				for (const { onEnd } of this.listeners.values()) onEnd(this.gone);
				for (const check of this.logWaiters) check();
				resolve();
			};
			this.child.once('exit', (code, signal) =>
				end(`The engine process has ended (${signal ?? `exit code ${code}`})`),
			);
			this.child.once('error', (error) => end(`The engine process failed: ${error.message}`));
		});
		this.child.on('message', (message) => this.receive(message as FromProcess));
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
			this.child.send({ id, method, params }, (error) => {
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
		if (this.child.connected) this.child.disconnect();
	}

	kill(): void {
		this.child.kill('SIGKILL');
	}

	get pid(): number | undefined {
		return this.child.pid;
	}

	private receive(message: FromProcess): void {
		if ('log' in message) {
			this.logs.push(message.log);
			for (const check of this.logWaiters) check();
		} else if ('uncaught' in message) this.uncaught.push(message.uncaught);
		else if ('event' in message) this.listeners.get(message.handle)?.onEvent(message.event);
		else if ('error' in message) {
			this.settle(message.id, ({ reject }) => reject(reviveError(message.error)));
		} else this.settle(message.id, ({ resolve }) => resolve(message.result));
	}

	private settle(id: number, how: (pending: Pending) => void): void {
		const pending = this.pending.get(id);
		if (!pending) return;
		this.pending.delete(id);
		clearTimeout(pending.timer);
		how(pending);
	}
}

// Child processes that are watched by their output and ended by their id.
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

interface Waiter {
	text: string;
	resolve(): void;
	reject(error: Error): void;
}

export interface ProgramOptions {
	/** For messages. */
	name: string;
	command: string;
	args: string[];
	env: NodeJS.ProcessEnv;
	/** Another user to run as. */
	user?: { uid: number; gid: number };
	onLine?: (line: string) => void;
}

/** A program that runs in a process group of its own, so that its children end with it. */
export class Program {
	/** Everything it wrote, line by line. */
	readonly lines: string[] = [];
	/** Resolves when it has ended. */
	readonly ended: Promise<void>;
	private running = true;
	private readonly child: ChildProcess;
	private readonly waiters = new Set<Waiter>();
	private readonly killNow = () => this.signal('SIGKILL');

	constructor(private readonly options: ProgramOptions) {
		const { command, args, env, user } = options;
		this.child = spawn(command, args, {
			env,
			...user,
			detached: true,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		for (const stream of [this.child.stdout, this.child.stderr])
			if (stream) createInterface({ input: stream }).on('line', (line) => this.take(line));
		this.ended = new Promise((resolve) => {
			this.child.once('close', () => this.finish(resolve));
			this.child.once('error', (error) => {
				this.take(String(error));
				this.finish(resolve);
			});
		});
		process.once('exit', this.killNow);
	}

	get pid(): number | undefined {
		return this.child.pid;
	}

	/** Resolves at the first line with this text; rejects when the program ends before. */
	async says(text: string, timeoutMs: number): Promise<void> {
		if (this.lines.some((line) => line.includes(text))) return;
		if (!this.running) throw this.failure('ended');
		await new Promise<void>((resolve, reject) => {
			const timer = setTimeout(
				() => waiter.reject(this.failure(`did not say "${text}" in ${timeoutMs / 1000} s`)),
				timeoutMs,
			);
			const settle = (then: () => void) => {
				clearTimeout(timer);
				this.waiters.delete(waiter);
				then();
			};
			const waiter: Waiter = {
				text,
				resolve: () => settle(resolve),
				reject: (error) => settle(() => reject(error)),
			};
			this.waiters.add(waiter);
		});
	}

	/** Asks it to end and waits; insists after some time. */
	async stop(graceMs = 20_000): Promise<void> {
		this.signal('SIGTERM');
		const insist = setTimeout(this.killNow, graceMs);
		await this.ended;
		clearTimeout(insist);
		this.killNow();
	}

	/** Ends it as a power cut would. */
	async kill(): Promise<void> {
		this.killNow();
		await this.ended;
	}

	private signal(name: NodeJS.Signals): void {
		if (this.child.pid === undefined) return;
		try {
			process.kill(-this.child.pid, name);
		} catch {
			// The group is gone.
		}
	}

	private take(line: string): void {
		this.lines.push(line);
		this.options.onLine?.(line);
		for (const waiter of [...this.waiters]) if (line.includes(waiter.text)) waiter.resolve();
	}

	private finish(resolve: () => void): void {
		this.running = false;
		process.off('exit', this.killNow);
		for (const waiter of [...this.waiters]) waiter.reject(this.failure('ended'));
		resolve();
	}

	private failure(what: string): Error {
		return new Error(
			`${this.options.name} ${what}. Its last lines:\n${this.lines.slice(-30).join('\n')}`,
		);
	}
}

export interface LaunchOptions {
	/** What it writes once it can be used. */
	ready: string;
	/** What it writes when a port is not free. */
	portTaken: string;
	/** Ports to try first. */
	ports?: number[];
	/** How many ports it listens on. Default 2. */
	count?: number;
}

/** Starts a program that listens; takes other ports when somebody was faster. */
export async function launch(
	start: (ports: number[]) => Program | Promise<Program>,
	{ ready, portTaken, ports = [], count = 2 }: LaunchOptions,
): Promise<{ program: Program; ports: number[] }> {
	for (let tried = ports; ; tried = []) {
		const chosen = tried.length > 0 ? tried : await freePorts(count);
		const program = await start(chosen);
		try {
			await program.says(ready, 120_000);
			return { program, ports: chosen };
		} catch (error) {
			await program.kill();
			if (!program.lines.some((line) => line.includes(portTaken))) throw error;
		}
	}
}

/** Ports that are free now. All are held at once, so none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = Array.from({ length: count }, () => createServer());
	const ports: number[] = [];
	for (const server of servers) {
		await new Promise<void>((resolve, reject) => {
			server.once('error', reject);
			server.listen(0, '127.0.0.1', resolve);
		});
		ports.push((server.address() as AddressInfo).port);
	}
	for (const server of servers) await new Promise((resolve) => server.close(resolve));
	return ports;
}

// The client's end of a simulator that runs in a process of its own.
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SimulatorCredential, SimulatorOptions } from '../../simulator';
import type { SimulatorMethods } from './simulatorProcess';

type Result<Name extends keyof SimulatorMethods> = Awaited<ReturnType<SimulatorMethods[Name]>>;

/** A simulator next door. */
export class SimulatorProcess {
	credential!: SimulatorCredential;
	private readonly child: ChildProcess;
	private readonly pending = new Map<
		number,
		(message: { result?: never; error?: string }) => void
	>();
	private lastId = 0;

	private constructor() {
		this.child = fork(join(__dirname, 'simulatorProcess.ts'), [], {
			execArgv: ['--expose-gc', '--import', pathToFileURL(require.resolve('tsx')).href],
			serialization: 'advanced',
		});
		this.child.on('message', (message: { id: number }) => {
			this.pending.get(message.id)?.(message as never);
			this.pending.delete(message.id);
		});
		this.child.once('exit', () => {
			for (const settle of this.pending.values()) settle({ error: 'The simulator has ended' });
		});
	}

	/** Starts one. */
	static async start(options: SimulatorOptions = {}): Promise<SimulatorProcess> {
		const simulator = new SimulatorProcess();
		simulator.credential = await simulator.ask('start', options);
		return simulator;
	}

	/** Calls one of the methods of simulatorProcess.ts. */
	async ask<Name extends keyof SimulatorMethods>(
		method: Name,
		...args: Parameters<SimulatorMethods[Name]>
	): Promise<Result<Name>> {
		const id = ++this.lastId;
		return await new Promise<Result<Name>>((resolve, reject) => {
			this.pending.set(id, ({ result, error }) =>
				error === undefined ? resolve(result as never) : reject(new Error(error)),
			);
			this.child.send({ id, method, args });
		});
	}

	/** Ends the process. */
	async stop(): Promise<void> {
		const ended = new Promise((resolve) => this.child.once('exit', resolve));
		this.child.disconnect();
		await ended;
	}
}

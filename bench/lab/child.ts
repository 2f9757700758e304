// The parent's end of a process that answers calls by name.
import { fork, type ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';

type Methods = Record<string, (...args: never[]) => unknown>;
type Reply = { id: number; result?: never; error?: string };

/** A process of ours, and its methods. */
export class Child<Offered extends Methods> {
	private readonly child: ChildProcess;
	private readonly pending = new Map<number, (reply: Omit<Reply, 'id'>) => void>();
	private lastId = 0;

	/** @param file a script that calls {@link offer} */
	constructor(file: string) {
		this.child = fork(file, [], {
			execArgv: ['--expose-gc', '--import', pathToFileURL(require.resolve('tsx')).href],
			serialization: 'advanced',
		});
		this.child.on('message', ({ id, ...reply }: Reply) => {
			this.pending.get(id)?.(reply);
			this.pending.delete(id);
		});
		this.child.once('exit', () => {
			for (const settle of this.pending.values()) settle({ error: `${file} has ended` });
		});
	}

	/** Calls one of the methods. */
	async ask<Name extends keyof Offered & string>(
		method: Name,
		...args: Parameters<Offered[Name]>
	): Promise<Awaited<ReturnType<Offered[Name]>>> {
		const id = ++this.lastId;
		return await new Promise((resolve, reject) => {
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

/** The process's end: answers the calls, and ends with its parent. */
export function offer(methods: Methods): void {
	process.on(
		'message',
		async ({ id, method, args }: { id: number; method: string; args: never[] }) => {
			try {
				process.send!({ id, result: await methods[method](...args) });
			} catch (error) {
				process.send!({ id, error: String((error as Error).stack ?? error) });
			}
		},
	);
	process.on('disconnect', () => process.exit(0));
}

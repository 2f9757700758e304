// How long n8n takes to answer while it has much to do, asked from a process of its own.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Asks `/healthz` again and again; each question waits for the answer to the one before. */
export class Health {
	private constructor(private readonly child: ChildProcess) {}

	/** @param url of n8n */
	static async watch(url: string): Promise<Health> {
		const child = fork(join(__dirname, 'healthProcess.ts'), [`${url}/healthz`], {
			execArgv: ['--import', pathToFileURL(require.resolve('tsx')).href],
		});
		await once(child, 'message');
		return new Health(child);
	}

	/** Ends it; gives the time of the slowest answer since the start, in ms. */
	async slowest(): Promise<number> {
		const answer = once(this.child, 'message');
		this.child.send('slowest');
		const [slowest] = (await answer) as [number];
		this.child.disconnect();
		return slowest;
	}
}

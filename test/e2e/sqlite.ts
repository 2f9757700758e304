// A second pair of hands in the SQLite file of a running n8n.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { nodeBinary } from './install';

interface Answer {
	id: number;
	rows?: unknown[];
	error?: string;
}

/**
 * A connection of its own to n8n's database. It lives in a process with n8n's Node.js, which has
 * SQLite built in: the one that tests run on may have none.
 */
export class Sqlite {
	private readonly child: ChildProcess;
	private readonly waiting = new Map<number, (answer: Answer) => void>();
	private lastId = 0;

	private constructor(file: string) {
		this.child = fork(join(__dirname, 'sqliteProcess.mjs'), [file], {
			execPath: nodeBinary(),
			execArgv: ['--no-warnings'],
		});
		this.child.on('message', (answer: Answer) => {
			this.waiting.get(answer.id)?.(answer);
			this.waiting.delete(answer.id);
		});
		this.child.once('exit', () => {
			for (const [id, settle] of this.waiting) settle({ id, error: 'The process has ended' });
		});
	}

	/** @param dataDir of an n8n that has been started once */
	static open({ dataDir }: { dataDir: string }): Sqlite {
		return new Sqlite(join(dataDir, '.n8n', 'database.sqlite'));
	}

	/** The rows of a statement. Waits a minute for a lock that n8n holds. */
	async query<T>(sql: string): Promise<T[]> {
		const id = ++this.lastId;
		const { rows, error } = await new Promise<Answer>((resolve) => {
			this.waiting.set(id, resolve);
			this.child.send({ id, sql });
		});
		if (error !== undefined) throw new Error(`${error}: ${sql}`);
		return rows as T[];
	}

	/** Runs a statement that gives nothing. */
	async execute(sql: string): Promise<void> {
		await this.query(sql);
	}

	/** Keeps n8n from writing anything. Gives what lets it go on. */
	async lock(): Promise<() => Promise<void>> {
		await this.execute('begin immediate');
		return async () => await this.execute('rollback');
	}

	async close(): Promise<void> {
		const ended = once(this.child, 'exit');
		this.child.disconnect();
		await ended;
	}
}

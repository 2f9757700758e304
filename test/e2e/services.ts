// PostgreSQL and Redis for queue mode: own instances on this machine, thrown away at the end.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { launch, Program } from './processes';

const run = promisify(execFile);
const debian = '/usr/lib/postgresql';

/** Where a program is: on the path, or where Debian keeps the newest PostgreSQL. */
function find(name: string): string | undefined {
	const newest = existsSync(debian) ? readdirSync(debian).sort((a, b) => +b - +a) : [];
	return [
		...newest.map((version) => join(debian, version, 'bin')),
		...(process.env.PATH ?? '').split(delimiter),
	]
		.map((folder) => join(folder, name))
		.find((file) => existsSync(file));
}

/** What must be installed for queue mode, in a sentence; undefined when all is there. */
export function missingServices(): string | undefined {
	const missing = ['initdb', 'postgres', 'psql', 'redis-server'].filter((name) => !find(name));
	if (missing.length === 0) return undefined;
	return (
		`Queue mode needs ${missing.join(', ')}. ` +
		'On Debian or Ubuntu: `sudo apt-get install postgresql redis-server`.'
	);
}

const programOf = (name: string): string => {
	const file = find(name);
	if (file) return file;
	throw new Error(missingServices());
};

/** PostgreSQL refuses to run as root, so root lends it the user that its package has made. */
function unprivileged(): { uid: number; gid: number } | undefined {
	if (process.getuid?.() !== 0) return undefined;
	for (const line of readFileSync('/etc/passwd', 'utf8').split('\n')) {
		const [name, , uid, gid] = line.split(':');
		if (name === 'postgres') return { uid: Number(uid), gid: Number(gid) };
	}
	throw new Error('PostgreSQL cannot run as root, and there is no user "postgres".');
}

/** Gives the start of a service a folder of its own, and takes it away again when that fails. */
async function inFolder<T>(name: string, start: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), `kuvarpay-${name}-`));
	try {
		return await start(folder);
	} catch (error) {
		await rm(folder, { recursive: true, force: true });
		throw error;
	}
}

/** A service that runs, in a folder of its own. */
abstract class Service {
	protected constructor(
		private readonly program: Program,
		readonly port: number,
		private readonly folder: string,
	) {}

	async stop(): Promise<void> {
		await this.program.stop();
		await rm(this.folder, { recursive: true, force: true });
	}
}

/** An empty database. */
export class Postgres extends Service {
	static async start(): Promise<Postgres> {
		const user = unprivileged();
		return await inFolder('postgres', async (folder) => {
			if (user) await chown(folder, user.uid, user.gid);
			const data = join(folder, 'data');
			const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: 'C' };
			await run(
				programOf('initdb'),
				['-D', data, '-U', 'n8n', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
				{ ...user, env, cwd: folder },
			);
			const { program, ports } = await launch(
				([port]) =>
					new Program({
						name: 'PostgreSQL',
						command: programOf('postgres'),
						args: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', ''],
						env,
						user,
					}),
				{
					ready: 'database system is ready to accept connections',
					portTaken: 'Address already in use',
					count: 1,
				},
			);
			return new Postgres(program, ports[0], folder);
		});
	}

	/** What n8n needs to use it. */
	get environment(): NodeJS.ProcessEnv {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: 'n8n',
			DB_POSTGRESDB_PASSWORD: 'not asked for',
		};
	}

	/** The rows of a query. */
	async query<T>(sql: string): Promise<T[]> {
		const rows = await this.execute(`select coalesce(json_agg(found), '[]') from (${sql}) found`);
		return JSON.parse(rows) as T[];
	}

	/** What psql writes about a statement. */
	async execute(sql: string): Promise<string> {
		const { stdout } = await run(programOf('psql'), [...this.access, '-c', sql], {
			env: this.psqlEnvironment,
			maxBuffer: 64 * 1024 * 1024,
		});
		return stdout;
	}

	/** Keeps everybody from writing to a table. Gives what lets them go on. */
	async lock(table: string): Promise<() => Promise<void>> {
		const session = spawn(programOf('psql'), this.access, { env: this.psqlEnvironment });
		const ended = once(session, 'close');
		session.stdin.write(`begin; lock table ${table} in exclusive mode; select 'locked';\n`);
		for await (const line of createInterface({ input: session.stdout }))
			if (line === 'locked') break;
		return async () => {
			session.stdin.end();
			await ended;
		};
	}

	private get access(): string[] {
		return [
			...['-h', '127.0.0.1', '-p', String(this.port), '-U', 'n8n', '-d', 'postgres'],
			...['-X', '-A', '-t', '-v', 'ON_ERROR_STOP=1'],
		];
	}

	private readonly psqlEnvironment = { PATH: process.env.PATH, LC_ALL: 'C' };
}

/** An empty queue; nothing of it is kept on disk. */
export class Redis extends Service {
	static async start(): Promise<Redis> {
		return await inFolder('redis', async (folder) => {
			const { program, ports } = await launch(
				([port]) =>
					new Program({
						name: 'Redis',
						command: programOf('redis-server'),
						args: [
							...['--bind', '127.0.0.1', '--port', String(port)],
							...['--dir', folder, '--save', '', '--appendonly', 'no'],
						],
						env: { PATH: process.env.PATH },
					}),
				{
					ready: 'Ready to accept connections',
					portTaken: 'Address already in use',
					count: 1,
				},
			);
			return new Redis(program, ports[0], folder);
		});
	}

	/** What n8n needs to use it. */
	get environment(): NodeJS.ProcessEnv {
		return {
			EXECUTIONS_MODE: 'queue',
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(this.port),
		};
	}
}

// n8n in queue mode: PostgreSQL, Redis, one main and workers, all with this package.
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator';
import { localEnvironment } from './environment';
import { startN8n, type N8n } from './host';
import { n8nScript, nodeBinary } from './install';
import { launch, Program } from './processes';
import { Postgres, Redis } from './services';

export interface ClusterOptions {
	workers: number;
	/** How many executions a worker runs at the same time. */
	concurrency: number;
	/** Further environment variables for every n8n process. */
	env?: NodeJS.ProcessEnv;
}

/** One `n8n worker`. */
export class Worker {
	private constructor(
		private readonly program: Program,
		private readonly dataDir: string,
	) {}

	static async start(main: N8n, concurrency: number, env: NodeJS.ProcessEnv): Promise<Worker> {
		const dataDir = await mkdtemp(join(tmpdir(), 'kuvarpay-worker-'));
		try {
			const packages = join('.n8n', 'nodes');
			await cp(join(main.dataDir, packages), join(dataDir, packages), { recursive: true });
			const { program } = await launch(
				([brokerPort]) =>
					new Program({
						name: 'The worker',
						command: nodeBinary(),
						args: [n8nScript(), 'worker', `--concurrency=${concurrency}`],
						env: { ...localEnvironment(dataDir, brokerPort), ...env },
					}),
				{ ready: 'n8n worker is now ready', portTaken: 'is already in use', count: 1 },
			);
			return new Worker(program, dataDir);
		} catch (error) {
			await rm(dataDir, { recursive: true, force: true });
			throw error;
		}
	}

	/** Every line that it wrote. */
	get logs(): string[] {
		return this.program.lines;
	}

	/** IDs of the executions that it began. */
	get started(): string[] {
		return this.logs.flatMap((line) => /Worker started execution (\d+)/.exec(line)?.[1] ?? []);
	}

	/** Ends it at once, as a power cut would. */
	async kill(): Promise<void> {
		await this.program.kill();
	}

	async stop(): Promise<void> {
		await this.program.stop();
		await rm(this.dataDir, { recursive: true, force: true });
	}
}

export interface Cluster {
	simulator: Simulator;
	main: N8n;
	workers: Worker[];
	database: Postgres;
	close(): Promise<void>;
}

/** Starts all of it. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
	const running: Array<() => Promise<void>> = [];
	const close = async () => {
		for (const end of running.splice(0).reverse()) await end();
	};
	try {
		const simulator = await startSimulator();
		running.push(async () => await simulator.close());
		const database = await Postgres.start();
		running.push(async () => await database.stop());
		const redis = await Redis.start();
		running.push(async () => await redis.stop());
		const env = {
			...database.environment,
			...redis.environment,
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			...options.env,
		};
		const main = await startN8n({ simulator, env });
		running.push(async () => await main.stop());
		const workers: Worker[] = [];
		while (workers.length < options.workers) {
			const worker = await Worker.start(main, options.concurrency, env);
			running.push(async () => await worker.stop());
			workers.push(worker);
		}
		return { simulator, main, workers, database, close };
	} catch (error) {
		await close();
		throw error;
	}
}

// n8n in queue mode: PostgreSQL, Redis, one main, workers and webhook processes, all with this package.
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator, type Simulator } from '../../simulator';
import { localEnvironment } from './environment';
import { startN8n, type N8n, type StartOptions } from './host';
import { n8nScript, nodeBinary } from './install';
import { launch, Program } from './processes';
import { Postgres, Redis } from './services';

export interface ClusterOptions {
	workers: number;
	/** How many executions a worker runs at the same time. */
	concurrency: number;
	/** How many processes take webhooks beside the main. Default 0. */
	webhookProcesses?: number;
	/** Further environment variables for every n8n process. */
	env?: NodeJS.ProcessEnv;
}

interface Launched {
	program: Program;
	/** Where it listens for others than its own task runners; a worker does not. */
	port: number;
	dataDir: string;
}

/** A process of n8n beside the main. */
abstract class Member {
	protected constructor(private readonly launched: Launched) {}

	/** Starts n8n with that command; it is ready when it says so. */
	protected static async launch(
		main: N8n,
		command: string[],
		ready: string,
		env: NodeJS.ProcessEnv,
	): Promise<Launched> {
		const dataDir = await mkdtemp(join(tmpdir(), `kuvarpay-${command[0]}-`));
		try {
			const packages = join('.n8n', 'nodes');
			await cp(join(main.dataDir, packages), join(dataDir, packages), { recursive: true });
			const { program, ports } = await launch(
				([port, brokerPort]) =>
					new Program({
						name: `n8n ${command[0]}`,
						command: nodeBinary(),
						args: [n8nScript(), ...command],
						env: { ...localEnvironment(dataDir, brokerPort), N8N_PORT: String(port), ...env },
					}),
				{ ready, portTaken: 'is already in use' },
			);
			return { program, port: ports[0], dataDir };
		} catch (error) {
			await rm(dataDir, { recursive: true, force: true });
			throw error;
		}
	}

	/** Every line that it wrote. */
	get logs(): string[] {
		return this.launched.program.lines;
	}

	/** Where it takes requests. */
	get url(): string {
		return `http://127.0.0.1:${this.launched.port}`;
	}

	/** Ends it at once, as a power cut would. */
	async kill(): Promise<void> {
		await this.launched.program.kill();
	}

	async stop(): Promise<void> {
		await this.launched.program.stop();
		await rm(this.launched.dataDir, { recursive: true, force: true });
	}
}

/** One `n8n worker`. */
export class Worker extends Member {
	static async start(main: N8n, concurrency: number, env: NodeJS.ProcessEnv): Promise<Worker> {
		const command = ['worker', `--concurrency=${concurrency}`];
		return new Worker(await this.launch(main, command, 'n8n worker is now ready', env));
	}

	/** IDs of the executions that it began. */
	get started(): string[] {
		return this.logs.flatMap((line) => /Worker started execution (\d+)/.exec(line)?.[1] ?? []);
	}
}

/** One `n8n webhook`. */
export class WebhookProcess extends Member {
	static async start(main: N8n, env: NodeJS.ProcessEnv): Promise<WebhookProcess> {
		const ready = 'Webhook listener waiting for requests';
		return new WebhookProcess(await this.launch(main, ['webhook'], ready, env));
	}
}

/** n8n in queue mode. */
export interface QueueMode {
	main: N8n;
	workers: Worker[];
	webhookProcesses: WebhookProcess[];
	database: Postgres;
	close(): Promise<void>;
}

/** The same with a KuvarPay of its own. */
export interface Cluster extends QueueMode {
	simulator: Simulator;
}

/** Starts all of it. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
	const simulator = await startSimulator();
	try {
		const n8n = await startQueueMode(simulator, options);
		const close = async () => {
			await n8n.close();
			await simulator.close();
		};
		return { ...n8n, simulator, close };
	} catch (error) {
		await simulator.close();
		throw error;
	}
}

/** Starts n8n for a KuvarPay that is there. */
export async function startQueueMode(
	simulator: StartOptions['simulator'],
	options: ClusterOptions,
): Promise<QueueMode> {
	const running: Array<() => Promise<void>> = [];
	const close = async () => {
		for (const end of running.splice(0).reverse()) await end();
	};
	try {
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
		const webhookProcesses: WebhookProcess[] = [];
		while (webhookProcesses.length < (options.webhookProcesses ?? 0)) {
			const listener = await WebhookProcess.start(main, env);
			running.push(async () => await listener.stop());
			webhookProcesses.push(listener);
		}
		return { main, workers, webhookProcesses, database, close };
	} catch (error) {
		await close();
		throw error;
	}
}

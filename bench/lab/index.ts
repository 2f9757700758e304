// What all benchmarks need: the packed package and its peers on one engine, and a simulator next door.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packAndUnpack, startEngine, type EngineHost, type PackedPackage } from '../../engine';
import type { SimulatorOptions } from '../../simulator';
import { hostDir, installHost } from '../../test/e2e/install';
import { buildPeers } from './peers';
import { ServerProcess } from './server';
import { SimulatorProcess } from './simulator';

export { SimulatorProcess } from './simulator';
export { ServerProcess } from './server';
export type { LimitOptions } from './limiter';
export { now } from './clock';

const root = join(__dirname, '../..');

/** n8n's own nodes, as the real n8n of the end-to-end tests has them. */
const baseNodes = join(hostDir, 'node_modules', 'n8n-nodes-base');

/** Sets benchmarks up and takes them down. */
export class Lab {
	private constructor(
		readonly pack: PackedPackage,
		/** Folder of the package of nodes to measure against. */
		private readonly peers: string,
	) {}

	/** Builds and packs the package; installs n8n's own nodes when they are missing. */
	static async open({ peers = true } = {}): Promise<Lab> {
		if (peers) await installHost();
		await promisify(execFile)(process.execPath, [join(root, 'node_modules/gulp/bin/gulp.js')], {
			cwd: root,
		});
		return new Lab(await packAndUnpack({ engine: 'newest' }), await buildPeers());
	}

	/** A fresh engine process with the package, n8n's own nodes and the plain stream reader. */
	async engine(env?: NodeJS.ProcessEnv): Promise<EngineHost> {
		return await startEngine({
			packageDir: this.pack.packageDir,
			engine: 'newest',
			extraPackages: [baseNodes, this.peers],
			env,
		});
	}

	/** Runs something with a fresh engine and a fresh simulator; both are gone afterwards. */
	async run<T>(
		options: SimulatorOptions,
		task: (host: EngineHost, simulator: SimulatorProcess) => Promise<T>,
		env?: NodeJS.ProcessEnv,
	): Promise<T> {
		return await this.beside(await SimulatorProcess.start(options), task, env);
	}

	/** The same with a server of which only speed and limits count. */
	async serve<T>(task: (host: EngineHost, server: ServerProcess) => Promise<T>): Promise<T> {
		return await this.beside(await ServerProcess.start(), task);
	}

	private async beside<T, Server extends { stop(): Promise<void> }>(
		server: Server,
		task: (host: EngineHost, server: Server) => Promise<T>,
		env?: NodeJS.ProcessEnv,
	): Promise<T> {
		try {
			const host = await this.engine(env);
			try {
				const result = await task(host, server);
				if (host.uncaught.length > 0)
					throw new Error(`The engine process had uncaught errors: ${host.uncaught[0].message}`);
				return result;
			} finally {
				await host.stop();
			}
		} finally {
			await server.stop();
		}
	}

	async close(): Promise<void> {
		await this.pack.cleanup();
	}
}

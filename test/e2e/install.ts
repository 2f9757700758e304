// Installs n8n for the end-to-end tests and `npm run n8n`, into a folder of its own.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';

/** Where n8n is installed: its own package.json and lock file, no part of this package. */
export const hostDir = join(__dirname, 'host');
const modules = join(hostDir, 'node_modules');
const marker = join(modules, '.installed');
const oldestNode = 24;

export type Report = (line: string) => void;

/** Loads a module that is installed beside n8n, not in this project. */
export const requireFromHost = createRequire(join(hostDir, 'package.json'));

/** The Node.js that runs n8n, and its headers where they came with it. */
function node(): { binary: string; headers?: string } {
	const dir = join(modules, `node-${process.platform}-${process.arch}`);
	const binary = join(dir, 'bin', 'node');
	if (existsSync(binary)) return { binary, headers: dir };
	if (Number(process.versions.node.split('.')[0]) >= oldestNode)
		return { binary: process.execPath };
	throw new Error(
		`n8n needs Node.js ${oldestNode} or newer, and none could be installed for ` +
			`${process.platform} on ${process.arch}. Run this command with Node.js ${oldestNode}.`,
	);
}

/** Path of the Node.js binary that n8n runs on. */
export const nodeBinary = (): string => node().binary;

/** Path of n8n's start script. */
export const n8nScript = (): string => join(modules, 'n8n', 'bin', 'n8n');

/** What must be the same for an install to be still good. */
function fingerprint(): string {
	const hash = createHash('sha256');
	for (const file of ['package.json', 'package-lock.json'])
		hash.update(readFileSync(join(hostDir, file)));
	return `${hash.digest('hex')} ${process.platform} ${process.arch}\n`;
}

/** Whether `installHost` has nothing to do. */
export function isInstalled(): boolean {
	return existsSync(marker) && readFileSync(marker, 'utf8') === fingerprint();
}

/** Installs n8n unless that has been done. Downloads about 500 MB, writes 3 GB. */
export async function installHost(report: Report = console.log): Promise<void> {
	if (isInstalled()) return;
	await step(report, 'Installing n8n (first time only, 3 to 5 minutes, 3 GB)', async () => {
		await npm(['ci', '--no-progress']);
	});
	const { binary, headers } = node();
	await step(report, 'Compiling the SQLite driver for it (about 1 minute)', async () => {
		await npm(['rebuild', 'sqlite3', '--ignore-scripts=false', '--foreground-scripts'], {
			PATH: [dirname(binary), process.env.PATH].join(delimiter),
			...(headers && { npm_config_nodedir: headers }),
		});
	});
	writeFileSync(marker, fingerprint());
}

/** Does something long with a line before and after it. */
export async function step<T>(report: Report, what: string, work: () => Promise<T>): Promise<T> {
	report(`${what} ...`);
	const start = performance.now();
	const result = await work();
	report(`  done in ${((performance.now() - start) / 1000).toFixed(1)} s`);
	return result;
}

/** Runs npm in the host's folder; its output is shown only when it fails. */
async function npm(args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
	const child = spawn('npm', args, {
		cwd: hostDir,
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let output = '';
	child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
	child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', resolve);
	});
	if (code !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${output.slice(-4000)}`);
}

if (require.main === module) {
	installHost()
		.then(() => console.log('n8n is installed.'))
		.catch((error: Error) => {
			console.error(error.message);
			process.exitCode = 1;
		});
}

// Packs a package as `npm publish` would and lays it out as n8n does when it installs one.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { CORES, type EngineName } from './protocol';

const run = promisify(execFile);

export interface PackedPackage {
	name: string;
	/** Where the package lies, inside a `node_modules`. */
	packageDir: string;
	/** The tarball that was unpacked. */
	tarball: string;
	/** Names of the files in the tarball. */
	files: string[];
	/** Removes the temporary folder. */
	cleanup(): Promise<void>;
}

export interface PackOptions {
	engine?: EngineName;
	/** Root of the package; default: this project. */
	projectDir?: string;
	/** What was packed already, for another engine. */
	packed?: PackedPackage;
}

/**
 * Packs the built package and unpacks it into a `node_modules` of its own, without the fields that
 * n8n takes out of an installed package.json. n8n-workflow is a link to the engine's, which n8n
 * achieves with NODE_PATH.
 */
export async function packAndUnpack(options: PackOptions = {}): Promise<PackedPackage> {
	const { engine = 'newest', projectDir = join(__dirname, '..') } = options;
	const root = await mkdtemp(join(tmpdir(), `n8n-package-${engine}-`));
	const cleanup = () => rm(root, { recursive: true, force: true });
	try {
		const { name, tarball, files } = options.packed ?? (await pack(projectDir, root));
		const packageDir = join(root, 'node_modules', ...name.split('/'));
		await mkdir(packageDir, { recursive: true });
		await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', packageDir]);
		await strip(join(packageDir, 'package.json'));
		await symlink(workflowOf(engine), join(root, 'node_modules', 'n8n-workflow'), 'dir');
		return { name, packageDir, tarball, files, cleanup };
	} catch (error) {
		await cleanup();
		throw error;
	}
}

async function pack(projectDir: string, to: string) {
	const { stdout } = await run(
		'npm',
		['pack', '--ignore-scripts', '--json', '--pack-destination', to],
		{ cwd: projectDir, maxBuffer: 16 * 1024 * 1024 },
	);
	const [{ name, filename, files }] = JSON.parse(stdout) as Array<{
		name: string;
		filename: string;
		files: Array<{ path: string }>;
	}>;
	// npm 8 and older write `@scope/name-1.0.0.tgz` for the file `scope-name-1.0.0.tgz`.
	const tarball = join(to, filename.replace('@', '').replace('/', '-'));
	return { name, tarball, files: files.map(({ path }) => path) };
}

/** What n8n does to the package.json of an installed package. */
async function strip(file: string): Promise<void> {
	const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
	delete manifest.devDependencies;
	delete manifest.peerDependencies;
	delete manifest.optionalDependencies;
	await writeFile(file, JSON.stringify(manifest, null, 2));
}

const marker = `${sep}n8n-workflow`;

function workflowOf(engine: EngineName): string {
	const here = createRequire(__filename);
	const core = here.resolve(CORES[engine]);
	const main = createRequire(core).resolve('n8n-workflow');
	return main.slice(0, main.lastIndexOf(marker + sep) + marker.length);
}

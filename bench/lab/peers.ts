import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

interface Manifest {
	n8n: { nodes: string[] };
}

const root = join(__dirname, '../..');
const sources = join(root, 'bench/peers');
/** Inside node_modules, as what is built finds its libraries from where it lies. */
const built = join(root, 'node_modules', '.cache', 'bench-peers');

/** Builds the nodes to measure against, as n8n loads JavaScript only. @returns their package's folder */
export async function buildPeers(): Promise<string> {
	const manifest = JSON.parse(await readFile(join(sources, 'package.json'), 'utf8')) as Manifest;
	const { nodes } = manifest.n8n;
	await build({
		entryPoints: nodes.map((file) => join(sources, file)),
		outdir: built,
		bundle: true,
		platform: 'node',
		target: 'node20',
		external: ['n8n-workflow'],
		logLevel: 'warning',
	});
	manifest.n8n.nodes = nodes.map((file) => file.replace(/\.ts$/, '.js'));
	await mkdir(built, { recursive: true });
	await writeFile(join(built, 'package.json'), JSON.stringify(manifest));
	return built;
}

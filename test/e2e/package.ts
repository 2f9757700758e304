// Puts this package into an n8n.
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { packAndUnpack } from '../../engine/pack';

export const projectDir = resolve(__dirname, '../..');
export const packageName = 'n8n-nodes-kuvarpay';

/**
 * Puts this package where n8n's dialog for community nodes puts it, and in the same form: packed,
 * unpacked, without what only developers need.
 */
export async function layIn(dataDir: string): Promise<void> {
	const manifest = JSON.parse(await readFile(join(projectDir, 'package.json'), 'utf8'));
	for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials])
		if (!existsSync(join(projectDir, file)))
			throw new Error(`${file} is not built. Run \`npm run build\` first.`);
	const packed = await packAndUnpack({ projectDir });
	try {
		const target = join(dataDir, '.n8n', 'nodes', 'node_modules', packageName);
		await rm(target, { recursive: true, force: true });
		await mkdir(dirname(target), { recursive: true });
		await cp(packed.packageDir, target, { recursive: true });
	} finally {
		await packed.cleanup();
	}
}

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Inside node_modules, as what is compiled finds n8n from where it lies. */
const CACHE = join(__dirname, '..', 'node_modules', '.cache', 'engine');

let compiled: string | undefined;

/**
 * The engine's process as one file of JavaScript. With a loader for TypeScript, which looks at all
 * 1,700 files of n8n-core, a start takes half as long again.
 */
export function compiledProcess(): string {
	return (compiled ??= compile());
}

function compile(): string {
	const { outputFiles } = buildSync({
		entryPoints: [join(__dirname, 'process.ts')],
		bundle: true,
		packages: 'external',
		platform: 'node',
		target: 'node20',
		write: false,
		logLevel: 'warning',
	});
	const [{ contents }] = outputFiles;
	const hash = createHash('sha256').update(contents).digest('hex').slice(0, 16);
	const file = join(CACHE, `process-${hash}.cjs`);
	if (existsSync(file)) return file;
	mkdirSync(CACHE, { recursive: true });
	// Others may compile the same at the same time, and must not load half a file.
	const own = `${file}.${process.pid}`;
	writeFileSync(own, contents);
	renameSync(own, file);
	return file;
}

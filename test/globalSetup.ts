import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packAndUnpack, type PackedPackage } from '../engine/pack';
import type { EngineName } from '../engine';
import { ENGINES } from './support/engine';

const run = promisify(execFile);

/** Builds, packs and unpacks the package once for all test files, for each engine. */
export default async function globalSetup(): Promise<void> {
	const root = join(__dirname, '..');
	await run(process.execPath, [join(root, 'node_modules/gulp/bin/gulp.js'), 'build'], {
		cwd: root,
	});
	const packages: Array<[EngineName, PackedPackage]> = [];
	for (const engine of ENGINES) packages.push([engine, await packAndUnpack({ engine })]);
	process.env.KUVARPAY_PACKAGES = JSON.stringify(Object.fromEntries(packages));
	(globalThis as { packages?: PackedPackage[] }).packages = packages.map(([, pack]) => pack);
}

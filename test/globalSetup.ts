import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packAndUnpack, type PackedPackage } from '../engine/pack';

const run = promisify(execFile);

/** Builds, packs and unpacks the package once for all test files, for both engines. */
export default async function globalSetup(): Promise<void> {
	const root = join(__dirname, '..');
	await run(process.execPath, [join(root, 'node_modules/gulp/bin/gulp.js'), 'build'], {
		cwd: root,
	});
	const newest = await packAndUnpack({ engine: 'newest' });
	const oldest = await packAndUnpack({ engine: 'oldest' });
	process.env.KUVARPAY_PACKAGES = JSON.stringify({ newest, oldest });
	(globalThis as { packages?: PackedPackage[] }).packages = [newest, oldest];
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packAndUnpack, type PackedPackage } from '../engine/pack';
import { ENGINES, type Packages } from './support/packages';

const run = promisify(execFile);
const root = join(__dirname, '..');

/** Builds, packs and unpacks the packages once for all test files, for each engine. */
export default async function globalSetup(): Promise<void> {
	const build = [join(root, 'node_modules/gulp/bin/gulp.js'), 'build'];
	await run(process.execPath, build, { cwd: root });
	const [kuvarpay, echo] = await Promise.all([
		laidOut(root),
		laidOut(join(root, 'test/engine/fixtures/echo-package')),
	]);
	process.env.TEST_PACKAGES = JSON.stringify({ kuvarpay, echo } satisfies Packages);
	(globalThis as { packages?: PackedPackage[] }).packages = [kuvarpay, echo].flatMap(Object.values);
}

async function laidOut(projectDir: string): Promise<Packages['kuvarpay']> {
	const [first, ...others] = ENGINES;
	const packed = await packAndUnpack({ engine: first, projectDir });
	const more = others.map(
		async (engine) => [engine, await packAndUnpack({ engine, packed })] as const,
	);
	return Object.fromEntries([
		[first, packed],
		...(await Promise.all(more)),
	]) as Packages['kuvarpay'];
}

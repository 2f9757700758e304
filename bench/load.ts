// What it costs n8n to load the package, beside published community packages.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goal, kB, median, ms, percentile, times, type Report } from './report';
import type { Part } from './runner';

const run = promisify(execFile);
const root = join(__dirname, '..');
const cache = join(root, 'node_modules', '.cache', 'kuvarpay-bench');

/** Well-known community packages of one service each, pinned. */
const PEERS = [
	'n8n-nodes-evolution-api@1.0.4',
	'@mendable/n8n-nodes-firecrawl@2.1.2',
	'n8n-nodes-mcp@0.1.37',
];

interface Subject {
	name: string;
	/** Folder of the unpacked package. */
	dir: string;
	tarball: string;
}

/** Installs a peer with its own dependencies, once; n8n-workflow is the engine's, as in n8n. */
async function install(spec: string): Promise<Subject> {
	const name = spec.slice(0, spec.lastIndexOf('@'));
	const home = join(cache, spec.replace(/[@/]/g, '_'));
	const dir = join(home, 'node_modules', ...name.split('/'));
	if (!existsSync(join(home, 'complete'))) {
		await rm(home, { recursive: true, force: true });
		await mkdir(home, { recursive: true });
		await writeFile(join(home, 'package.json'), '{"private":true}');
		await run('npm', ['pack', spec, '--ignore-scripts', '--pack-destination', home], { cwd: home });
		await run(
			'npm',
			['install', spec, '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'],
			{ cwd: home },
		);
		await rm(join(home, 'node_modules', 'n8n-workflow'), { recursive: true, force: true });
		await symlink(workflowDir(), join(home, 'node_modules', 'n8n-workflow'), 'dir');
		await writeFile(join(home, 'complete'), '');
	}
	const tarball = (await readdir(home)).find((file) => file.endsWith('.tgz'))!;
	return { name: spec, dir, tarball: join(home, tarball) };
}

function workflowDir(): string {
	const main = createRequire(require.resolve('n8n-core')).resolve('n8n-workflow');
	return main.slice(0, main.lastIndexOf('n8n-workflow') + 'n8n-workflow'.length);
}

/** Runs in a fresh process: loads what package.json registers with n8n, as n8n does. */
const PROBE = `
	const { join } = require('node:path');
	const dir = process.argv[1];
	const { n8n } = require(join(dir, 'package.json'));
	require(require.resolve('n8n-workflow', { paths: [dir] }));
	gc();
	const before = process.memoryUsage().heapUsed;
	const begun = performance.now();
	const kept = [...(n8n.credentials ?? []), ...n8n.nodes].map((file) => require(join(dir, file)));
	const took = performance.now() - begun;
	gc();
	const heap = process.memoryUsage().heapUsed - before;
	let operations = 0;
	// Files may be one bundle, of which each gives all.
	for (const Class of new Set(kept.flatMap((module) => Object.values(module)))) {
		if (typeof Class !== 'function') continue;
		let node; try { node = new Class(); } catch { continue; }
		// A trigger's operations are what it starts on.
		if (node.description?.group?.includes('trigger')) continue;
		for (const { name, options } of node.description?.properties ?? [])
			if (name === 'operation' && Array.isArray(options)) operations += options.length;
	}
	console.log(JSON.stringify({ took, heap, operations }));
`;

interface Loaded {
	took: number;
	heap: number;
	operations: number;
}

async function probe({ dir }: Subject): Promise<Loaded> {
	const args = ['--expose-gc', '-e', PROBE, dir];
	const pinned = process.platform === 'linux' && availableParallelism() > 1;
	const { stdout } = pinned
		? await run('taskset', ['-c', '0', process.execPath, ...args])
		: await run(process.execPath, args);
	return JSON.parse(stdout.trim().split('\n').at(-1)!) as Loaded;
}

async function dependenciesOf({ dir }: Subject): Promise<number> {
	const { dependencies = {} } = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8')) as {
		dependencies?: Record<string, string>;
	};
	return Object.keys(dependencies).length;
}

export const load: Part = async ({ lab, quick, say }) => {
	say('installing the peers, if they are not there yet');
	const { packageDir, tarball } = lab.pack;
	const subjects: Subject[] = [{ name: 'n8n-nodes-kuvarpay', dir: packageDir, tarball }];
	for (const spec of PEERS) subjects.push(await install(spec));
	const seen = new Map<string, Loaded[]>(subjects.map(({ name }) => [name, []]));
	for (let round = 0; round < (quick ? 3 : 21); round++)
		for (const subject of subjects) seen.get(subject.name)!.push(await probe(subject));

	const [ours] = seen.values();
	const took = median(ours.map((one) => one.took));
	const report: Report = {
		title: 'Load: fresh processes, one core (medians)',
		head: [
			'package',
			'operations',
			'require',
			'p90',
			'ratio',
			'heap after',
			'tarball',
			'dependencies',
		],
		rows: [],
		goals: [goal('require takes under 30 ms', took < 30, ms(took))],
	};
	for (const subject of subjects) {
		const all = seen.get(subject.name)!;
		const { size } = await stat(subject.tarball);
		report.rows.push([
			subject.name,
			String(all[0].operations || '-'),
			ms(median(all.map((one) => one.took))),
			ms(
				percentile(
					all.map((one) => one.took),
					90,
				),
			),
			times(median(all.map((one) => one.took)) / took),
			kB(median(all.map((one) => one.heap))),
			kB(size),
			String(await dependenciesOf(subject)),
		]);
		if (subject === subjects[0])
			report.goals.push(goal('tarball under 150 kB', size < 150_000, kB(size)));
	}
	return [report];
};

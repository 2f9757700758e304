import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ENGINES, hostOf, packed } from '../support/engine';

const run = promisify(execFile);
const root = join(__dirname, '../..');
const { packageDir, files, tarball } = packed('newest');

/**
 * The gate runs in a process of its own, without jest's NODE_ENV: n8n's rules behave differently
 * where it says "test".
 */
const gate = async (...of: string[]) =>
	await run(process.execPath, ['scripts/gate.mjs', ...of], {
		cwd: root,
		env: { ...process.env, NODE_ENV: '' },
	}).then(
		({ stdout }) => ({ passed: true, stdout }),
		({ stdout }: { stdout: string }) => ({ passed: false, stdout }),
	);

describe('the package', () => {
	// As it is published: installing strips fields that the gate looks for.
	let published: string;
	beforeAll(async () => {
		published = await mkdtemp(join(tmpdir(), 'kuvarpay-published-'));
		await run('tar', ['-xzf', tarball, '--strip-components=1', '-C', published]);
	});
	afterAll(async () => await rm(published, { recursive: true, force: true }));

	it("passes n8n's gate, sources and tarball, without errors and warnings", async () => {
		const { stdout } = await gate('--source', root, '--tarball', published);
		expect(stdout.trim().split('\n')).toEqual([
			'source: no errors, no warnings',
			'tarball: no errors, no warnings',
		]);
	});

	it('would not pass with a timer or a dependency', async () => {
		const copy = await mkdtemp(join(tmpdir(), 'kuvarpay-gate-'));
		try {
			// What else there is passes, as the other test shows, and takes long.
			await cp(join(published, 'package.json'), join(copy, 'package.json'));
			await writeFile(join(copy, 'index.js'), 'setTimeout(() => {}, 1);\n');
			const { passed, stdout } = await gate('--tarball', copy);
			expect(passed).toBe(false);
			expect(stdout).toContain('no-restricted-globals');
		} finally {
			await rm(copy, { recursive: true, force: true });
		}
	});

	it('holds what users need and nothing else', () => {
		const unexpected = files.filter(
			(file) =>
				!/^(dist\/(nodes|credentials)\/.*\.(js|json|svg)|dist\/kuvarpay\.js|examples\/[\w-]+\.json|index\.js|package\.json|(README|CHANGELOG|LICENSE|THIRD_PARTY_LICENSES)\.md)$/.test(
					file,
				),
		);
		expect(unexpected).toEqual([]);
		expect(files).toEqual(expect.arrayContaining(['README.md', 'LICENSE.md', 'index.js']));
	});

	it('has no runtime dependency, declared or loaded', async () => {
		const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
		expect(manifest.dependencies ?? {}).toEqual({});
		const scripts = files.filter((file) => file.endsWith('.js'));
		for (const script of scripts) {
			const text = await readFile(join(packageDir, script), 'utf8');
			const loaded = [...text.matchAll(/require\("([^"]+)"\)/g)].map(([, name]) => name);
			expect(loaded.filter((name) => !['n8n-workflow', 'node:crypto'].includes(name))).toEqual([]);
		}
	});

	it('can be required, and gives its classes', () => {
		const load = createRequire(join(packageDir, 'index.js'));
		expect(Object.keys(load('./index.js')).sort()).toEqual([
			'KuvarPay',
			'KuvarPayApi',
			'KuvarPayTrigger',
			'KuvarPayWebhookTrigger',
		]);
	});

	it.each(ENGINES)('is loaded by the %s engine with icons and codex', async (engine) => {
		const host = await hostOf(engine, { fresh: true });
		try {
			expect([...host.nodeTypes].sort()).toEqual([
				'n8n-nodes-kuvarpay.kuvarPay',
				'n8n-nodes-kuvarpay.kuvarPayTrigger',
				'n8n-nodes-kuvarpay.kuvarPayWebhookTrigger',
			]);
			expect(host.credentialTypes).toEqual(['kuvarPayApi']);
			for (const type of host.nodeTypes) {
				const { codex, iconUrl } = await host.describe(type);
				expect(codex?.alias).toEqual(expect.arrayContaining(['usdt', 'crypto payment', 'kuvar']));
				expect(iconUrl).toEqual({
					light: expect.stringContaining('kuvarpay.svg'),
					dark: expect.stringContaining('kuvarpay.dark.svg'),
				});
			}
			expect(host.logs.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
		} finally {
			await host.stop();
		}
	});
});

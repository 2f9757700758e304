import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');
const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** What the rule for the layout says of a tree of these files, by name and text. */
async function judge(files: Record<string, string>): Promise<string> {
	const folder = mkdtempSync(join(tmpdir(), 'layout-'));
	try {
		for (const name of ['.dependency-cruiser.cjs', 'tsconfig.json'])
			cpSync(join(root, name), join(folder, name));
		for (const [name, text] of Object.entries(files)) {
			mkdirSync(dirname(join(folder, name)), { recursive: true });
			writeFileSync(join(folder, name), text);
		}
		return await new Promise((resolve) =>
			execFile(
				process.execPath,
				[program, '--config', '.dependency-cruiser.cjs', 'nodes'],
				{ cwd: folder },
				(_error, stdout) => resolve(stdout),
			),
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

// `npm run lint` keeps the layout; this shows that it could say no.
describe('the rule for the layout', () => {
	it('takes arrows that run downwards', async () => {
		const said = await judge({
			'nodes/KuvarPay/operation/call.ts': "import '../api/request';",
			'nodes/KuvarPay/api/request.ts': '',
		});
		expect(said).toContain('no dependency violations found');
	});

	it.each([
		['stream', 'resources'],
		['api', 'payments'],
		['operation', 'triggers'],
		['resources', 'KuvarPay.node'],
	])('refuses an arrow from %s up to %s, also of a type', async (from, to) => {
		const target = to.includes('.') ? `${to}` : `${to}/file`;
		const said = await judge({
			[`nodes/KuvarPay/${from}/file.ts`]: `import type { T } from '../${target}'; export type U = T;`,
			[`nodes/KuvarPay/${target}.ts`]: 'export type T = 1;',
		});
		expect(said).toContain(`error downwards-from-${from}`);
	});

	it('refuses a circle, also of types', async () => {
		const said = await judge({
			'nodes/KuvarPay/api/one.ts': "import type { B } from './two'; export type A = B[];",
			'nodes/KuvarPay/api/two.ts': "import type { A } from './one'; export type B = A | 1;",
		});
		expect(said).toContain('error no-circle');
	});
});

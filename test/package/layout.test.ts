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

	const UPWARDS = [
		['stream', 'resources'],
		['api', 'payments'],
		['operation', 'triggers'],
		['resources', 'KuvarPay.node'],
	];
	const targetOf = (to: string) => (to.includes('.') ? to : `${to}/target`);

	describe('refuses', () => {
		// All in one tree, as a look at one takes more than a second.
		let said: string;
		beforeAll(async () => {
			const upwards = UPWARDS.flatMap(([from, to]) => [
				[
					`nodes/KuvarPay/${from}/file.ts`,
					`import type { T } from '../${targetOf(to)}'; export type U = T;`,
				],
				[`nodes/KuvarPay/${targetOf(to)}.ts`, 'export type T = 1;'],
			]);
			said = await judge({
				...Object.fromEntries(upwards),
				'nodes/KuvarPay/api/one.ts': "import type { B } from './two'; export type A = B[];",
				'nodes/KuvarPay/api/two.ts': "import type { A } from './one'; export type B = A | 1;",
			});
		});

		it.each(UPWARDS)('an arrow from %s up to %s, also of a type', (from, to) => {
			const [source, target] = [`${from}/file.ts`, `${targetOf(to)}.ts`];
			expect(said).toContain(
				`error downwards-from-${from}: nodes/KuvarPay/${source} → nodes/KuvarPay/${target}`,
			);
		});

		it('a circle, also of types', () => {
			expect(said).toMatch(/error no-circle: nodes\/KuvarPay\/api\/(one|two).ts/);
		});

		it('nothing else', () => {
			expect(said).toContain(`${UPWARDS.length + 1} dependency violations`);
		});
	});
});

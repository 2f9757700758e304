import { setStage, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
});
afterAll(async () => await stage?.close());

describe('n8n with the package', () => {
	it('loads the package without a word about it in its log', () => {
		expect(stage.n8n.logs.filter((line) => /kuvar/i.test(line))).toEqual([]);
		const trouble =
			/error loading|could not load|failed to load|cannot find module|credential type/i;
		expect(stage.n8n.logs.filter((line) => trouble.test(line))).toEqual([]);
	});

	it.each(['kuvar', 'crypto payment', 'usdt'])('finds the node by "%s"', async (text) => {
		const editor = await stage.open();
		await editor.newWorkflow();
		await editor.openNodePanel();
		await editor.search(text);
		await editor.entry('KuvarPay').waitFor();
		const names = await editor.get('node-creator-item-name').allInnerTexts();
		expect(names[0]).toBe('KuvarPay');
		expect(editor.errors).toEqual([]);
		await editor.window.close();
	});

	it.each(['light', 'dark'] as const)('shows its icon in the %s theme', async (theme) => {
		const editor = await stage.open(theme);
		await editor.newWorkflow();
		await editor.openNodePanel();
		await editor.search('kuvar');
		await editor.entry('KuvarPay').waitFor();
		const icon = editor.page.locator('img[src*="kuvarpay"]').first();
		await icon.waitFor();
		expect(await icon.getAttribute('src')).toMatch(
			theme === 'light' ? /kuvarpay\.svg$/ : /kuvarpay\.dark\.svg$/,
		);
		expect(
			await icon.evaluate((image: { naturalWidth: number }) => image.naturalWidth),
		).toBeGreaterThan(0);
		expect(editor.errors).toEqual([]);
		await editor.window.close();
	});
});

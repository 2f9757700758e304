// The system's Chromium, signed in to an n8n.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { N8n } from './host';
import { requireFromHost } from './install';
import type { Browser, ConsoleMessage, Page, Playwright } from './playwright';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const flags = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-dev-shm-usage',
	'--disable-background-networking',
	'--disable-component-update',
	'--no-first-run',
	// What the editor asks of other computers fails at once. Not by a route of Playwright: with one,
	// the browser keeps nothing of the editor's 20 MB from one page to the next.
	'--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
];

const isHere = (url: string) => url === '' || new URL(url).hostname === '127.0.0.1';

export type Theme = 'light' | 'dark';

/** Path of the browser: `CHROMIUM_PATH`, or the first known name on the path. */
export function chromiumPath(): string {
	const { CHROMIUM_PATH, PATH = '' } = process.env;
	const folders = PATH.split(delimiter);
	const candidates = CHROMIUM_PATH
		? [CHROMIUM_PATH]
		: names.flatMap((name) => folders.map((folder) => join(folder, name)));
	const found = candidates.find((file) => {
		try {
			accessSync(file, constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
	if (found) return found;
	throw new Error(
		'The end-to-end tests need Chromium or Chrome. On Debian or Ubuntu: ' +
			'`sudo apt-get install chromium`. Elsewhere set CHROMIUM_PATH to the program.',
	);
}

/** A browser window on n8n. */
export class Window {
	/** What the page complained about in its console. */
	readonly errors: string[] = [];
	isOpen = true;

	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		readonly n8n: N8n,
	) {}

	static async open(n8n: N8n, theme: Theme = 'light'): Promise<Window> {
		const { chromium, selectors } = requireFromHost('playwright-core') as Playwright;
		selectors.setTestIdAttribute('data-test-id');
		const browser = await chromium.launch({ executablePath: chromiumPath(), args: flags });
		try {
			const context = await browser.newContext({
				viewport: { width: 1440, height: 1000 },
				colorScheme: theme,
				locale: 'en-US',
				timezoneId: 'Africa/Lagos',
				reducedMotion: 'reduce',
			});
			context.setDefaultTimeout(30_000);
			await context.addCookies([{ ...n8n.session, url: n8n.url }]);
			const window = new Window(browser, await context.newPage(), n8n);
			window.watch();
			return window;
		} catch (error) {
			await browser.close();
			throw error;
		}
	}

	async close(): Promise<void> {
		this.isOpen = false;
		await this.browser.close();
	}

	/** Collects what the pages of this machine complain about. */
	private watch(): void {
		this.page.on('console', (message: ConsoleMessage) => {
			const { url } = message.location();
			if (message.type() === 'error' && isHere(url)) this.errors.push(`${message.text()} (${url})`);
		});
		this.page.on('pageerror', (error: Error) => this.errors.push(String(error)));
	}
}

// The part of playwright-core that the tests use. It is installed beside n8n, not in this project,
// so its own types are not at hand when this project is checked.

/** A part of a page, in CSS pixels. */
export interface Clip {
	x: number;
	y: number;
	width: number;
	height: number;
}

export interface Locator {
	click(options?: { button?: 'left' | 'right'; force?: boolean }): Promise<void>;
	dblclick(): Promise<void>;
	hover(): Promise<void>;
	fill(text: string): Promise<void>;
	press(key: string): Promise<void>;
	waitFor(options?: {
		state?: 'visible' | 'hidden' | 'attached' | 'detached';
		timeout?: number;
	}): Promise<void>;
	innerText(): Promise<string>;
	inputValue(): Promise<string>;
	allInnerTexts(): Promise<string[]>;
	count(): Promise<number>;
	isVisible(): Promise<boolean>;
	getAttribute(name: string): Promise<string | null>;
	evaluate<T>(work: (element: never) => T): Promise<T>;
	scrollIntoViewIfNeeded(): Promise<void>;
	first(): Locator;
	last(): Locator;
	nth(index: number): Locator;
	filter(options: { hasText?: string | RegExp; has?: Locator; visible?: boolean }): Locator;
	locator(selector: string): Locator;
	getByTestId(id: string): Locator;
	getByText(text: string | RegExp, options?: { exact?: boolean }): Locator;
	getByRole(role: string, options?: { name?: string | RegExp; exact?: boolean }): Locator;
	getByLabel(text: string): Locator;
}

export interface Page extends Omit<Locator, 'click' | 'fill' | 'press' | 'waitFor'> {
	readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> };
	readonly mouse: { move(x: number, y: number): Promise<void> };
	goto(url: string): Promise<unknown>;
	frameLocator(selector: string): Pick<Locator, 'getByText' | 'getByRole'>;
	setViewportSize(size: { width: number; height: number }): Promise<void>;
	reload(): Promise<unknown>;
	url(): string;
	screenshot(options: { path: string; clip?: Clip; animations?: 'disabled' }): Promise<unknown>;
	on(event: string, listener: (argument: never) => void): void;
	emulateMedia(media: { colorScheme: 'light' | 'dark' }): Promise<void>;
	waitForResponse(
		which: (response: { url(): string; request(): { method(): string } }) => boolean,
	): Promise<unknown>;
}

export interface ConsoleMessage {
	type(): string;
	text(): string;
	location(): { url: string };
}

export interface Context {
	newPage(): Promise<Page>;
	addCookies(cookies: Array<{ name: string; value: string; url: string }>): Promise<void>;
	setDefaultTimeout(ms: number): void;
	close(): Promise<void>;
}

export interface Browser {
	newContext(options: {
		viewport: { width: number; height: number };
		colorScheme: 'light' | 'dark';
		locale: string;
		timezoneId: string;
		reducedMotion: 'reduce';
	}): Promise<Context>;
	close(): Promise<void>;
}

export interface Playwright {
	chromium: {
		launch(options: { executablePath: string; args: string[] }): Promise<Browser>;
	};
	selectors: { setTestIdAttribute(name: string): void };
}

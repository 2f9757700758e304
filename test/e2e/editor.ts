// What a user does in n8n's editor, in words of the user.
import type { Window } from './browser';
import type { Clip, Locator, Page } from './playwright';

/** A whole text, for names that are also the beginning of others; n8n leaves spaces around some. */
const exactly = (text: string) =>
	new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);

export class Editor {
	constructor(readonly window: Window) {}

	get page(): Page {
		return this.window.page;
	}

	/** What the browser's console complained about. */
	get errors(): string[] {
		return this.window.errors;
	}

	get(testId: string): Locator {
		return this.page.getByTestId(testId);
	}

	/** Opens an empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.window.n8n.url}/workflow/new`);
		await this.get('canvas-add-button').waitFor();
	}

	/** Opens a stored workflow. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.window.n8n.url}/workflow/${id}`);
		await this.get('canvas-node').first().waitFor();
	}

	/** Publishes the open workflow, and waits until n8n says that its triggers listen. */
	async publish(): Promise<void> {
		const button = this.page.getByRole('button', { name: 'Publish', exact: true });
		await button.click();
		await this.page.getByText('Version name').waitFor();
		await button.last().click();
		await this.page.getByRole('button', { name: 'Got it' }).click();
		await this.dismissChecklist();
	}

	/** Closes what n8n lays over a workflow that is published. */
	async dismissChecklist(): Promise<void> {
		const checklist = this.page.getByText('Production Checklist');
		await checklist.waitFor();
		await this.page.keyboard.press('Escape');
		await checklist.waitFor({ state: 'hidden' });
	}

	/** Opens the node panel: by the plus in the middle, or at the side once there are nodes. */
	async openNodePanel(): Promise<void> {
		const first = this.get('canvas-add-button');
		await ((await first.isVisible()) ? first : this.get('node-creator-plus-button')).click();
		await this.get('node-creator-search-bar').waitFor();
	}

	/** Searches the open node panel. */
	async search(text: string): Promise<void> {
		await this.get('node-creator-search-bar').fill(text);
	}

	/** An entry of the node panel. */
	entry(name: string): Locator {
		return this.get('node-creator-item-name').filter({ hasText: exactly(name) });
	}

	/** Opens what the node panel has of KuvarPay: the list of actions, or of triggers. */
	async openKuvarPay(kind: 'Actions' | 'Triggers', entry = 'KuvarPay'): Promise<void> {
		await this.openNodePanel();
		await this.search('kuvar');
		await this.entry(entry).click();
		const category = this.get('node-creator-category-item').filter({ hasText: kind });
		await category.waitFor();
		const listed = this.entry(kind === 'Actions' ? 'Create invoice' : 'On payment completed');
		if (!(await listed.isVisible())) await category.click();
		await listed.waitFor();
	}

	/** Adds a step of KuvarPay from the node panel; its form is open afterwards. */
	async add(action: string, kind: 'Actions' | 'Triggers' = 'Actions'): Promise<void> {
		await this.openKuvarPay(kind);
		await this.entry(action).click();
		await this.get('ndv').waitFor();
	}

	/** The input of a field of the open form. */
	field(name: string): Locator {
		return this.get('ndv').getByTestId(`parameter-input-${name}`).last();
	}

	/** Types into a field. */
	async fill(name: string, text: string): Promise<void> {
		await this.field(name).locator('input, textarea').first().fill(text);
	}

	/** Gives a field an expression, and waits until n8n shows what it comes to. */
	async express(name: string, expression: string, result: string): Promise<void> {
		await this.field(name).hover();
		const options = this.get(`${name}-parameter-input-options-container`);
		await options.getByTestId('radio-button-expression').click();
		await this.field(name).locator('.cm-content').fill(expression);
		await this.get('tab-params').click();
		await this.get('node-parameters').getByText(result).waitFor();
	}

	/** Chooses from a list. */
	async choose(name: string, option: string): Promise<void> {
		await this.openList(name);
		const label = this.page.getByText(option, { exact: true });
		const choice = this.options().filter({ has: label }).first();
		await choice.click();
		await choice.waitFor({ state: 'hidden' });
	}

	/** Opens a field's list; it is disabled as long as n8n loads its entries. */
	async openList(name: string): Promise<void> {
		await this.field(name).locator('input:not([disabled])').click();
	}

	/** Does something after which n8n asks the node for a list, and waits for the list. */
	async whileListing(work: () => Promise<void>): Promise<void> {
		const answered = this.page.waitForResponse((response) =>
			response.url().includes('/dynamic-node-parameters/options'),
		);
		await work();
		await answered;
	}

	/** The entries of the list that is open. */
	options(): Locator {
		return this.page.getByRole('option').filter({ visible: true });
	}

	/** A field of the credential's form. */
	credentialField(name: string): Locator {
		return this.get('editCredential-modal').getByTestId(`parameter-input-${name}`).locator('input');
	}

	/** Opens the form of a new KuvarPay credential, fills it in and saves, upon which n8n tests it. */
	async createCredential(values: Record<string, string>): Promise<void> {
		await this.page.goto(`${this.window.n8n.url}/home/credentials/create`);
		await this.get('new-credential-type-select').click();
		await this.page.keyboard.type('kuvar');
		const option = this.get('new-credential-type-select-option');
		await option.filter({ hasText: 'KuvarPay API' }).click();
		await this.get('new-credential-type-button').click();
		for (const [name, value] of Object.entries(values))
			await this.credentialField(name).fill(value);
		await this.get('credential-save-button').click();
	}

	/** Runs the open step alone. */
	async executeStep(): Promise<void> {
		await this.get('node-execute-button').click();
	}

	/** The output of the open step. */
	get output(): Locator {
		return this.get('output-panel');
	}

	/** Closes the open form. */
	async closeForm(): Promise<void> {
		await this.get('ndv-close-button').click();
		await this.get('ndv').waitFor({ state: 'hidden' });
	}

	/** Closes the notice in the corner. */
	async dismissNotice(): Promise<void> {
		const notice = this.page.locator('.el-notification').first();
		await notice.locator('.el-notification__closeBtn').click();
		await notice.waitFor({ state: 'hidden' });
	}

	/** Saves a screenshot, or that part of it (in CSS pixels), with the pointer out of the way. */
	async screenshot(path: string, clip?: Clip): Promise<void> {
		await this.page.mouse.move(0, 0);
		await this.page.screenshot({ path, clip, animations: 'disabled' });
	}
}

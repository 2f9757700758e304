import type { Editor } from './editor';
import { setStage, type Stage } from './stage';

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await setStage();
	editor = await stage.open();
});
afterAll(async () => await stage?.close());

const form = () => editor.get('editCredential-modal');

async function fill(name: string, text: string): Promise<void> {
	await form().getByTestId(`parameter-input-${name}`).locator('input').fill(text);
}

describe('the credential', () => {
	it('tells what to do when the key is wrong, and connects when it is right', async () => {
		const { credential } = stage.simulator;
		await editor.page.goto(`${stage.n8n.url}/home/credentials/create`);
		await editor.get('new-credential-type-select').click();
		await editor.page.keyboard.type('kuvar');
		await editor
			.get('new-credential-type-select-option')
			.filter({ hasText: 'KuvarPay API' })
			.click();
		await editor.get('new-credential-type-button').click();

		await fill('apiKey', 'wrong');
		await fill('baseUrl', credential.baseUrl);
		await fill('businessBaseUrl', credential.businessBaseUrl);
		await editor.get('credential-save-button').click();
		await form().getByText('Couldn’t connect with these settings').waitFor();
		await form().getByText('More details').click();
		await form()
			.getByText(/KuvarPay refused the key\. First try another Authorization Format/)
			.waitFor();

		await fill('apiKey', credential.apiKey);
		await editor.get('credential-save-button').click();
		await editor.get('credentials-config-container-test-success').waitFor();
		expect(editor.errors).toEqual([]);
	});
});

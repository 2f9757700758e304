import { startSimulator, type Simulator } from '../../simulator';
import type { Editor } from './editor';
import { setStage, type Stage } from './stage';

let stage: Stage;
let editor: Editor;
const simulators: Simulator[] = [];

beforeAll(async () => {
	stage = await setStage();
	editor = await stage.open();
});
afterAll(async () => {
	await stage?.close();
	for (const simulator of simulators) await simulator.close();
});

/** A KuvarPay that takes its key in one form only. */
async function serverFor(
	form: 'raw' | 'bearer' | 'x-api-key',
	apiKey?: string,
): Promise<Simulator> {
	const simulator = await startSimulator({ apiKey, dialect: { key: { forms: [form] } } });
	simulators.push(simulator);
	return simulator;
}

const newcomer = ({ credential: { apiKey, baseUrl, businessBaseUrl } }: Simulator) => ({
	...{ apiKey, baseUrl, businessBaseUrl },
});

const success = () => editor.get('credentials-config-container-test-success');

/** The open credential after a change, saved and tested. */
async function saveWith(values: Record<string, string>): Promise<void> {
	for (const [name, value] of Object.entries(values))
		await editor.credentialField(name).fill(value);
	await editor.get('credential-save-button').click();
}

/** Runs one step with the stage's credential; gives what n8n shows as its output. */
async function run(node: Record<string, unknown>, waitFor: RegExp): Promise<void> {
	const { id } = await stage.n8n.createWorkflow({
		name: 'One step',
		nodes: [
			{
				...{ id: 'a', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1 },
				...{ position: [0, 0], parameters: {} },
			},
			{
				...{ id: 'b', name: 'Step', typeVersion: 1, position: [220, 0], ...node },
				credentials: { kuvarPayApi: stage.n8n.credential },
			},
		],
		connections: { Start: { main: [[{ node: 'Step', type: 'main', index: 0 }]] } },
	});
	await editor.page.goto(`${stage.n8n.url}/workflow/${id}/b`);
	await editor.get('ndv').waitFor();
	await editor.executeStep();
	await editor.output.getByText(waitFor).first().waitFor();
}

const listStep = {
	type: 'n8n-nodes-kuvarpay.kuvarPay',
	parameters: { resource: 'transaction', operation: 'getAll' },
};
const httpStep = ({ baseUrl }: Simulator) => ({
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		url: `${baseUrl}/api/v1/transactions`,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: 'kuvarPayApi',
	},
});

describe('the credential', () => {
	it('tells what to do when the key is wrong, and connects when it is right', async () => {
		const { credential } = stage.simulator;
		await editor.createCredential({ ...newcomer(stage.simulator), apiKey: 'wrong' });
		const form = editor.get('editCredential-modal');
		await form.getByText('Couldn’t connect with these settings').waitFor();
		await form.getByText('More details').click();
		await form.getByText(/KuvarPay refused the key\. Check that it was copied whole/).waitFor();

		await saveWith({ apiKey: credential.apiKey });
		await success().waitFor();
		expect(editor.errors).toEqual([]);
	});

	it.each(['raw', 'bearer', 'x-api-key'] as const)(
		'finds out that the key goes as %s, for the nodes and for HTTP Request',
		async (form) => {
			const server = await serverFor(form);
			server.createTransaction({ customerEmail: 'ada@example.com' });
			await editor.createCredential(newcomer(server));
			await success().waitFor();
			stage.n8n.credential = await stage.n8n.newestCredential();
			server.requests.length = 0;
			await run(listStep, /ada@example\.com/);
			await run(httpStep(server), /ada@example\.com/);
			// Nothing is asked twice once it is known.
			expect(server.requests.map(({ status }) => status)).toEqual([200, 200]);
		},
	);

	it('finds out a changed server and a changed key', async () => {
		const other = await serverFor('raw');
		other.createTransaction({ customerEmail: 'bola@example.com' });
		await editor.page.goto(`${stage.n8n.url}/home/credentials/${stage.n8n.credential.id}`);
		await editor.get('editCredential-modal').waitFor();
		await saveWith(newcomer(other));
		await success().waitFor();
		await run(listStep, /bola@example\.com/);
	});

	it('finds out a server that changes its mind', async () => {
		const { apiKey, baseUrl, businessBaseUrl } = simulators.at(-1)!.credential;
		const [port, businessPort] = [baseUrl, businessBaseUrl].map((url) => Number(new URL(url).port));
		await simulators.pop()!.close();
		const changed = await startSimulator({
			...{ apiKey, port, businessPort },
			dialect: { key: { forms: ['bearer'] } },
		});
		simulators.push(changed);
		changed.createTransaction({ customerEmail: 'chi@example.com' });
		await run(listStep, /chi@example\.com/);
		await run(httpStep(changed), /chi@example\.com/);
	});

	it('leaves no key in the log', () => {
		const keys = [stage.simulator, ...simulators].map(({ apiKey }) => apiKey);
		expect(stage.n8n.logs.filter((line) => keys.some((key) => line.includes(key)))).toEqual([]);
	});
});

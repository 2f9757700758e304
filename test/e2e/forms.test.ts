import type { Editor } from './editor';
import { setStage, type Stage } from './stage';

interface Property {
	name: string;
	displayOptions?: { show?: { resource?: string[] } };
	options?: Array<{ name: string; value: string }>;
}

let stage: Stage;
let editor: Editor;
let properties: Property[];

beforeAll(async () => {
	stage = await setStage();
	stage.simulator.seedSamples();
	properties = await stage.n8n.nodeProperties('kuvarPay');
	editor = await stage.open();
});
afterAll(async () => await stage?.close());

const operationsOf = (resource: string) =>
	properties.find(
		({ name, displayOptions }) =>
			name === 'operation' && displayOptions?.show?.resource?.includes(resource),
	)?.options ?? [];

/** A form with one KuvarPay node in it. */
async function openForm(parameters: Record<string, unknown>): Promise<void> {
	const { id } = await stage.n8n.createWorkflow({
		name: 'Form',
		nodes: [
			{
				id: 'node',
				name: 'KuvarPay',
				type: 'n8n-nodes-kuvarpay.kuvarPay',
				typeVersion: 1,
				position: [0, 0],
				parameters,
			},
		],
		connections: {},
	});
	await editor.page.goto(`${stage.n8n.url}/workflow/${id}/node`);
	await editor.field('resource').waitFor();
}

describe('the forms', () => {
	it('opens every operation of every resource without an error', async () => {
		await openForm({});
		const resources = properties.find(({ name }) => name === 'resource')?.options ?? [];
		expect(resources.length).toBeGreaterThan(10);
		for (const resource of resources) {
			await editor.choose('resource', resource.name);
			for (const operation of operationsOf(resource.value)) {
				await editor.choose('operation', operation.name);
				expect({ resource: resource.name, errors: editor.errors }).toEqual({
					resource: resource.name,
					errors: [],
				});
			}
		}
	}, 300_000);

	it('lists the plans that the account has', async () => {
		await openForm({ resource: 'plan', operation: 'get' });
		await editor.field('planId').getByTestId('rlc-input').click();
		const plans = [...stage.simulator.state.plans.values()].map(({ name }) => String(name));
		for (const plan of plans) await editor.get('rlc-item').filter({ hasText: plan }).waitFor();
		expect(plans.length).toBeGreaterThan(0);
		expect(editor.errors).toEqual([]);
	});

	it('lists the currencies that the account can use', async () => {
		await editor.whileListing(async () => {
			await openForm({ resource: 'checkoutSession', operation: 'create' });
		});
		await editor.openList('currency');
		await editor.options().filter({ hasText: 'NGN' }).first().waitFor();
		expect(editor.errors).toEqual([]);
	});

	it('shows which required fields are empty', async () => {
		await openForm({ resource: 'plan', operation: 'create' });
		await editor.get('parameter-issues').first().hover();
		await editor.page
			.getByText(/"Name" is required/)
			.first()
			.waitFor();
	});
});

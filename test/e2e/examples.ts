// The examples in an n8n, as somebody has them who has set up everything.
import type { Simulator } from '../../simulator';
import { exampleNames, readExample, type Example } from '../examples/workflows';
import type { N8n, StoredWorkflow } from './host';

type Server = Pick<Simulator, 'credential'>;

/** KuvarPay's script for the pay page; the simulator has a stand-in under the same name. */
const SDK = 'https://pay.kuvarpay.com/kuvarpay-sdk.js';

/** An example as it is published, but with the simulator's pay page. */
export function exampleFor({ credential }: Server, name: string): Example {
	const { pathname } = new URL(SDK);
	const text = JSON.stringify(readExample(name));
	return JSON.parse(text.replaceAll(SDK, credential.baseUrl + pathname)) as Example;
}

/** Imports the examples that are not there yet. */
export async function bringExamples(n8n: N8n, simulator: Server): Promise<void> {
	const stored = await n8n.rest<StoredWorkflow[]>('/workflows');
	for (const { name, nodes, connections, settings } of exampleNames.map((file) =>
		exampleFor(simulator, file),
	))
		if (!stored.some((workflow) => workflow.name === name))
			await n8n.createWorkflow({ name, nodes, connections, settings });
}

/** The workflow that an example has become. */
export async function storedExample(n8n: N8n, file: string): Promise<StoredWorkflow> {
	const { name } = readExample(file);
	const stored = await n8n.rest<StoredWorkflow[]>('/workflows');
	const found = stored.find((workflow) => workflow.name === name);
	if (found) return found;
	throw new Error(`n8n has no workflow "${name}"`);
}

/** Publishes a copy of an example whose nodes were changed for a test. */
export async function publishExample(
	n8n: N8n,
	file: string,
	change: (node: Example['nodes'][number]) => void,
): Promise<StoredWorkflow> {
	const { nodes, connections, settings } = readExample(file);
	nodes.forEach(change);
	const name = `${file}, tried`;
	const workflow = await n8n.createWorkflow({ name, nodes, connections, settings });
	await n8n.publish(workflow);
	return workflow;
}

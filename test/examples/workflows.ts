import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';
import type { WorkflowSpec } from '../../engine';

const FOLDER = join(__dirname, '../../examples');

/** A workflow as n8n exports it. */
export interface Example extends WorkflowSpec {
	name: string;
	nodes: Array<INode & { type: string; parameters: INodeParameters }>;
	connections: IConnections;
}

export const exampleNames = readdirSync(FOLDER)
	.filter((file) => file.endsWith('.json'))
	.map((file) => file.replace(/\.json$/, ''));

export const readExample = (name: string): Example =>
	JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Example;

/** Steps that send something away, and what they send. None is among the engine's stand-ins. */
const SENDERS: Readonly<Record<string, readonly string[]>> = {
	'n8n-nodes-base.emailSend': ['fromEmail', 'toEmail', 'subject', 'text'],
	'n8n-nodes-base.respondToWebhook': ['responseBody'],
};

export const senders = Object.keys(SENDERS);

/** The example with steps that put out what those in their place send. */
export function runnable(name: string): WorkflowSpec {
	const { nodes, ...others } = readExample(name);
	return { ...others, nodes: nodes.map(written) };
}

function written(node: INode): INode {
	const sent = SENDERS[node.type];
	if (!sent) return node;
	const assignments = sent.map((name) => {
		return { id: name, name, value: node.parameters[name], type: 'string' };
	});
	const parameters = { assignments: { assignments } } as INodeParameters;
	return { ...node, type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters };
}

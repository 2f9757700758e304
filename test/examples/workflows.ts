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

/** Needs a mail server, so it is not among the engine's stand-ins. */
export const EMAIL = 'n8n-nodes-base.emailSend';

/** The example with steps that put out each email in the place of those that send it. */
export function runnable(name: string): WorkflowSpec {
	const { nodes, ...others } = readExample(name);
	return { ...others, nodes: nodes.map((node) => (node.type === EMAIL ? written(node) : node)) };
}

function written(node: INode): INode {
	const { fromEmail, toEmail, subject, text } = node.parameters;
	const assignments = Object.entries({ fromEmail, toEmail, subject, text }).map(
		([name, value]) => ({ id: name, name, value, type: 'string' }),
	);
	const parameters = { assignments: { assignments } } as INodeParameters;
	return { ...node, type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters };
}

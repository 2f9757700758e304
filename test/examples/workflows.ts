import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { IConnections, INode, INodeParameters } from 'n8n-workflow';
import type { RunOptions, WorkflowSpec } from '../../engine';
import type { Bench } from '../support/engine';

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
	'n8n-nodes-base.httpRequest': ['method', 'url'],
	'n8n-nodes-base.respondToWebhook': ['responseBody'],
};

export const senders = Object.keys(SENDERS);

/** Parts of an AI agent, which needs the whole n8n; their tools are run by themselves. */
export const agentParts = [
	'@n8n/n8n-nodes-langchain.agent',
	'@n8n/n8n-nodes-langchain.chatTrigger',
	'@n8n/n8n-nodes-langchain.lmChatOpenAi',
	'@n8n/n8n-nodes-langchain.memoryBufferWindow',
	'n8n-nodes-base.emailSendHitlTool',
	'n8n-nodes-kuvarpay.kuvarPayTool',
];

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

/** Runs an example, and fails with the error of the step that failed. */
export async function runExample(
	bench: Bench,
	name: string,
	options: Pick<RunOptions, 'startNode' | 'items'> = {},
) {
	const { credentials } = bench;
	const result = await bench.host.run({ workflow: runnable(name), credentials, ...options });
	if (!result.error) return result;
	const { node, message, description } = result.error;
	throw new Error(`${node}: ${message}: ${description}`);
}

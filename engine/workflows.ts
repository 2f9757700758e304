// Builds workflows and runs them on the engine's WorkflowExecute.
import type {
	IConnections,
	INode,
	INodeExecutionData,
	INodeType,
	INodeTypes,
	IPinData,
	IRun,
	ITaskData,
	IWorkflowBase,
	IDataObject,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { describeError, plainItems } from './errors';
import type { Credentials, EngineError, NodeRun, NodeSpec, WorkflowSpec } from './protocol';
import type { Runtime } from './runtime';

export interface BuildOptions {
	workflow?: WorkflowSpec;
	node?: NodeSpec;
	/** Puts a manual trigger before `node`. */
	feed?: boolean;
	credentials?: Credentials;
	startNode?: string;
	workflowId?: string;
	staticData?: IDataObject;
	active?: boolean;
}

export interface Built {
	workflow: Workflow;
	workflowData: IWorkflowBase;
	startNode: INode;
}

const feeder = 'When clicking ‘Execute workflow’';

/** Makes n8n's Workflow of what the caller gave; fills ids, versions and credentials in. */
export function buildWorkflow(
	runtime: Runtime,
	options: BuildOptions,
	extraTypes: Record<string, INodeType> = {},
): Built {
	const { credentials = {}, staticData = {}, active = false } = options;
	const nodeTypes: INodeTypes = {
		...runtime.nodeTypes,
		getByNameAndVersion: (type, version) =>
			extraTypes[type] ?? runtime.nodeTypes.getByNameAndVersion(type, version),
	};
	const spec = options.workflow ?? single(options);
	const nodes = spec.nodes.map((node, index) =>
		complete(runtime, nodeTypes, node, index, credentials),
	);
	const id = workflowIdOf(options);
	const workflowData = {
		id,
		name: spec.name ?? 'Engine host workflow',
		active,
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		activeVersionId: null,
		nodes,
		connections: options.workflow || !options.feed ? (spec.connections ?? {}) : feed(nodes),
		settings: { executionOrder: 'v1' as const, ...spec.settings },
		staticData,
	} satisfies IWorkflowBase;
	const workflow = new runtime.workflow.Workflow({ ...workflowData, nodeTypes });

	const start = options.startNode
		? workflow.getNode(options.startNode)
		: (nodes.find((node) => !node.disabled && isTrigger(nodeTypes, node)) ??
			(options.node ? nodes[0] : undefined));
	if (!start) {
		throw new Error(
			options.startNode
				? `The workflow has no node named "${options.startNode}"`
				: 'No node to start the workflow from could be found',
		);
	}
	return { workflow, workflowData, startNode: workflow.getNode(start.name)! };
}

/** The id of the workflow that is built of this. */
export function workflowIdOf({ workflowId, workflow }: BuildOptions): string {
	return workflowId ?? workflow?.id ?? 'engineHostWorkflow';
}

function single({ node, feed: fed }: BuildOptions): WorkflowSpec {
	if (!node) throw new Error('Give the engine host a workflow or a node');
	const manual = { type: 'n8n-nodes-base.manualTrigger', name: feeder };
	return { nodes: fed ? [manual, node] : [node] };
}

function feed([from, to]: INode[]): IConnections {
	return { [from.name]: { main: [[{ node: to.name, type: 'main', index: 0 }]] } };
}

function isTrigger(nodeTypes: INodeTypes, node: INode): boolean {
	const { description, trigger } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	return trigger !== undefined || description.group.includes('trigger');
}

function complete(
	runtime: Runtime,
	nodeTypes: INodeTypes,
	spec: NodeSpec,
	index: number,
	credentials: Credentials,
): INode {
	const type = runtime.fullType(spec.type);
	const { description } = nodeTypes.getByNameAndVersion(type, spec.typeVersion);
	const { version, displayName, defaults } = description;
	const name = spec.name ?? String(defaults.name ?? displayName);
	const given = (description.credentials ?? [])
		.filter((wanted) => wanted.name in credentials)
		.map((wanted) => [wanted.name, { id: wanted.name, name: wanted.name }]);
	return {
		id: `node-${index}-${name}`,
		position: [index * 200, 0],
		typeVersion: Array.isArray(version) ? Math.max(...version) : version,
		...spec,
		name,
		type,
		parameters: structuredClone(spec.parameters ?? {}) as INode['parameters'],
		credentials: { ...Object.fromEntries(given), ...spec.credentials },
	};
}

export interface Execution {
	/** Ends when n8n's own execution promise does; a workflow that cannot start rejects. */
	result: Promise<IRun>;
	/** Cancels as n8n does: the execution's signal aborts, and the run ends as canceled. */
	cancel(): void;
}

export interface ExecuteOptions {
	credentials?: Credentials;
	mode: WorkflowExecuteMode;
	executionId: string;
	/** What goes into the start node: the items of a trigger or webhook. */
	data?: INodeExecutionData[][];
	pinData?: IPinData;
	/** Gets the response that a node sends to whoever waits for one. */
	onResponse?: (response: unknown) => void;
}

/** Starts an execution at the built workflow's start node. */
export function execute(runtime: Runtime, built: Built, options: ExecuteOptions): Execution {
	const { workflow, workflowData, startNode } = built;
	const { credentials, mode, executionId, pinData } = options;
	const additionalData = runtime.additionalData({ credentials, mode, executionId, workflowData });
	if (options.onResponse) additionalData.hooks!.addHandler('sendResponse', options.onResponse);
	const runData = runtime.workflow.createRunExecutionData({
		executionData: {
			nodeExecutionStack: [
				{ node: startNode, data: { main: options.data ?? [[{ json: {} }]] }, source: null },
			],
		},
		resultData: { pinData },
	});
	const engine = new runtime.core.WorkflowExecute(additionalData, mode, runData);
	const running = engine.processRunExecutionData(workflow);
	return { result: running as unknown as Promise<IRun>, cancel: () => running.cancel() };
}

/** Boils n8n's run data down to what callers ask about. */
export function summarise(run: IRun) {
	const { lastNodeExecuted, error, runData } = run.data.resultData;
	const nodes: Record<string, NodeRun> = {};
	for (const [name, tasks] of Object.entries(runData)) nodes[name] = summariseNode(tasks);
	const failed = lastNodeExecuted ? nodes[lastNodeExecuted]?.error : undefined;
	const outputs = (lastNodeExecuted && nodes[lastNodeExecuted]?.outputs) || [];
	return {
		status: run.status,
		lastNode: lastNodeExecuted,
		items: outputs[0] ?? [],
		outputs,
		...(error && { error: withNode(describeError(error), failed && lastNodeExecuted) }),
		nodes,
	};
}

function withNode(error: EngineError, node: string | undefined): EngineError {
	return node && !error.node ? { ...error, node } : error;
}

function summariseNode(tasks: ITaskData[]): NodeRun {
	const last = tasks[tasks.length - 1];
	return {
		runs: tasks.length,
		status: last.executionStatus ?? 'unknown',
		executionTimeMs: tasks.reduce((sum, { executionTime }) => sum + executionTime, 0),
		outputs: plainItems(last.data?.main),
		hints: (last.hints ?? []).map(({ message }) => message),
		...(last.error && { error: describeError(last.error) }),
	};
}

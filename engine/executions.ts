// What n8n's CLI does around an execution that a trigger or a webhook starts: its row in the
// database, the static data, the run of the workflow, the promise of whoever waits.
import type {
	IDataObject,
	INodeExecutionData,
	IRun,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { plainItems } from './errors';
import type { ActivateParams, TriggerEvent } from './protocol';
import type { Runtime } from './runtime';
import type { StateStore } from './state';
import { type Built, buildWorkflow, execute, summarise, workflowIdOf } from './workflows';

export type Report = (event: TriggerEvent) => void;

export type SourceParams = Pick<
	ActivateParams,
	'workflow' | 'node' | 'credentials' | 'startNode' | 'workflowId' | 'staticData'
>;

/** Builds a workflow with the static data that is given or was saved last. */
export function buildWithState(
	runtime: Runtime,
	state: StateStore,
	params: SourceParams,
	active = true,
): Built {
	const { staticData, ...source } = params;
	const saved = state.getStaticData(workflowIdOf(source));
	const built = buildWorkflow(runtime, { ...source, staticData: saved, active });
	if (!staticData) return built;
	const given = { ...saved, [`node:${built.startNode.name}`]: staticData };
	return buildWorkflow(runtime, { ...source, staticData: given, active });
}

/**
 * Builds a workflow for an execution. Its static data is that of this moment, but taken out of its text only
 * once a node asks for it: with a thousand payments in it that costs more than all else, and few nodes ask.
 */
function buildForExecution(runtime: Runtime, state: StateStore, source: SourceParams): Built {
	const built = buildWorkflow(runtime, { ...source, active: true });
	const { workflow } = built;
	const text = state.staticDataText(workflow.id);
	const get = workflow.getStaticData.bind(workflow);
	workflow.getStaticData = (...of) => {
		workflow.getStaticData = get;
		workflow.overrideStaticData(JSON.parse(text) as IDataObject);
		workflow.staticData.__dataChanged = false;
		return get(...of);
	};
	return built;
}

/** Saves static data if it changed. */
export async function saveStaticData(state: StateStore, workflow: Workflow): Promise<void> {
	if (!(workflow.staticData as { __dataChanged?: boolean }).__dataChanged) return;
	workflow.staticData.__dataChanged = false;
	await state.saveStaticData(workflow.id, workflow.staticData);
}

/** The node's static data as it is now. */
export function nodeStaticData({ workflow, startNode }: Built): IDataObject {
	const data = workflow.getStaticData('node', startNode);
	return JSON.parse(JSON.stringify(data)) as IDataObject;
}

export interface StartParams {
	source: SourceParams;
	mode: WorkflowExecuteMode;
	data: INodeExecutionData[][];
	deduplicationKey?: string;
	/** The execution stays unfinished until this resolves. */
	released?: Promise<void>;
	onResponse?: (response: unknown) => void;
	/** The execution is in the database. */
	onStored?: () => void;
}

/**
 * Inserts an execution and runs it. Resolves when it has ended, with undefined if its
 * deduplication key is taken: then nothing was started.
 */
export async function startExecution(
	runtime: Runtime,
	state: StateStore,
	{ source, mode, data, deduplicationKey, released, onResponse, onStored }: StartParams,
	report: Report,
): Promise<IRun | undefined> {
	// n8n reads the workflow afresh for each execution, with the static data last saved.
	const { staticData: _initial, ...saved } = source;
	const built = buildForExecution(runtime, state, saved);
	const outputs = plainItems(data);
	const items = outputs[0] ?? [];
	const executionId = await state.insertExecution({
		workflowId: built.workflow.id,
		nodeId: built.startNode.id,
		deduplicationKey,
		items,
	});
	if (executionId === undefined) {
		report({ kind: 'duplicate', deduplicationKey: deduplicationKey! });
		return undefined;
	}
	const key = deduplicationKey === undefined ? {} : { deduplicationKey };
	report({ kind: 'emission', emission: { items, outputs, executionId, ...key } });
	onStored?.();
	await released;
	const { credentials } = source;
	const run = await execute(runtime, built, { credentials, mode, executionId, data, onResponse })
		.result;
	await state.finishExecution(executionId, run.status);
	const { status, items: last, error } = summarise(run);
	const ended = { executionId, status, items: last, ...(error && { error }) };
	report({ kind: 'execution', execution: ended });
	return run;
}

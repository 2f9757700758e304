// Runs triggers: activated as n8n's active workflow manager does it, or as a test in the editor.
import type {
	ExecutionError,
	IDataObject,
	INodeExecutionData,
	IRun,
	ITriggerFunctions,
	ITriggerResponse,
	Workflow,
} from 'n8n-workflow';
import { describeError, plainItems } from './errors';
import type { ActivateParams, TriggerEvent } from './protocol';
import type { Runtime } from './runtime';
import type { StateStore } from './state';
import { type Built, buildWorkflow, execute, summarise } from './workflows';

/** A running trigger. */
export interface ActiveTrigger {
	/** Ends it as deactivating the workflow (or cancelling the test run) does. */
	close(): Promise<void>;
	/** Lets the executions run that `holdExecutions` holds back. */
	release(): void;
	staticData(): IDataObject;
}

type EmitParams = Parameters<ITriggerFunctions['emit']>;
type ResponsePromise = EmitParams[1];
type DonePromise = EmitParams[2];

export type Report = (event: TriggerEvent) => void;

/** Starts a trigger; rejects with the error that n8n would show as the activation's. */
export async function activate(
	runtime: Runtime,
	state: StateStore,
	params: ActivateParams,
	report: Report,
): Promise<ActiveTrigger> {
	const manual = params.mode === 'manual';
	const built = buildWithState(runtime, state, params, !manual);
	return manual
		? testRun(runtime, state, params, built, report)
		: await production(runtime, state, params, built, report);
}

/** Builds a workflow with the static data that is given or was saved last. */
export function buildWithState(
	runtime: Runtime,
	state: StateStore,
	params: Pick<ActivateParams, 'workflow' | 'node' | 'credentials' | 'workflowId' | 'staticData'>,
	active: boolean,
): Built {
	const { staticData } = params;
	const built = buildWorkflow(runtime, { ...params, staticData: {}, active });
	const { workflow, startNode } = built;
	const saved = state.getStaticData(workflow.id);
	if (staticData) saved[`node:${startNode.name}`] = staticData;
	return buildWorkflow(runtime, { ...params, staticData: saved, active });
}

/** Saves static data if it changed, as a copy of this moment. */
export async function saveStaticData(state: StateStore, workflow: Workflow): Promise<void> {
	if (!(workflow.staticData as { __dataChanged?: boolean }).__dataChanged) return;
	const copy = JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject;
	workflow.staticData.__dataChanged = false;
	await state.saveStaticData(workflow.id, copy);
}

/** The node's static data as it is now. */
export function nodeStaticData({ workflow, startNode }: Built): IDataObject {
	const data = workflow.getStaticData('node', startNode);
	return JSON.parse(JSON.stringify(data)) as IDataObject;
}

async function production(
	runtime: Runtime,
	state: StateStore,
	params: ActivateParams,
	built: Built,
	report: Report,
): Promise<ActiveTrigger> {
	const { credentials, crash } = params;
	const { workflow, workflowData, startNode } = built;
	const additionalData = runtime.additionalData({ credentials, mode: 'trigger', workflowData });
	let release = () => {};
	const released = params.holdExecutions
		? new Promise<void>((resolve) => (release = resolve))
		: Promise.resolve();
	let emissions = 0;
	let response: ITriggerResponse | undefined;

	const start = async (
		data: INodeExecutionData[][],
		responsePromise: ResponsePromise,
		deduplicationKey: string | undefined,
	): Promise<IRun | undefined> => {
		const outputs = plainItems(data);
		const record = { workflowId: workflow.id, nodeId: startNode.id, deduplicationKey };
		const executionId = await state.insertExecution({ ...record, items: outputs[0] ?? [] });
		if (executionId === undefined) {
			report({ kind: 'duplicate', deduplicationKey: deduplicationKey! });
			return undefined;
		}
		const emission = { items: outputs[0] ?? [], outputs, executionId, deduplicationKey };
		report({ kind: 'emission', emission });
		await released;
		// n8n reads the workflow afresh for each execution, with the static data last saved.
		const run = await execute(runtime, buildWithState(runtime, state, afresh, true), {
			credentials,
			mode: 'trigger',
			executionId,
			data,
			onResponse: (sent) => responsePromise?.resolve(sent as never),
		}).result;
		await state.finishExecution(executionId, run.status);
		const { status, items, error } = summarise(run);
		report({ kind: 'execution', execution: { executionId, status, items, error } });
		return run;
	};
	const { staticData: _initial, ...afresh } = params;

	const accept = (
		data: INodeExecutionData[][],
		responsePromise: ResponsePromise,
		donePromise: DonePromise,
		deduplicationKey?: string,
	): void => {
		emissions++;
		if (crash?.emission === emissions) {
			const write =
				crash.after === 'staticData'
					? saveStaticData(state, workflow)
					: start(data, responsePromise, deduplicationKey);
			void write.then(() => process.kill(process.pid, 'SIGKILL'));
			return;
		}
		// n8n does not wait for this write before it inserts the execution.
		void saveStaticData(state, workflow);
		const done = start(data, responsePromise, deduplicationKey);
		if (donePromise) done.then((run) => donePromise.resolve(run!), donePromise.reject);
		else done.catch((error: unknown) => report({ kind: 'error', error: describeError(error) }));
	};

	// How real n8n declares it. Up to 2.24: emit(data, responsePromise?, donePromise?), so that
	// `emit.length` is 3. From 2.25 on a fourth parameter, deduplicationKey?, so that it is 4; a
	// repeated key resolves donePromise with undefined and starts nothing. None has a default value.
	const emit: ITriggerFunctions['emit'] = runtime.emitTakesKey
		? (data, responsePromise, donePromise, key) => accept(data, responsePromise, donePromise, key)
		: (data, responsePromise, donePromise) => accept(data, responsePromise, donePromise);

	const close = async () => {
		const { closeFunction } = response ?? {};
		response = undefined;
		try {
			await closeFunction?.();
		} catch (error) {
			// n8n logs this one; any other keeps the workflow from being deactivated.
			if (!(error instanceof runtime.workflow.TriggerCloseError)) throw error;
		}
	};
	// n8n takes the trigger down, shows the error, and activates the workflow again after a while.
	// The host takes it down; activating again is the caller's.
	const emitError = (error: Error) => {
		report({ kind: 'error', error: describeError(error) });
		void close().catch((closing: unknown) =>
			report({ kind: 'error', error: describeError(closing) }),
		);
	};
	const saveFailedExecution = (error: ExecutionError) =>
		report({ kind: 'failedExecution', error: describeError(error) });

	response = await runtime.runTrigger(
		workflow,
		startNode,
		(forWorkflow, node, data, mode, activation) =>
			new runtime.core.TriggerContext(
				forWorkflow,
				node,
				data,
				mode,
				activation,
				emit,
				emitError,
				saveFailedExecution,
			),
		additionalData,
		'trigger',
		'activate',
	);
	return { close, release: () => release(), staticData: () => nodeStaticData(built) };
}

/**
 * The editor's test: the engine runs the trigger as the start of a manual execution and takes its
 * first emission. Static data is not saved, as in n8n.
 */
function testRun(
	runtime: Runtime,
	state: StateStore,
	{ credentials }: ActivateParams,
	built: Built,
	report: Report,
): ActiveTrigger {
	const executionId = state.nextId();
	const execution = execute(runtime, built, { credentials, mode: 'manual', executionId });
	const ended = execution.result.then(
		(run) => {
			const { status, items, error, nodes } = summarise(run);
			const outputs = nodes[built.startNode.name]?.outputs ?? [];
			if (outputs[0]?.length) {
				report({ kind: 'emission', emission: { items: outputs[0], outputs, executionId } });
			} else if (error && status !== 'canceled') report({ kind: 'error', error });
			report({ kind: 'execution', execution: { executionId, status, items, error } });
		},
		(error: unknown) => report({ kind: 'error', error: describeError(error) }),
	);
	return {
		async close() {
			execution.cancel();
			// A trigger that waits for its first event never settles its promise: n8n then leaves
			// that execution behind, and so do we, once the close function has been called.
			await Promise.race([ended, new Promise((resolve) => setImmediate(resolve))]);
		},
		release() {},
		staticData: () => nodeStaticData(built),
	};
}

// Runs triggers: activated as n8n's active workflow manager does it, or as a test in the editor.
import type {
	ExecutionError,
	IDataObject,
	ITriggerFunctions,
	ITriggerResponse,
} from 'n8n-workflow';
import { describeError } from './errors';
import {
	type Report,
	buildWithState,
	nodeStaticData,
	saveStaticData,
	startExecution,
} from './executions';
import type { ActivateParams, Taken } from './protocol';
import type { Runtime } from './runtime';
import { Sink } from './sink';
import type { StateStore } from './state';
import { type Built, execute, summarise } from './workflows';

type Emit = ITriggerFunctions['emit'];

/** A running trigger. */
export interface ActiveTrigger {
	/** Ends it as deactivating the workflow (or cancelling the test run) does. */
	close(): Promise<void>;
	/** Lets the executions run that `holdExecutions` holds back. */
	release(): void;
	staticData(): IDataObject;
	/** What was emitted into the sink; waits for that many. */
	drain(count?: number): Promise<Taken[]>;
}

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

async function production(
	runtime: Runtime,
	state: StateStore,
	params: ActivateParams,
	built: Built,
	report: Report,
): Promise<ActiveTrigger> {
	const { workflow, workflowData, startNode } = built;
	let release = () => {};
	const released = params.holdExecutions
		? new Promise<void>((resolve) => (release = resolve))
		: undefined;
	let response: ITriggerResponse | undefined;

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
	const reportError = (error: unknown) => report({ kind: 'error', error: describeError(error) });
	// n8n takes the trigger down, shows the error, and activates the workflow again after a while.
	// The host takes it down; activating again is the caller's.
	const emitError = (error: Error) => {
		reportError(error);
		void close().catch(reportError);
	};
	const saveFailedExecution = (error: ExecutionError) =>
		report({ kind: 'failedExecution', error: describeError(error) });
	const sink = new Sink();
	const emit = declared(
		runtime,
		params.sink ? sink.emit : createEmit(runtime, state, params, built, released, report),
	);

	const additionalData = runtime.additionalData({
		credentials: params.credentials,
		mode: 'trigger',
		workflowData,
	});
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
	// So does n8n: what the node found out while it was activated is kept.
	await saveStaticData(state, workflow);
	return {
		close,
		release: () => release(),
		staticData: () => nodeStaticData(built),
		drain: async (count) => await sink.take(count),
	};
}

/** What a trigger's `this.emit` does while its workflow is active. */
function createEmit(
	runtime: Runtime,
	state: StateStore,
	source: ActivateParams,
	{ workflow }: Built,
	released: Promise<void> | undefined,
	report: Report,
): Emit {
	let emissions = 0;
	return (data, responsePromise, donePromise, deduplicationKey) => {
		const start = () =>
			startExecution(
				runtime,
				state,
				{
					source,
					mode: 'trigger',
					data,
					deduplicationKey,
					released,
					onResponse: (response) => responsePromise?.resolve(response as never),
				},
				report,
			);
		if (source.crash?.emission === ++emissions) {
			const write: Promise<unknown> =
				source.crash.after === 'staticData'
					? saveStaticData(state, workflow)
					: start().catch(() => {});
			void write.then(() => process.kill(process.pid, 'SIGKILL'));
			return;
		}
		// n8n does not wait for this write before it inserts the execution.
		void saveStaticData(state, workflow);
		const done = start();
		if (donePromise) {
			void done.then((run) => donePromise.resolve(run!), donePromise.reject);
		} else {
			done.catch((error: unknown) => report({ kind: 'error', error: describeError(error) }));
		}
	};
}

/**
 * The function with the parameters that real n8n declares: nodes tell the versions apart by them.
 */
function declared(runtime: Runtime, accept: Emit): Emit {
	// Up to 2.24: emit(data, responsePromise?, donePromise?), so that
	// `emit.length` is 3. From 2.25 on a fourth parameter, deduplicationKey?, so that it is 4; a
	// repeated key resolves donePromise with undefined and starts nothing. None has a default value.
	return runtime.emitTakesKey
		? (data, responsePromise, donePromise, key) => accept(data, responsePromise, donePromise, key)
		: (data, responsePromise, donePromise) => accept(data, responsePromise, donePromise);
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
			report({
				kind: 'execution',
				execution: { executionId, status, items, ...(error && { error }) },
			});
		},
		(error: unknown) => report({ kind: 'error', error: describeError(error) }),
	);
	return {
		async close() {
			execution.cancel();
			// A trigger that waits for its first event never settles its promise: n8n leaves that
			// execution behind, and so do we, once its close function has been called.
			await Promise.race([ended, new Promise((resolve) => setImmediate(resolve))]);
		},
		release() {},
		drain: async () => [],
		staticData: () => nodeStaticData(built),
	};
}

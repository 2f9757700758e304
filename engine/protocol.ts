// What the client and the engine process say to each other, and the shapes that callers see.
import type {
	IConnections,
	IDataObject,
	INode,
	INodeCredentialTestResult,
	INodeExecutionData,
	INodeParameters,
	IPinData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/** Which of the installed n8n engines to run: both ends of n8n 2.x, or n8n 1.x. */
export type EngineName = 'newest' | 'oldest' | '1.x';

/** The n8n-core of each, as package.json names it. */
export const CORES: Record<EngineName, string> = {
	newest: 'n8n-core',
	oldest: 'n8n-core-oldest',
	'1.x': 'n8n-core-1x',
};

/** Decrypted credential data by credential type name. */
export type Credentials = Record<string, IDataObject>;

/** A node as one would write it by hand: all but `type` has a default. */
export type NodeSpec = Partial<Omit<INode, 'parameters'>> & {
	/** Full (`n8n-nodes-x.name`) or, for the package under test, bare (`name`). */
	type: string;
	parameters?: Record<string, unknown>;
};

/** A workflow as n8n exports it; ids, positions and settings are optional. */
export interface WorkflowSpec {
	id?: string;
	name?: string;
	nodes: NodeSpec[];
	connections?: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

/** An error as n8n's own: what the editor shows, plus the stack. */
export interface EngineError {
	name: string;
	message: string;
	description?: string;
	context?: IDataObject;
	httpCode?: string;
	itemIndex?: number;
	stack?: string;
	/** The node that failed, where known. */
	node?: string;
	cause?: { name: string; message: string; code?: string };
}

export interface LogEntry {
	level: 'error' | 'warn' | 'info' | 'debug';
	message: string;
	meta?: unknown;
}

/** What one node did in an execution. */
export interface NodeRun {
	runs: number;
	status: string;
	executionTimeMs: number;
	/** Main outputs of the node's last run. */
	outputs: INodeExecutionData[][];
	/** What the node's last run shows beside its output. */
	hints: string[];
	error?: EngineError;
}

export interface RunParams {
	/** Either a workflow, or one node. */
	workflow?: WorkflowSpec;
	node?: NodeSpec;
	/** Input of the node; with a workflow, the output of its start node. */
	items?: Array<INodeExecutionData | { json: Record<string, unknown> }>;
	credentials?: Credentials;
	/** Name of the node to start from; default: the first trigger of the workflow. */
	startNode?: string;
	/** Default `manual`, as with the editor's execute button. */
	mode?: WorkflowExecuteMode;
	executionId?: string;
	pinData?: IPinData;
}

export interface RunResult {
	executionId: string;
	status: string;
	/** Name of the node that ran last. */
	lastNode?: string;
	/** Main output 0 of that node. */
	items: INodeExecutionData[];
	/** All main outputs of that node. */
	outputs: INodeExecutionData[][];
	error?: EngineError;
	nodes: Record<string, NodeRun>;
	/** Log lines of the process while this ran. */
	logs: LogEntry[];
	/** Time inside the engine, without the trip between the processes. */
	durationMs: number;
}

export interface OptionsParams {
	type: string;
	method: string;
	parameters?: INodeParameters;
	typeVersion?: number;
	credentials?: Credentials;
}

export interface ListSearchParams extends OptionsParams {
	filter?: string;
	paginationToken?: string;
}

export interface ActivateParams {
	workflow?: WorkflowSpec;
	node?: NodeSpec;
	credentials?: Credentials;
	/** Name of the trigger; default: the first one of the workflow. */
	startNode?: string;
	/** `trigger` (default) activates for production; `manual` is a test run in the editor. */
	mode?: 'trigger' | 'manual';
	/** Overrides the id of the workflow: static data belongs to it. */
	workflowId?: string;
	/** The node's static data to start with; default: what the state file holds. */
	staticData?: IDataObject;
	/** Executions are recorded, but stay unfinished until `release()`. */
	holdExecutions?: boolean;
	/** Takes what is emitted and starts nothing: `Trigger.drain()` tells when. For measuring a node. */
	sink?: boolean;
	/**
	 * Kills the process (SIGKILL) at the n-th emission, between the two writes that n8n does not
	 * join: after the static data and before the execution row, or the other way round.
	 */
	crash?: { emission: number; after: 'staticData' | 'execution' };
}

/** An emission of a trigger that was activated with `sink`. */
export interface Taken {
	/** When `emit` was called, in ms of the machine's monotonic clock (`process.hrtime`). */
	at: number;
	/** The emitted items of the first output. */
	items: IDataObject[];
}

export interface Emission {
	items: INodeExecutionData[];
	outputs: INodeExecutionData[][];
	executionId: string;
	deduplicationKey?: string;
}

export interface TriggerExecution {
	executionId: string;
	status: string;
	/** Main output 0 of the node that ran last. */
	items: INodeExecutionData[];
	error?: EngineError;
}

/** What a trigger or a webhook reports on its own, in order. */
export type TriggerEvent =
	| { kind: 'emission'; emission: Emission }
	| { kind: 'duplicate'; deduplicationKey: string }
	| { kind: 'waiting' }
	| { kind: 'execution'; execution: TriggerExecution }
	| { kind: 'error'; error: EngineError }
	| { kind: 'failedExecution'; error: EngineError };

export interface WebhookParams {
	workflow?: WorkflowSpec;
	node?: NodeSpec;
	credentials?: Credentials;
	startNode?: string;
	/** `manual` listens for a test event as the editor does. */
	mode?: 'webhook' | 'manual';
	workflowId?: string;
	staticData?: IDataObject;
}

/**
 * What the database does with an execution that a webhook is to start: `failsOnce` refuses the next one
 * only, `waits` takes none until it is told otherwise.
 */
export type Storing = 'works' | 'failsOnce' | 'waits';

export interface WebhookRequest {
	method?: string;
	headers?: Record<string, string>;
	rawBody?: string | Uint8Array;
	query?: string;
}

export interface WebhookReply {
	status: number;
	headers: Record<string, string | string[]>;
	body: string;
	/** What the workflow was started with; undefined if it was not. */
	items?: INodeExecutionData[];
	error?: EngineError;
}

export interface WebhookOpened {
	url: string;
	/** Whether `checkExists` said that the webhook was there, so that `create` was not called. */
	existed: boolean;
}

export interface Handles {
	/** Open TCP sockets of the process to the given port (to any, if none is given). */
	sockets: number;
	/** What came through these so far, in bytes. */
	received: number;
	/** Heap in use after a full garbage collection, in bytes. */
	heapUsed: number;
	/** Kinds of what keeps the process alive now, as Node names them. */
	keptAliveBy: string[];
}

export interface StartParams {
	packageDir: string;
	engine: EngineName;
	stateFile?: string;
	/** Folders of further packages, such as n8n-nodes-base, whose nodes can be used by full name. */
	extraPackages?: string[];
	/** By how much the package's own clock goes faster, so that its waits are shorter. Default 1. */
	hurry?: number;
}

export interface Started {
	engineVersion: string;
	workflowVersion: string;
	packageName: string;
	nodeTypes: string[];
	credentialTypes: string[];
}

/** Every call that the process answers: parameters and result by method name. */
export interface Methods {
	start: [StartParams, Started];
	run: [RunParams & { runId: string }, RunResult];
	cancel: [{ runId: string }, boolean];
	loadOptions: [OptionsParams, unknown];
	listSearch: [ListSearchParams, unknown];
	testCredential: [{ type: string; data: IDataObject }, INodeCredentialTestResult];
	describe: [{ type: string }, unknown];
	activate: [ActivateParams & { handle: string }, null];
	release: [{ handle: string }, null];
	close: [{ handle: string }, null];
	staticData: [{ handle: string }, IDataObject];
	drain: [{ handle: string; count?: number }, Taken[]];
	openWebhook: [WebhookParams & { handle: string }, WebhookOpened];
	webhookRequest: [WebhookRequest & { handle: string }, WebhookReply];
	webhookStoring: [{ handle: string; storing: Storing }, null];
	handles: [{ port?: number }, Handles];
	/** False where it cannot. */
	beginAnew: [Record<string, never>, boolean];
}

export type Method = keyof Methods;

export type ToProcess = { id: number; method: Method; params: unknown };

export type FromProcess =
	| { id: number; result: unknown }
	| { id: number; error: EngineError }
	| { handle: string; event: TriggerEvent }
	| { uncaught: EngineError }
	| { log: LogEntry };

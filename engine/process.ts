// The engine's process: takes requests from its parent, one at a time or many at once.
import { channel } from 'node:diagnostics_channel';
import { rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { sep } from 'node:path';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { testCredential } from './credentials';
import { describeError, plain } from './errors';
import type {
	FromProcess,
	Handles,
	ListSearchParams,
	LogEntry,
	Method,
	Methods,
	OptionsParams,
	RunParams,
	RunResult,
	ToProcess,
} from './protocol';
import { hurry } from './hurry';
import { loadRuntime } from './load';
import type { Runtime } from './runtime';
import { StateStore } from './state';
import { type ActiveTrigger, activate } from './triggers';
import { type OpenWebhook, openWebhook } from './webhooks';
import { buildWorkflow, execute, summarise } from './workflows';

let runtime: Runtime;
let state: StateStore;
const handles = new Map<string, ActiveTrigger | OpenWebhook>();
const cancels = new Map<string, () => void>();
const logListeners = new Set<(entry: LogEntry) => void>();
const sockets = new Set<Socket>();
/** Requests under way. */
let asked = 0;
/** n8n's own nodes are in the process, and their packages resolve modules in their own way. */
let hasMore = false;
/** An error was not caught. */
let hasFailed = false;
/** Undoes what was done to the process for the package. */
let undo = () => {};
/** The process has begun anew: nobody listens to what is left of this life. */
let isOver = false;

function onSocket(message: unknown): void {
	const { socket } = message as { socket: Socket };
	sockets.add(socket);
	socket.once('close', () => sockets.delete(socket));
}

function send(message: FromProcess): void {
	if (isOver || !process.connected) return;
	try {
		process.send!(message);
	} catch {
		process.send!(plain(message));
	}
}

function log(entry: LogEntry): void {
	const safe = { ...entry, ...('meta' in entry && { meta: plain(entry.meta) }) };
	for (const listener of logListeners) listener(safe);
	send({ log: safe });
}

async function run(params: RunParams & { runId: string }): Promise<RunResult> {
	const { runId, node, items, credentials, mode = 'manual' } = params;
	const executionId = params.executionId ?? state.nextId();
	const built = buildWorkflow(runtime, { ...params, feed: node !== undefined });
	const given = items ?? (node && [{ json: {} }]);
	const pinData = {
		...(params.pinData ?? params.workflow?.pinData),
		...(given && { [built.startNode.name]: given as INodeExecutionData[] }),
	};
	const logs: LogEntry[] = [];
	const collect = (entry: LogEntry) => logs.push(entry);
	logListeners.add(collect);
	const startedAt = performance.now();
	try {
		const execution = execute(runtime, built, { credentials, mode, executionId, pinData });
		cancels.set(runId, execution.cancel);
		const ended = await execution.result;
		const durationMs = performance.now() - startedAt;
		return { executionId, ...summarise(ended), logs, durationMs };
	} finally {
		logListeners.delete(collect);
		cancels.delete(runId);
	}
}

/** A node's method with the context that n8n gives it while somebody fills in its parameters. */
function optionsCall(params: OptionsParams) {
	const { type, typeVersion, parameters = {}, credentials } = params;
	const { workflow, startNode } = buildWorkflow(runtime, {
		node: { type, typeVersion, parameters, name: 'Temp-Node' },
		credentials,
	});
	const additionalData = runtime.additionalData({ credentials });
	additionalData.currentNodeParameters = startNode.parameters as INodeParameters;
	const context = new runtime.core.LoadOptionsContext(workflow, startNode, additionalData, '');
	const nodeType = runtime.nodeTypes.getByNameAndVersion(startNode.type, startNode.typeVersion);
	return { context, methods: nodeType.methods ?? {} };
}

async function loadOptions(params: OptionsParams): Promise<unknown> {
	const { context, methods } = optionsCall(params);
	return await pick(methods.loadOptions, params.method).call(context);
}

async function listSearch(params: ListSearchParams): Promise<unknown> {
	const { context, methods } = optionsCall(params);
	const search = pick(methods.listSearch, params.method);
	return await search.call(context, params.filter, params.paginationToken);
}

function pick<T>(methods: Record<string, T> | undefined, name: string): T {
	const method = methods?.[name];
	if (!method) throw new Error(`Node type has no method "${name}" of that kind`);
	return method;
}

/** How often in a row nothing may go until nothing more is expected to, and the pause between, in ms. */
const ENOUGH = { rounds: 5, pause: 50 };

/** Collects until nothing more goes: what was closed lets go of the last of it in later turns. */
async function collect(): Promise<void> {
	const { gc } = globalThis as { gc?: () => void };
	if (!gc) return;
	let least = Infinity;
	for (let idle = 0; idle < ENOUGH.rounds; idle++) {
		gc();
		const { heapUsed } = process.memoryUsage();
		if (heapUsed < least * 0.99) idle = 0;
		least = Math.min(least, heapUsed);
		await new Promise((resolve) => setTimeout(resolve, ENOUGH.pause));
	}
}

async function openHandles({ port }: { port?: number }): Promise<Handles> {
	await collect();
	const found = [...sockets].filter(
		(socket) => !socket.destroyed && (port === undefined || socket.remotePort === port),
	);
	return {
		sockets: found.length,
		received: found.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
		heapUsed: process.memoryUsage().heapUsed,
		keptAliveBy: process.getActiveResourcesInfo().sort(),
	};
}

function open<T extends ActiveTrigger | OpenWebhook>(handle: string): T {
	const found = handles.get(handle);
	if (!found) throw new Error('That trigger or webhook is closed');
	return found as T;
}

/** Whether the package has come to rest: nothing of it is active, runs, or waits for an answer. */
function isAtRest(): boolean {
	const agents = [http.globalAgent, https.globalAgent];
	const kept = new Set(agents.flatMap(({ freeSockets }) => Object.values(freeSockets).flat()));
	const isQuiet = (socket: Socket) => socket.destroyed || kept.has(socket);
	// This request is one of those under way.
	return !hasMore && !hasFailed && asked === 1 && handles.size === 0 && [...sockets].every(isQuiet);
}

/**
 * Lets go of all that was loaded but n8n itself, which takes most of a start: of the package, and of this
 * file, with whatever it keeps. Both are loaded anew for the next start.
 */
function beginAnew(): void {
	isOver = true;
	undo();
	for (const socket of sockets) socket.destroy();
	stopListening();
	const load = createRequire(__filename);
	const ofPackage = runtime.packageRoot + sep;
	for (const file of Object.keys(load.cache))
		if (file === __filename || file.startsWith(ofPackage)) delete load.cache[file];
	load(__filename);
}

const methods: { [M in Method]: (params: Methods[M][0]) => Promise<Methods[M][1]> } = {
	async start({ packageDir, engine, stateFile, extraPackages, hurry: times = 1 }) {
		if (times > 1) undo = hurry(times);
		hasMore = extraPackages !== undefined;
		state = new StateStore(stateFile);
		runtime = await loadRuntime(engine, packageDir, log, extraPackages);
		return runtime.started;
	},
	run,
	async cancel({ runId }) {
		cancels.get(runId)?.();
		return cancels.has(runId);
	},
	loadOptions,
	listSearch,
	testCredential: async (params) => await testCredential(runtime, params),
	async describe({ type }) {
		const nodeType = runtime.nodeTypes.getByName(runtime.fullType(type));
		return plain(nodeType.description);
	},
	async activate({ handle, ...params }) {
		const report = (event: Extract<FromProcess, { event: unknown }>['event']) =>
			send({ handle, event });
		handles.set(handle, await activate(runtime, state, params, report));
		return null;
	},
	async release({ handle }) {
		open<ActiveTrigger>(handle).release();
		return null;
	},
	async close({ handle }) {
		const active = open(handle);
		handles.delete(handle);
		await active.close();
		return null;
	},
	staticData: async ({ handle }) => open(handle).staticData(),
	drain: async ({ handle, count }) => await open<ActiveTrigger>(handle).drain(count),
	async openWebhook({ handle, ...params }) {
		const webhook = await openWebhook(runtime, state, params, (event) => send({ handle, event }));
		handles.set(handle, webhook);
		return webhook.opened;
	},
	webhookRequest: async ({ handle, ...request }) =>
		await open<OpenWebhook>(handle).request(request),
	async webhookStoring({ handle, storing }) {
		open<OpenWebhook>(handle).setStoring(storing);
		return null;
	},
	handles: openHandles,
	async beginAnew() {
		if (!isAtRest()) return false;
		// Once the answer to this is sent, and before anything else can come in.
		setImmediate(beginAnew);
		return true;
	},
};

async function answer({ id, method, params }: ToProcess): Promise<void> {
	asked += 1;
	try {
		send({ id, result: await methods[method](params as never) });
	} catch (error) {
		send({ id, error: describeError(error) });
	} finally {
		asked -= 1;
	}
}

const onMessage = (message: unknown) => void answer(message as ToProcess);
const onUncaught = (error: unknown) => {
	hasFailed = true;
	send({ uncaught: describeError(error) });
};
const onDisconnect = () => {
	// Whoever started this process may be gone.
	rmSync(process.env.N8N_USER_FOLDER!, { recursive: true, force: true });
	process.exit(0);
};

function stopListening(): void {
	channel('net.client.socket').unsubscribe(onSocket);
	process.off('uncaughtException', onUncaught).off('unhandledRejection', onUncaught);
	process.off('disconnect', onDisconnect).off('message', onMessage);
}

channel('net.client.socket').subscribe(onSocket);
process.on('uncaughtException', onUncaught).on('unhandledRejection', onUncaught);
process.on('disconnect', onDisconnect).on('message', onMessage);

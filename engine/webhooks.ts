// An HTTP server on loopback that hands requests to a webhook node as n8n's webhook server does.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
	IDataObject,
	INodeExecutionData,
	IWebhookData,
	IWebhookDescription,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { describeError, plainItems } from './errors';
import {
	type Report,
	type SourceParams,
	buildWithState,
	nodeStaticData,
	saveStaticData,
	startExecution,
} from './executions';
import { UnprocessableBody, extendRequest, extendResponse, send } from './http';
import type {
	EngineError,
	Storing,
	WebhookOpened,
	WebhookParams,
	WebhookReply,
	WebhookRequest,
} from './protocol';
import type { Runtime } from './runtime';
import type { StateStore } from './state';

/** An activated webhook. */
export interface OpenWebhook {
	opened: WebhookOpened;
	/** Sends a request to it over HTTP. */
	request(request: WebhookRequest): Promise<WebhookReply>;
	/** What the database does with executions from now on. */
	setStoring(storing: Storing): void;
	/** Calls the node's `delete` and takes the server down. */
	close(): Promise<void>;
	staticData(): IDataObject;
}

/** The database did not take the execution. */
class NotStored extends Error {}

interface Outcome {
	items?: INodeExecutionData[];
	error?: EngineError;
}

/** Starts the server and activates the node's webhook: `checkExists`, and `create` if it says no. */
export async function openWebhook(
	runtime: Runtime,
	state: StateStore,
	params: WebhookParams,
	report: Report,
): Promise<OpenWebhook> {
	const { mode = 'webhook', credentials } = params;
	const manual = mode === 'manual';
	/** By the port that a client of ours uses: who wants to know how its request was handled. */
	const outcomes = new Map<number, (outcome: Outcome) => void>();
	let registered = false;
	let storing: Storing = 'works';
	const waiting: Array<() => void> = [];
	const server = createServer(async (message, response) => {
		const { remotePort } = message.socket;
		const outcome = await handle(message, response);
		outcomes.get(remotePort!)?.(outcome);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

	const { staticData: _initial, ...saved } = params;
	const context = (source: SourceParams = saved) => {
		const built = buildWithState(runtime, state, source, !manual);
		const { workflow, workflowData, startNode } = built;
		const options = { credentials, mode, workflowData, webhookUrl: base };
		const additionalData = runtime.additionalData(options);
		const { typeVersion } = startNode;
		const nodeType = runtime.nodeTypes.getByNameAndVersion(startNode.type, typeVersion);
		const [description] = nodeType.description.webhooks ?? [];
		if (!nodeType.webhook || !description) {
			throw new Error(`"${startNode.type}" is no webhook node`);
		}
		const resolve = (field: 'httpMethod' | 'path' | 'responseCode', standard: string) =>
			String(
				workflow.expression.getSimpleParameterValue(
					startNode,
					(description[field] as string | undefined) ?? standard,
					mode,
					{},
				),
			);
		return { built, additionalData, nodeType, description, resolve };
	};

	const hook = (method: 'checkExists' | 'create' | 'delete', at = context()) => {
		const { built, additionalData, nodeType, description } = at;
		const { workflow, startNode } = built;
		const hookContext = new runtime.core.HookContext(
			workflow,
			startNode,
			additionalData,
			manual ? 'manual' : 'trigger',
			manual ? 'manual' : 'activate',
			webhookData(at, description),
		);
		const run = nodeType.webhookMethods?.[description.name]?.[method];
		return { hookContext, run: async () => (await run?.call(hookContext)) ?? false };
	};
	const webhookData = (
		{ built, additionalData, resolve }: ReturnType<typeof context>,
		webhookDescription: IWebhookDescription,
	): IWebhookData => ({
		httpMethod: resolve('httpMethod', 'GET') as IWebhookData['httpMethod'],
		node: built.startNode.name,
		path: resolve('path', ''),
		webhookDescription,
		workflowId: built.workflow.id,
		workflowExecuteAdditionalData: additionalData,
		isTest: manual,
	});

	const unregister = async () => {
		if (!registered) return;
		registered = false;
		await hook('delete').run();
	};
	const closeServer = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};

	/** Resolves when the execution is in the database; rejects when it cannot be stored. */
	const start = async (data: INodeExecutionData[][]) => {
		if (storing === 'waits') report({ kind: 'waiting' });
		while (storing === 'waits') await new Promise<void>((resolve) => waiting.push(resolve));
		if (storing === 'failsOnce') {
			storing = 'works';
			throw new NotStored('SQLITE_FULL: database or disk is full');
		}
		await new Promise<void>((onStored, onFailure) => {
			const execution = { source: params, mode: mode as WorkflowExecuteMode, data, onStored };
			startExecution(runtime, state, execution, report).catch((error: unknown) => {
				onFailure(error);
				report({ kind: 'error', error: describeError(error) });
			});
		});
	};

	const handle = async (
		message: IncomingMessage,
		serverResponse: ServerResponse,
	): Promise<Outcome> => {
		const response = extendResponse(serverResponse);
		try {
			const at = context();
			const { built, additionalData, nodeType, description, resolve } = at;
			const data = webhookData(at, description);
			const { pathname } = new URL(message.url!, base);
			if (!registered || pathname !== new URL(url).pathname || message.method !== data.httpMethod) {
				const text = `The requested webhook "${message.method} ${pathname}" is not registered.`;
				response.status(404).json({ code: 404, message: text });
				return {};
			}
			additionalData.httpRequest = (await extendRequest(message)) as never;
			additionalData.httpResponse = response as never;
			const webhookContext = new runtime.core.WebhookContext(
				built.workflow,
				built.startNode,
				additionalData,
				mode,
				data,
				[],
				null,
			);
			const result = await nodeType.webhook!.call(webhookContext);
			const { workflowData: items } = result;
			if (items) {
				// On its way n8n makes another Workflow of the same static data, which marks it as unchanged.
				new runtime.workflow.Workflow({ ...built.workflowData, nodeTypes: runtime.nodeTypes });
				await start(items);
			}
			// n8n asks for the answer, and saves the static data, only once it has stored the execution.
			const { webhookResponse, noWebhookResponse } = result;
			await saveStaticData(state, built.workflow);
			if (manual) await unregister();

			if (!noWebhookResponse) {
				const text = items ? 'Workflow was started' : 'Webhook call received';
				response.status(Number(resolve('responseCode', '200')));
				if (typeof webhookResponse === 'string') response.send(webhookResponse);
				else response.json(webhookResponse ?? { message: text });
			}
			return items ? { items: plainItems(items)[0] } : {};
		} catch (error) {
			if (error instanceof UnprocessableBody) {
				const { message: text, hint } = error;
				response.status(422).json({ code: 422, message: text, hint });
			} else if (error instanceof NotStored) {
				const text = 'There was a problem executing the workflow';
				response.status(500).json({ code: 0, message: text });
			} else if (!response.writableEnded) {
				// What the caller of the webhook gets to see; the error itself is in the execution.
				const text = 'Workflow Webhook Error: Workflow could not be started!';
				response.status(500).json({ code: 0, message: text });
				report({ kind: 'failedExecution', error: describeError(error) });
			}
			return { error: describeError(error) };
		}
	};

	let url: string;
	let existed: boolean;
	try {
		const first = context(params);
		if (params.staticData) {
			await state.saveStaticData(first.built.workflow.id, first.built.workflowData.staticData!);
		}
		const { hookContext, run } = hook('checkExists', first);
		url = hookContext.getNodeWebhookUrl(first.description.name)!;
		existed = await run();
		if (!existed) await hook('create', first).run();
		await saveStaticData(state, first.built.workflow);
		registered = true;
	} catch (error) {
		await closeServer();
		throw error;
	}

	return {
		opened: { url, existed },
		async request(sent) {
			const method = sent.method ?? context().resolve('httpMethod', 'GET');
			let port = 0;
			let tell!: (outcome: Outcome) => void;
			const outcome = new Promise<Outcome>((resolve) => (tell = resolve));
			const onConnect = (from: number) => outcomes.set((port = from), tell);
			try {
				const reply = await send(url, { ...sent, method }, onConnect);
				return { ...reply, ...(await outcome) };
			} finally {
				outcomes.delete(port);
			}
		},
		setStoring(next) {
			storing = next;
			for (const wake of waiting.splice(0)) wake();
		},
		async close() {
			await unregister();
			await closeServer();
		},
		staticData: () => nodeStaticData(context().built),
	};
}

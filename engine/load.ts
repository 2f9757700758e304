// Loads one of the engines and the package under test, and makes what n8n's CLI gives its engine.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { realpathSync } from 'node:fs';
import type * as N8nCore from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';
import type {
	INodeType,
	INodeTypes,
	IVersionedNodeType,
	IWorkflowExecuteAdditionalData,
} from 'n8n-workflow';
import { builtins } from './builtins';
import { createCredentialsHelper } from './credentials';
import { loadExtra } from './extra';
import { CORES, type EngineName, type LogEntry } from './protocol';
import type { AdditionalDataOptions, Runtime } from './runtime';

const here = createRequire(__filename);

/** Loads n8n-core, its own n8n-workflow, and all nodes and credentials of the package. */
export async function loadRuntime(
	engine: EngineName,
	packageDir: string,
	log: (entry: LogEntry) => void,
	extraPackages: string[] = [],
): Promise<Runtime> {
	here('reflect-metadata');
	const coreName = CORES[engine];
	const corePath = here.resolve(coreName);
	const coreRequire = createRequire(corePath);
	const workflow = coreRequire('n8n-workflow') as typeof N8nWorkflow;
	assertSameWorkflow(packageDir, coreRequire.resolve('n8n-workflow'));

	const core = here(coreName) as typeof N8nCore;
	captureLogs(coreRequire, workflow, log);

	// The older engines do not list this class in their index, and call its method otherwise.
	const { TriggersAndPollers } = coreRequire(
		join(dirname(corePath), 'execution-engine', 'triggers-and-pollers.js'),
	) as typeof N8nCore;
	const triggers = new TriggersAndPollers() as InstanceType<typeof TriggersAndPollers> & {
		runTrigger?: Runtime['runTrigger'];
	};
	const version = (name: string) =>
		(
			coreRequire(join(packageRoot(coreRequire.resolve(name), name), 'package.json')) as {
				version: string;
			}
		).version;
	const engineVersion = (here(join(dirname(corePath), '..', 'package.json')) as { version: string })
		.version;
	const [major, minor] = engineVersion.split('.').map(Number);

	const loader = new core.PackageDirectoryLoader(packageDir);
	await loader.loadAll();
	const prefix = `${loader.packageName}.`;
	const extra = await loadExtra(core, extraPackages, {
		'n8n-workflow': coreRequire.resolve('n8n-workflow'),
		'n8n-core': corePath,
	});
	const found = (type: string): INodeType | IVersionedNodeType | undefined =>
		builtins[type] ?? (type.startsWith(prefix) ? nodeOf(type.slice(prefix.length)) : extra(type));
	const nodeOf = (name: string) => loader.nodeTypes[name]?.type;

	const nodeTypes: INodeTypes = {
		getByName(type) {
			const node = found(type);
			if (!node) throw new Error(`Unrecognized node type: ${type}`);
			return node;
		},
		getByNameAndVersion: (type, typeVersion) =>
			workflow.NodeHelpers.getVersionedNodeType(nodeTypes.getByName(type), typeVersion),
		getKnownTypes: () => ({}),
	};

	const runtime: Runtime = {
		core,
		workflow,
		emitTakesKey: major > 2 || (major === 2 && minor >= 25),
		runTrigger: (triggers.runTriggerFunction ?? triggers.runTrigger).bind(triggers),
		nodeTypes,
		packageRoot: realpathSync(packageDir),
		fullType: (type) => (type.includes('.') ? type : prefix + type),
		credentialType: (name) => loader.getCredential(name).type,
		additionalData: (options) => additionalData(runtime, options),
		started: {
			engineVersion,
			workflowVersion: version('n8n-workflow'),
			packageName: loader.packageName,
			nodeTypes: Object.keys(loader.nodeTypes).map((name) => prefix + name),
			credentialTypes: Object.keys(loader.credentialTypes),
		},
	};
	return runtime;
}

/** What n8n's CLI hands to every execution. The URLs must be valid, or expressions fail. */
function additionalData(
	runtime: Runtime,
	{
		credentials = {},
		mode = 'internal',
		executionId,
		workflowData,
		webhookUrl,
	}: AdditionalDataOptions,
): IWorkflowExecuteAdditionalData {
	const base = 'http://localhost:5678/';
	const notHere = async () => {
		throw new Error('The engine host runs no sub-workflows, agents or task runners');
	};
	return {
		credentialsHelper: createCredentialsHelper(runtime, credentials),
		hooks: new runtime.core.ExecutionLifecycleHooks(
			mode,
			executionId ?? '',
			workflowData ?? ({ id: '', name: '', nodes: [], connections: {} } as never),
		),
		executionId,
		workflowId: workflowData?.id,
		currentNodeExecutionIndex: 0,
		externalSecretsProxy: new runtime.core.ExternalSecretsProxy(),
		variables: {},
		instanceBaseUrl: base,
		restApiUrl: `${base}rest`,
		formBaseUrl: `${base}form`,
		formWaitingBaseUrl: `${base}form-waiting`,
		formTestBaseUrl: `${base}form-test`,
		webhookBaseUrl: `${webhookUrl ?? base}webhook`,
		webhookWaitingBaseUrl: `${base}webhook-waiting`,
		webhookTestBaseUrl: `${webhookUrl ?? base}webhook-test`,
		mcpBaseUrl: `${base}mcp`,
		mcpTestBaseUrl: `${base}mcp-test`,
		setExecutionStatus: () => {},
		logAiEvent: () => {},
		executeWorkflow: notHere,
		getRunExecutionData: async () => undefined,
		getRuntimeCredential: async () => undefined,
		startRunnerTask: notHere as never,
	};
}

/** n8n tells node errors from others by `instanceof`: the package must see the engine's classes. */
function assertSameWorkflow(packageDir: string, engines: string): void {
	const seen = createRequire(join(realpathSync(packageDir), 'package.json'));
	let resolved: string;
	try {
		resolved = seen.resolve('n8n-workflow');
	} catch {
		throw new Error(`No n8n-workflow can be found from ${packageDir}: use packAndUnpack()`);
	}
	if (realpathSync(resolved) !== realpathSync(engines)) {
		throw new Error(
			`${packageDir} finds the n8n-workflow at ${resolved}, the engine uses ${engines}: ` +
				'use packAndUnpack({ engine })',
		);
	}
}

/** Sends the logger of nodes (`this.logger`) and the engine's warnings to the client. */
function captureLogs(
	coreRequire: NodeJS.Require,
	workflow: typeof N8nWorkflow,
	log: (entry: LogEntry) => void,
): void {
	const at = (level: LogEntry['level']) => (message: string, meta?: unknown) =>
		log({ level, message, ...(meta !== undefined && { meta }) });
	const logger = {
		error: at('error'),
		warn: at('warn'),
		info: at('info'),
		debug: at('debug'),
		scoped: () => logger,
	};
	// The engine itself notes every node it starts at debug level: too much to send.
	workflow.LoggerProxy.init({ ...logger, info: () => {}, debug: () => {} });
	const { Container } = coreRequire('@n8n/di') as {
		Container: { set(token: unknown, value: unknown): void };
	};
	const { Logger } = coreRequire('@n8n/backend-common') as { Logger: unknown };
	Container.set(Logger, logger);
}

function packageRoot(file: string, name: string): string {
	const marker = join('node_modules', name);
	return file.slice(0, file.lastIndexOf(marker) + marker.length);
}

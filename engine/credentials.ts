// n8n keeps credentials in its database and opens them with a helper of its CLI. This one keeps them
// in memory, one set for each call, and does the rest by the same rules.
import type {
	ICredentialDataDecryptedObject,
	ICredentialsHelper,
	ICredentialTestRequest,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeCredentialTestResult,
	INodeProperties,
	INodeType,
	Workflow,
} from 'n8n-workflow';
import type { Credentials } from './protocol';
import type { Runtime } from './runtime';
import { buildWorkflow } from './workflows';

/** What `preAuthentication` found out, by the credential as it was given: n8n writes it to its database. */
const kept = new Map<string, IDataObject>();

/** The helper that the engine asks for credentials and for authenticated requests. */
export function createCredentialsHelper(runtime: Runtime, stored: Credentials): ICredentialsHelper {
	const { ICredentialsHelper: Base, NodeHelpers } = runtime.workflow;

	const parentTypes = (name: string): string[] =>
		(runtime.credentialType(name).extends ?? []).flatMap((parent) => [
			parent,
			...parentTypes(parent),
		]);
	const properties = (name: string): INodeProperties[] => {
		const own = runtime.credentialType(name);
		const inherited = (own.extends ?? []).flatMap(properties);
		return [
			...inherited.filter(({ name: n }) => !own.properties.some((p) => p.name === n)),
			...own.properties,
		];
	};

	const keyOf = (type: string) => `${type} ${JSON.stringify(stored[type])}`;

	class Helper extends Base {
		getParentTypes(name: string) {
			return parentTypes(name);
		}

		isCredentialUsableByNode(credentialType: string, nodeType: string) {
			const { restrictToSupportedNodes, supportedNodes } = runtime.credentialType(
				credentialType,
			) as { restrictToSupportedNodes?: boolean; supportedNodes?: string[] };
			return !restrictToSupportedNodes || (supportedNodes ?? []).includes(nodeType);
		}

		async authenticate(
			credentials: ICredentialDataDecryptedObject,
			typeName: string,
			options: IHttpRequestOptions,
			workflow?: Workflow,
			node?: INode,
		): Promise<IHttpRequestOptions> {
			const { authenticate } = runtime.credentialType(typeName);
			if (typeof authenticate === 'function') return await authenticate(credentials, options);
			options.headers ??= {};
			if (authenticate?.type !== 'generic') return options;

			const place = workflow && node ? { workflow, node } : standIn(runtime);
			const resolve = (text: string) =>
				resolveText(place, text, { $credentials: credentials as never });
			for (const [part, entries] of Object.entries(authenticate.properties)) {
				const target = ((options as unknown as IDataObject)[part] ??= {}) as IDataObject;
				for (const [key, value] of Object.entries(entries as Record<string, string>)) {
					target[resolve(key)] = resolve(value);
				}
			}
			return options;
		}

		/** n8n's rule: asks when nothing is known yet, after a refusal, and in a test; keeps the answer. */
		async preAuthentication(
			helpers: IHttpRequestHelper,
			credentials: ICredentialDataDecryptedObject,
			typeName: string,
			node: INode,
			expired: boolean,
		): Promise<ICredentialDataDecryptedObject | undefined> {
			const expirable = properties(typeName).find(
				({ type, typeOptions }) => type === 'hidden' && typeOptions?.expirable === true,
			);
			if (!expirable) return undefined;
			const isTest = node.parameters?.temp === '';
			if (credentials[expirable.name] !== '' && !expired && !isTest) return undefined;
			const output = await this.runPreAuthentication(helpers, credentials, typeName);
			if (output?.[expirable.name] === undefined || !node.credentials) return undefined;
			kept.set(keyOf(typeName), output as IDataObject);
			return Object.assign(credentials, output);
		}

		async runPreAuthentication(
			helpers: IHttpRequestHelper,
			credentials: ICredentialDataDecryptedObject,
			typeName: string,
		): Promise<ICredentialDataDecryptedObject | undefined> {
			const { preAuthentication } = runtime.credentialType(typeName);
			const output = await preAuthentication?.call(helpers, credentials);
			return output as ICredentialDataDecryptedObject | undefined;
		}

		async getDecrypted(
			_additionalData: unknown,
			_nodeCredentials: unknown,
			type: string,
		): Promise<ICredentialDataDecryptedObject> {
			const data = stored[type];
			if (!data) throw new Error(`Credential "${type}" was not given to the engine host`);
			const withDefaults = NodeHelpers.getNodeParameters(
				properties(type),
				data as never,
				true,
				false,
				null,
				null,
			);
			return {
				...data,
				...withDefaults,
				...kept.get(keyOf(type)),
			} as ICredentialDataDecryptedObject;
		}

		getCredentialsProperties(type: string) {
			return properties(type);
		}

		async getCredentials(): Promise<never> {
			throw new Error('The engine host stores no encrypted credentials');
		}

		async updateCredentials() {}

		async updateCredentialsOauthTokenData() {}
	}
	return new Helper();
}

function standIn(runtime: Runtime): { workflow: Workflow; node: INode } {
	const { workflow, startNode } = buildWorkflow(runtime, {
		node: { type: 'n8n-nodes-base.noOp', name: 'Temp-Node' },
	});
	return { workflow, node: startNode };
}

/** Text without a leading `=` stays as it is; an expression's empty result becomes ''. */
function resolveText(
	{ workflow, node }: { workflow: Workflow; node: INode },
	text: string,
	keys: Record<string, never>,
): string {
	if (typeof text !== 'string' || !text.startsWith('=')) return text;
	const { expression } = workflow;
	const value = expression.getSimpleParameterValue(node, text, 'internal', keys, undefined, '');
	return value ? String(value) : '';
}

/** Tests a credential as n8n's tester does: its request through the engine's own RoutingNode. */
export async function testCredential(
	runtime: Runtime,
	{ type, data }: { type: string; data: IDataObject },
): Promise<INodeCredentialTestResult> {
	const credentialType = runtime.credentialType(type);
	const test = credentialType.test as ICredentialTestRequest | undefined;
	if (!test) return { status: 'Error', message: 'No testing function found for this credential.' };

	const additionalData = runtime.additionalData({ credentials: { [type]: data } });
	const decrypted = await additionalData.credentialsHelper.getDecrypted(
		additionalData,
		{ id: type, name: type },
		type,
		'internal',
	);
	const temporary: INodeType = {
		description: {
			displayName: 'Temp-Node',
			name: 'temp',
			group: ['output'],
			version: 1,
			description: '',
			defaults: { name: 'Temp-Node' },
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: type, required: true }],
			properties: [
				{
					displayName: 'Temp',
					name: 'temp',
					type: 'string',
					default: '',
					routing: { request: test.request },
				},
			],
		},
	};
	const { workflow, startNode } = buildWorkflow(
		runtime,
		{ node: { type: 'engine-host.temp', name: 'Temp-Node', parameters: { temp: '' } } },
		{ 'engine-host.temp': temporary },
	);
	startNode.credentials = { [type]: { id: type, name: type } };
	const input = { main: [[{ json: {} }]] };
	const context = new runtime.core.ExecuteContext(
		workflow,
		startNode,
		additionalData,
		'internal',
		runtime.workflow.createRunExecutionData({}),
		0,
		input.main[0],
		input,
		{ node: startNode, data: input, source: null },
		[],
	);
	const routing = new runtime.core.RoutingNode(context, temporary, {
		id: type,
		name: type,
		type,
		data: decrypted,
	});

	const rules = test.rules ?? [];
	try {
		const output = await routing.runNode();
		const body = output?.[0]?.[0]?.json;
		for (const rule of rules) {
			if (rule.type !== 'responseSuccessBody') continue;
			if (read(body, rule.properties.key) === rule.properties.value) {
				return { status: 'Error', message: rule.properties.message };
			}
		}
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: testFailure(error as Error, rules) };
	}
}

/** n8n's order: a rule for the status code, the status text, the error code, the message. */
function testFailure(error: Error, rules: NonNullable<ICredentialTestRequest['rules']>): string {
	const cause = error.cause as
		{ response?: { status: number; statusText?: string }; code?: string } | undefined;
	if (cause?.response) {
		const { status, statusText } = cause.response;
		for (const rule of rules) {
			if (rule.type === 'responseCode' && rule.properties.value === status) {
				return rule.properties.message;
			}
		}
		return statusText || `Received HTTP status code: ${status}`;
	}
	return cause?.code ?? error.message;
}

function read(value: unknown, path: string): unknown {
	return path
		.split('.')
		.reduce<unknown>((inner, key) => (inner as IDataObject | undefined)?.[key], value);
}

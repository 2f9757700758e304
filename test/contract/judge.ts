/**
 * Judges a request by the OpenAPI file alone, with a validator of its own: neither the node's table of
 * endpoints nor the simulator has a say.
 */
import addFormats from 'ajv-formats';
import { OpenAPIBackend, type Document, type Request } from 'openapi-backend';
import type { RecordedRequest } from '../../simulator';
import { contractOf, loadContract, type Server } from '../../scripts/contract';

interface Schema {
	$ref?: string;
	type?: string | string[];
	properties?: Record<string, Schema>;
	additionalProperties?: boolean;
	items?: Schema;
}

interface Declared {
	parameters?: Array<{ $ref?: string; name?: string; in?: string }>;
	requestBody?: { content: { 'application/json': { schema: Schema } } };
}

const contract = loadContract();

function resolved<T extends { $ref?: string }>(node: T): T {
	if (!node.$ref) return node;
	const found: unknown = node.$ref
		.slice(2)
		.split('/')
		.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], contract);
	return found as T;
}

/** What every HTTP client sends; they are no part of an API's contract. */
const TRANSPORT = [
	'accept',
	'accept-encoding',
	'connection',
	'content-length',
	'host',
	'user-agent',
];
const BODY = ['content-type'];
const SECURITY = ['authorization', 'x-api-key'];
const STREAM = ['cache-control'];

export class Judge {
	private constructor(private readonly backends: Record<Server, OpenAPIBackend>) {}

	static async start(): Promise<Judge> {
		const backendOf = async (server: Server) =>
			await new OpenAPIBackend({
				definition: contractOf(server) as unknown as Document,
				quick: true,
				ajvOpts: { strict: false, allErrors: true },
				customizeAjv: (ajv) => addFormats(ajv),
			}).init();
		return new Judge({
			payments: await backendOf('payments'),
			business: await backendOf('business'),
		});
	}

	/** The operation that the contract sees in a request, and all that it has against it. */
	verdict(sent: RecordedRequest): { operation?: string; faults: string[] } {
		const backend = this.backends[sent.host];
		const request = {
			method: sent.method,
			path: sent.rawPath.split('?')[0],
			query: sent.query,
			headers: sent.headers,
			body: sent.body,
		} as Request;
		const operation = backend.matchOperation(request);
		if (!operation) return { faults: [`${sent.host} has no ${sent.method} ${request.path}`] };
		const { errors } = backend.validator.validateRequest(request, operation);
		return {
			operation: operation.operationId,
			faults: [
				...(errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`),
				...undeclared(operation.path, sent),
			],
		};
	}
}

function declaredAt(path: string, method: string) {
	const item = contract.paths[path] as unknown as Declared & Record<string, Declared>;
	const { parameters = [], requestBody } = item[method.toLowerCase()];
	const all = [...(item.parameters ?? []), ...parameters].map(resolved);
	const named = (place: string) =>
		all.filter((parameter) => parameter.in === place).map(({ name }) => String(name));
	return { query: named('query'), headers: named('header'), requestBody };
}

/** Names that the contract does not know: it lets them pass, so a spelling mistake shows only here. */
function undeclared(path: string, { method, query, headers, body }: RecordedRequest): string[] {
	const declared = declaredAt(path, method);
	const known = [
		...declared.headers.map((name) => name.toLowerCase()),
		...[TRANSPORT, SECURITY].flat(),
		...(body === undefined ? [] : BODY),
		...(path.includes('/sse/') ? STREAM : []),
	];
	const schema = declared.requestBody?.content['application/json'].schema;
	return [
		...Object.keys(query)
			.filter((name) => !declared.query.includes(name))
			.map((name) => `query ${name} is not in the contract`),
		...Object.keys(headers)
			.filter((name) => !known.includes(name))
			.map((name) => `header ${name} is not in the contract`),
		...(body === undefined ? [] : unknownFields(body, schema, 'body')),
	];
}

function unknownFields(value: unknown, schema: Schema | undefined, place: string): string[] {
	if (!schema) return [`${place} is not in the contract`];
	const { properties, items, additionalProperties } = resolved(schema);
	if (Array.isArray(value))
		return value.flatMap((row, index) => unknownFields(row, items, `${place}[${index}]`));
	if (typeof value !== 'object' || value === null || additionalProperties) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		unknownFields(inner, properties?.[name], `${place}.${name}`),
	);
}

/** Names of all that a request of this operation may carry, in its query and on top of its body. */
export function fieldsOf(path: string, method: string): string[] {
	const { query, requestBody } = declaredAt(path, method);
	const schema = requestBody && resolved(requestBody.content['application/json'].schema);
	return [
		...query.filter((name) => name !== 'otherQuery'),
		...Object.keys(schema?.properties ?? {}),
	];
}

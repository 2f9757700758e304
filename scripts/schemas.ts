/**
 * Writes the sample outputs that n8n's editor shows before the first run, one JSON Schema for each
 * operation, from the answers in the contract. Run with `npx tsx scripts/schemas.ts` after a change
 * of the contract or of what an operation keeps.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resources } from '../nodes/KuvarPay/resources/index';
import { loadContract, operations } from './contract';

/** n8n looks for them here, by version of the node, resource and operation. */
export const SCHEMA_FOLDER = join(__dirname, '../nodes/KuvarPay/__schema__/v1.0.0');

interface Schema {
	$ref?: string;
	type?: string | string[];
	properties?: Record<string, Schema | boolean>;
	items?: Schema | boolean;
	allOf?: Schema[];
	anyOf?: Schema[];
	/** Seen elsewhere, or an older name: no part of a sample. */
	'x-further'?: boolean;
}

/** What the editor understands: one type each, no references. */
interface Sample {
	type: string;
	properties?: Record<string, Sample>;
	items?: Sample;
	version?: number;
}

const contract = loadContract();

function at<T>(pointer: string): T {
	return pointer
		.slice(2)
		.split('/')
		.reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], contract) as T;
}

const resolved = <T extends object>(value: T | { $ref: string }): T =>
	'$ref' in value && typeof value.$ref === 'string' ? at<T>(value.$ref) : (value as T);

const isCommon = (schema: Schema) => !resolved<Schema>(schema)['x-further'];

/** The schema as one, without references and parts. Of alternatives the documented one is first. */
function whole(schema: Schema): Schema {
	const { allOf = [], anyOf, ...own } = resolved<Schema>(schema);
	const parts = [...allOf, ...(anyOf?.slice(0, 1) ?? [])].filter(isCommon).map(whole);
	const all = Object.assign({}, ...parts.map((part) => part.properties), own.properties);
	const properties = Object.fromEntries(
		Object.entries<Schema>(all).filter(([, it]) => isCommon(it)),
	);
	return Object.assign({}, ...parts, own, Object.keys(properties).length > 0 && { properties });
}

/** @param example of the answer; tells what is in objects that the schema leaves open */
function sampleOf(schema: Schema | boolean | undefined, example: unknown): Sample {
	if (typeof schema !== 'object') return ofValue(example);
	const { type, properties, items } = whole(schema);
	const single = [type ?? (properties ? 'object' : 'string')]
		.flat()
		.find((name) => name !== 'null');
	if (single === 'array') {
		const first = Array.isArray(example) ? (example[0] as unknown) : undefined;
		return { type: 'array', items: sampleOf(items, first) };
	}
	if (single !== 'object') return { type: single ?? 'null' };
	if (!properties) return ofValue(example ?? {});
	const values = (example ?? {}) as Record<string, unknown>;
	return {
		type: 'object',
		properties: Object.fromEntries(
			Object.entries(properties).map(([name, property]) => [
				name,
				// The user's own keys, which the example cannot know.
				name === 'metadata' ? { type: 'object', properties: {} } : sampleOf(property, values[name]),
			]),
		),
	};
}

function ofValue(value: unknown): Sample {
	if (value === null || value === undefined) return { type: 'null' };
	if (Array.isArray(value)) return { type: 'array', items: ofValue(value[0]) };
	if (typeof value !== 'object') return { type: typeof value };
	const properties = Object.entries(value).map(([name, inner]) => [name, ofValue(inner)]);
	return { type: 'object', properties: Object.fromEntries(properties) };
}

type JsonContent = { 'application/json': { schema: Schema; example: unknown } };

/** What a successful call is answered with. */
function answerOf(id: string) {
	const found = operations(contract).find((operation) => operation.id === id);
	if (!found) throw new Error(`The contract has no operation ${id}`);
	type Described = { responses: Record<'200', { content: JsonContent } | { $ref: string }> };
	const method = found.method.toLowerCase() as 'get';
	const { responses } = contract.paths[found.path][method] as unknown as Described;
	return resolved<{ content: JsonContent }>(responses['200']).content['application/json'];
}

/** One output item: the object in the answer, or one record of its list. */
function itemOf(id: string, keep?: readonly string[]): Sample {
	const answer = answerOf(id);
	const body = sampleOf(answer.schema, answer.example);
	const data = body.properties?.data ?? body;
	const { properties = {} } = data.items ?? data;
	const kept = (keep ?? Object.keys(properties)).map((name) => [name, properties[name]]);
	return { type: 'object', properties: Object.fromEntries(kept), version: 1 };
}

/** What Wait for Update returns: the item of the triggers, with the object as it is read by REST. */
function updateOf(resource: string): Sample {
	const { version, ...data } = itemOf(`${resource}.get`);
	const [text, flag] = [{ type: 'string' }, { type: 'boolean' }];
	return {
		type: 'object',
		properties: {
			event: text,
			resource: text,
			id: text,
			status: text,
			previousStatus: text,
			isFinal: flag,
			receivedAt: text,
			data,
			learnedFrom: text,
			timedOut: flag,
		},
		version,
	};
}

/** What Check Connection returns: one item for each thing that was tried. */
function checkOf(): Sample {
	const text = { type: 'string' };
	return {
		type: 'object',
		properties: { check: text, result: text, detail: text, hint: text },
		version: 1,
	};
}

/** Path below the schema folder, and content, of every sample output. */
export function outputSchemas(): Map<string, string> {
	const files = new Map<string, string>();
	for (const resource of resources)
		for (const { value: operation, simplify } of resource.operations) {
			const item =
				resource.value === 'api'
					? checkOf()
					: operation === 'waitForUpdate'
						? updateOf(resource.value)
						: itemOf(`${resource.value}.${operation}`, simplify);
			files.set(`${resource.value}/${operation}.json`, `${JSON.stringify(item, null, '\t')}\n`);
		}
	return files;
}

if (require.main === module) {
	rmSync(SCHEMA_FOLDER, { recursive: true, force: true });
	for (const [path, text] of outputSchemas()) {
		const file = join(SCHEMA_FOLDER, path);
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text);
	}
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Ajv, Options } from 'ajv';
import addFormats from 'ajv-formats';
import { OpenAPIBackend, type Document, type Operation } from 'openapi-backend';
import { load } from 'js-yaml';

import type { Json } from './state';
import type { Host } from './types';

const CONTRACT_FILE = join(__dirname, '..', 'contract', 'kuvarpay.openapi.yaml');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** An operation as the contract has it. */
export interface ContractOperation {
	operationId: string;
	method: string;
	/** The path as the contract writes it, `/api/v1/transactions/{transactionId}`. */
	template: string;
	host: Host;
	/** What the contract says to answer when all went well: the lowest 2xx. */
	successStatus: number;
	operation: Operation;
	/** What judges its requests and responses. */
	judge: Judge;
}

/** Judges requests and responses by the part of the contract that one host serves. */
export class Judge {
	readonly operations: ContractOperation[];

	constructor(
		private readonly backend: OpenAPIBackend,
		host: Host,
	) {
		const operations = backend.getOperations();
		// The library builds this list anew for every request, and a regular expression for each path.
		backend.router.getOperations = () => operations;
		this.operations = operations.map((operation) => ({
			operationId: operation.operationId ?? '',
			method: operation.method.toUpperCase(),
			template: operation.path,
			host,
			successStatus: successStatus(operation),
			operation,
			judge: this,
		}));
	}

	/** What is wrong with a request, in words; undefined when nothing is. */
	requestProblem(
		{ operation }: ContractOperation,
		request: { method: string; path: string; query: Json; headers: Json; body: unknown },
	): string | undefined {
		const { errors } = this.backend.validator.validateRequest(
			request as Parameters<typeof this.backend.validator.validateRequest>[0],
			operation,
		);
		return errors?.map(inWords).join('; ') || undefined;
	}

	/** What is wrong with a response, in words; undefined when nothing is. */
	responseProblem(
		{ operation }: ContractOperation,
		status: number,
		body: unknown,
	): string | undefined {
		const { errors } = this.backend.validator.validateResponse(body, operation, status);
		return errors?.map(inWords).join('; ') || undefined;
	}
}

/** All operations of the contract. */
export type Contract = readonly ContractOperation[];

const loaded = new Map<string, Promise<Contract>>();

/** Reads the contract once for the process; simulators share the compiled validators. */
export async function loadContract(file = CONTRACT_FILE): Promise<Contract> {
	let contract = loaded.get(file);
	if (!contract) {
		contract = readContract(file);
		loaded.set(file, contract);
	}
	return await contract;
}

async function readContract(file: string): Promise<Contract> {
	const document = load(readFileSync(file, 'utf8')) as Json & {
		paths: Record<string, Json>;
	};
	const forHost = async (host: Host) => {
		const paths = Object.entries(document.paths).filter(([, item]) => hostOf(item) === host);
		const backend = new OpenAPIBackend({
			// A copy: the library writes into what it is given.
			definition: structuredClone({
				...document,
				paths: Object.fromEntries(paths),
			}) as unknown as Document,
			quick: true,
			// What is compiled runs only a few times.
			ajvOpts: { strict: false, allErrors: true, code: { optimize: false } },
			customizeAjv: sharedAjv(),
		});
		return new Judge(await backend.init(), host).operations;
	};
	return [...(await forHost('payments')), ...(await forHost('business'))];
}

/** The library makes one for each operation, and each compiles JSON Schema's own schema first. */
function sharedAjv(): (made: Ajv, options: Options) => Ajv {
	const kept = new Map<string, Ajv>();
	return (made, options) => {
		const kind = JSON.stringify(options);
		const ajv = kept.get(kind) ?? addFormats(made);
		kept.set(kind, ajv);
		return ajv;
	};
}

function hostOf(item: Json): Host {
	const operation = METHODS.map((method) => item[method] as Json | undefined).find(Boolean);
	const servers = (item.servers ?? operation?.servers) as Array<{ url: string }> | undefined;
	return servers?.some(({ url }) => new URL(url).hostname === 'kuvarpay.com')
		? 'business'
		: 'payments';
}

function successStatus({ responses }: Operation): number {
	const statuses = Object.keys(responses ?? {}).map(Number);
	return statuses.filter((status) => status >= 200 && status < 300).sort((a, b) => a - b)[0] ?? 200;
}

function inWords(error: { instancePath?: string; message?: string; params?: unknown }): string {
	const place = (error.instancePath ?? '').replace(/^\/requestBody/, 'body').replaceAll('/', '.');
	return `${place.replace(/^\./, '') || 'the request'} ${error.message ?? 'is not allowed'}`;
}

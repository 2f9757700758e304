import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import addFormats from 'ajv-formats';
import { OpenAPIBackend, type Document, type Operation } from 'openapi-backend';
import { parse } from 'yaml';

import type { Json } from './state';
import type { Host } from './types';

const CONTRACT_FILE = join(__dirname, '..', 'contract', 'kuvarpay.openapi.yaml');
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** An operation of the contract that a request was matched to. */
export interface MatchedOperation {
	operationId: string;
	/** The path as the contract writes it, `/api/v1/transactions/{transactionId}`. */
	template: string;
	params: Record<string, string>;
	/** What the contract says to answer when all went well: the lowest 2xx. */
	successStatus: number;
	operation: Operation;
}

interface Route {
	pattern: RegExp;
	names: string[];
	operation: Operation;
	successStatus: number;
}

/** The part of the contract that one host serves: finds operations and judges requests and responses. */
export class HostContract {
	readonly operationIds: string[];
	private readonly exact = new Map<string, Route>();
	private readonly templated = new Map<string, Route[]>();

	constructor(private readonly backend: OpenAPIBackend) {
		const operations = backend.getOperations();
		this.operationIds = operations.map(({ operationId }) => operationId ?? '');
		// The library builds this list anew for every request, and a regular expression for each path.
		backend.router.getOperations = () => operations;
		for (const operation of operations) this.addRoute(operation);
	}

	/** The operation for a method and a path (as sent, without the query), or undefined. */
	match(method: string, path: string): MatchedOperation | undefined {
		const key = method.toLowerCase();
		const exact = this.exact.get(`${key} ${path}`);
		if (exact) return matched(exact, {});
		for (const route of this.templated.get(key) ?? []) {
			const found = route.pattern.exec(path);
			if (!found) continue;
			const values = found.slice(1).map(decodeURIComponent);
			return matched(
				route,
				Object.fromEntries(route.names.map((name, index) => [name, values[index]])),
			);
		}
		return undefined;
	}

	/** What is wrong with a request, in words; undefined when nothing is. */
	requestProblem(
		{ operation }: MatchedOperation,
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
		{ operation }: MatchedOperation,
		status: number,
		body: unknown,
	): string | undefined {
		const { errors } = this.backend.validator.validateResponse(body, operation, status);
		return errors?.map(inWords).join('; ') || undefined;
	}

	private addRoute(operation: Operation): void {
		const names: string[] = [];
		const source = operation.path
			.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
			.replace(/\{([^}]+)\}/g, (_match, name: string) => {
				names.push(name);
				return '([^/]+)';
			});
		const successStatus = Object.keys(operation.responses ?? {})
			.map(Number)
			.filter((status) => status >= 200 && status < 300)
			.sort((a, b) => a - b)[0];
		const route: Route = {
			pattern: new RegExp(`^${source}$`),
			names,
			operation,
			successStatus: successStatus ?? 200,
		};
		if (names.length === 0) {
			this.exact.set(`${operation.method} ${operation.path}`, route);
			return;
		}
		const others = this.templated.get(operation.method) ?? [];
		others.push(route);
		// Most fixed text first, so that /plans/{planId} is tried before /{subscriptionId}/{x}.
		others.sort((a, b) => fixedLength(b) - fixedLength(a));
		this.templated.set(operation.method, others);
	}
}

/** The whole contract, cut by host. */
export interface Contract {
	payments: HostContract;
	business: HostContract;
}

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
	const document = parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as Json & {
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
			ajvOpts: { strict: false, allErrors: true },
			customizeAjv: (ajv) => addFormats(ajv),
		});
		return new HostContract(await backend.init());
	};
	return { payments: await forHost('payments'), business: await forHost('business') };
}

function hostOf(item: Json): Host {
	const operation = METHODS.map((method) => item[method] as Json | undefined).find(Boolean);
	const servers = (item.servers ?? operation?.servers) as Array<{ url: string }> | undefined;
	return servers?.some(({ url }) => new URL(url).hostname === 'kuvarpay.com')
		? 'business'
		: 'payments';
}

function matched(route: Route, params: Record<string, string>): MatchedOperation {
	return {
		operationId: route.operation.operationId ?? '',
		template: route.operation.path,
		params,
		successStatus: route.successStatus,
		operation: route.operation,
	};
}

function fixedLength({ operation }: Route): number {
	return operation.path.replace(/\{[^}]+\}/g, '').length;
}

function inWords(error: { instancePath?: string; message?: string; params?: unknown }): string {
	const place = (error.instancePath ?? '').replace(/^\/requestBody/, 'body').replaceAll('/', '.');
	return `${place.replace(/^\./, '') || 'the request'} ${error.message ?? 'is not allowed'}`;
}

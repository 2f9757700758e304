/** Reads the OpenAPI contract and hands out what others need of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Confidence } from './confidence';

export const CONTRACT_FILE = join(__dirname, '../contract/kuvarpay.openapi.yaml');

/** The two hosts of the API. */
export type Server = 'payments' | 'business';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

type ContractOperation = {
	operationId: string;
	summary: string;
	'x-confidence': Confidence;
	'x-source': string;
	'x-alternatives'?: string[];
	requestBody?: Record<string, unknown>;
	responses: Record<string, Record<string, unknown>>;
	[key: string]: unknown;
};

type ServerObject = { url: string; 'x-confidence': Confidence; 'x-source': string };

type PathItem = { servers?: ServerObject[] } & {
	[method in (typeof METHODS)[number]]?: ContractOperation;
};

/** The contract as it stands in the file, references not resolved. */
export type Contract = {
	openapi: string;
	servers: ServerObject[];
	paths: Record<string, PathItem>;
	webhooks: Record<string, PathItem>;
	components: Record<string, Record<string, unknown>>;
	[key: string]: unknown;
};

/** One operation of the contract, with what the other parts of the project ask for. */
export type Operation = {
	/** `<resource>.<operation>`, the key that contract, node and simulator share. */
	id: string;
	resource: string;
	operation: string;
	method: string;
	path: string;
	server: Server;
	summary: string;
	confidence: Confidence;
	source: string;
	/** Other paths it might have, the likeliest first. */
	alternatives: string[];
	/** As it stands in the file. */
	definition: ContractOperation;
};

/** Reads the contract. Every call gives a fresh object, because validators change theirs. */
export function loadContract(): Contract {
	return load(readFileSync(CONTRACT_FILE, 'utf8')) as Contract;
}

/** The contract with only the paths of one host, for validators, which know no path-level servers. */
export function contractOf(server: Server): Contract {
	const contract = loadContract();
	const paths = Object.entries(contract.paths).filter(([, item]) => serverOf(item) === server);
	return { ...contract, paths: Object.fromEntries(paths) };
}

/** All operations, in the order of the contract. */
export function operations(contract: Contract = loadContract()): Operation[] {
	return Object.entries(contract.paths).flatMap(([path, item]) =>
		METHODS.flatMap((method) => {
			const found = item[method];
			if (!found) return [];
			const [resource, operation] = found.operationId.split('.');
			return {
				id: found.operationId,
				resource,
				operation,
				method: method.toUpperCase(),
				path,
				server: serverOf(item),
				summary: found.summary,
				confidence: found['x-confidence'],
				source: found['x-source'],
				alternatives: found['x-alternatives'] ?? [],
				definition: found,
			};
		}),
	);
}

/** The two hosts as the contract has them. */
export function serverObjects({ servers, paths }: Contract): Record<Server, ServerObject> {
	const own = Object.values(paths).flatMap((item) => item.servers ?? []);
	return { payments: servers[0], business: own[0] };
}

/** A path that names a server of its own is on the business host. */
function serverOf(item: PathItem): Server {
	return item.servers ? 'business' : 'payments';
}

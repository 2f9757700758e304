import type { Contract, ContractOperation } from '../contract';
import type { Json, State } from '../state';
import type { Host } from '../types';
import type { Dialect } from './types';

/** An operation that a request was matched to. */
export interface Matched extends ContractOperation {
	/** What stood in the path, by the names of this route. */
	params: Record<string, string>;
}

/** What a request says, wherever it says it. */
export interface Said {
	params: Record<string, string>;
	query: Record<string, string | string[]>;
	body: Json;
}

interface Route {
	pattern: RegExp;
	names: string[];
	fixedLength: number;
	operation: ContractOperation;
}

/** Which operation a request means, at the hosts and paths of one dialect. */
export class Router {
	private readonly exact = new Map<string, ContractOperation>();
	private readonly templated = new Map<string, Route[]>();

	constructor(
		contract: Contract,
		{ paths, businessHost }: Pick<Dialect, 'paths' | 'businessHost'>,
	) {
		for (const operation of contract) {
			const { operationId, method, template } = operation;
			const [way, path] = (paths[operationId] ?? `${method} ${template}`).split(' ');
			this.add(operation.host === 'business' ? businessHost : 'payments', way, path, operation);
		}
		const ids = contract.map(({ operationId }) => operationId);
		const unknown = Object.keys(paths).find((id) => !ids.includes(id));
		if (unknown !== undefined) throw new Error(`"paths" names "${unknown}", which no operation is`);
	}

	/** The operation for a host, a method and a path (as sent, without the query), or undefined. */
	match(host: Host, method: string, path: string): Matched | undefined {
		const exact = this.exact.get(`${host} ${method} ${path}`);
		if (exact) return { ...exact, params: {} };
		for (const { pattern, names, operation } of this.templated.get(`${host} ${method}`) ?? []) {
			const found = pattern.exec(path);
			if (!found) continue;
			const values = found.slice(1).map(decodeURIComponent);
			const params = Object.fromEntries(names.map((name, index) => [name, values[index]]));
			return { ...operation, params };
		}
		return undefined;
	}

	private add(host: Host, method: string, path: string, operation: ContractOperation): void {
		const names: string[] = [];
		const source = path
			.replace(/[.*+?^$()|[\]\\]/g, '\\$&')
			.replace(/\{([^}]+)\}/g, (_match, name: string) => {
				names.push(name);
				return '([^/]+)';
			});
		if (names.length === 0) {
			this.exact.set(`${host} ${method} ${path}`, operation);
			return;
		}
		const key = `${host} ${method}`;
		const others = this.templated.get(key) ?? [];
		const fixedLength = path.replace(/\{[^}]+\}/g, '').length;
		others.push({ pattern: new RegExp(`^${source}$`), names, fixedLength, operation });
		// Most fixed text first, so that /plans/{planId} is tried before /{subscriptionId}/{x}.
		others.sort((a, b) => b.fixedLength - a.fixedLength);
		this.templated.set(key, others);
	}
}

/**
 * Puts the ids where the contract has them: another path may carry one that belongs into the body, and leave
 * one out that then stands in the body or the query, or follows from the object that is named.
 */
export function rearranged(matched: Matched, said: Said, state: State): Said {
	const wanted = namesIn(matched.template);
	const params: Record<string, string> = {};
	const body = { ...said.body };
	const query = { ...said.query };
	for (const [name, value] of Object.entries(said.params)) {
		if (wanted.includes(name)) params[name] = value;
		else if (matched.method !== 'GET') body[name] = value;
	}
	for (const name of wanted) {
		if (params[name] !== undefined) continue;
		const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
		const value =
			body[name] ??
			body[snake] ??
			query[name] ??
			query[snake] ??
			implied(name, said.params, body, state);
		for (const spelling of [name, snake]) {
			delete body[spelling];
			delete query[spelling];
		}
		if (typeof value === 'string') params[name] = value;
	}
	return { params, query, body };
}

/** The contract's path with the ids in it. */
export function canonicalPath({ template }: Matched, params: Record<string, string>): string {
	return template.replace(/\{([^}]+)\}/g, (_match, name: string) =>
		encodeURIComponent(params[name] ?? ''),
	);
}

/** The names in a path's template that a request did not give. */
export function missingIn({ template }: Matched, params: Record<string, string>): string[] {
	return namesIn(template).filter((name) => !params[name]);
}

function namesIn(template: string): string[] {
	return [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
}

/** The subscription that an invoice or an authorization belongs to, the plan of a price. */
function implied(
	name: string,
	{ invoiceId, priceId, authId }: Record<string, string>,
	body: Json,
	state: State,
): string | undefined {
	if (name === 'planId') return state.prices.get(priceId)?.planId;
	if (name !== 'subscriptionId') return undefined;
	const invoice = state.subscriptionInvoices.get(invoiceId);
	if (invoice) return invoice.subscription_id;
	const auth = authId ?? body.authId;
	return [...state.authorizations.values()].find((entry) => entry.authId === auth)?.subscriptionId;
}

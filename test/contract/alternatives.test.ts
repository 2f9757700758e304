/** The other paths of an operation: in the contract, and the same in the node's table. */
import { endpoints, type Endpoint, type EndpointId } from '../../nodes/KuvarPay/api/endpoints';
import { operations, type Operation } from '../../scripts/contract';

const all = operations();

/** Names that a path may have in braces: the node has a field of the same name for each. */
const NAMES = ['transactionId', 'sessionId', 'invoiceId', 'planId', 'priceId', 'subscriptionId'];

const namesIn = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);

/** Whether a call of one path would be taken for the other. */
const meet = (path: string, template: string) =>
	new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path);

it.each(all)('the contract has paths of $id that Path Override takes', ({ path, alternatives }) => {
	for (const alternative of alternatives) {
		expect(alternative).toMatch(/^\/api\/v1(\/[a-z-]+|\/\{\w+\})+$/);
		expect(NAMES).toEqual(expect.arrayContaining(namesIn(alternative)));
	}
	expect(new Set([path, ...alternatives]).size).toBe(alternatives.length + 1);
});

it('the contract has another path for each that is no more than likely', () => {
	const alone = all.filter(
		({ confidence, alternatives }) =>
			/^inferred-(medium|low)$/.test(confidence) && alternatives.length === 0,
	);
	expect(alone.map(({ id }) => id)).toEqual([]);
});

it('no write is tried where another operation is', () => {
	const others = (own: Operation) =>
		all.filter(
			({ id, method, server }) => id !== own.id && method === own.method && server === own.server,
		);
	const clashes = all
		.filter(({ method }) => method !== 'GET')
		.flatMap((own) =>
			own.alternatives.flatMap((path) =>
				others(own)
					.filter((other) => meet(path, other.path))
					.map((other) => [own.id, path, other.id]),
			),
		);
	expect(clashes).toEqual([]);
});

it.each(all)('the node knows the same other paths of $id, in the same order', (operation) => {
	const endpoint: Endpoint & { alternatives?: readonly string[] } =
		endpoints[operation.id as EndpointId];
	expect(endpoint.alternatives ?? []).toEqual(operation.alternatives);
});

import type { EndpointId } from '../api/endpoints';
import { checkoutSession } from './checkoutSession';
import { invoice } from './invoice';
import { transaction } from './transaction';
import type { Operation, Resource } from './types';

/** All that the node offers, in the order of the editor's menu. */
export const resources: Resource[] = [checkoutSession, invoice, transaction];

const table = new Map(
	resources.flatMap((resource) =>
		resource.operations.map((operation) => [
			`${resource.value}.${operation.value}`,
			{ id: `${resource.value}.${operation.value}` as EndpointId, operation },
		]),
	),
);

/** The operation that the node is set to. */
export function findOperation(
	resource: string,
	operation: string,
): { id: EndpointId; operation: Operation } | undefined {
	return table.get(`${resource}.${operation}`);
}

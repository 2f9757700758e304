/** The README's table of operations: the node's own words, with path and confidence by the contract. */
import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import { operations, type Operation } from './contract';

/** @throws Error for an operation of KuvarPay's that the contract does not have */
export function operationsTable({ properties }: INodeTypeDescription): string {
	const contract = new Map(operations().map((found) => [found.id, found]));
	const resources = optionsOf(properties.find(({ name }) => name === 'resource')!);
	const rows = resources.flatMap((resource) =>
		operationsOf(properties, resource).map((operation) => {
			const id = `${resource.value}.${operation.value}`;
			const found = contract.get(id);
			if (!found && resource.value !== 'api')
				throw new Error(`The contract has no operation ${id}`);
			return rowOf(resource, operation, found);
		}),
	);
	return [
		// Prettier would make every column as wide as its longest cell.
		'<!-- prettier-ignore-start -->',
		'| Resource | Operation | What it does | Path | Confidence |',
		'| --- | --- | --- | --- | --- |',
		...rows,
		'<!-- prettier-ignore-end -->',
	].join('\n');
}

const optionsOf = ({ options }: INodeProperties) => (options ?? []) as INodePropertyOptions[];

function operationsOf(properties: INodeProperties[], { value }: INodePropertyOptions) {
	const found = properties.find(
		({ name, displayOptions }) =>
			name === 'operation' && displayOptions?.show?.resource?.includes(value),
	);
	return found ? optionsOf(found) : [];
}

function rowOf(
	resource: INodePropertyOptions,
	operation: INodePropertyOptions,
	found: Operation | undefined,
): string {
	const host = found?.server === 'business' ? ' (business host)' : '';
	const cells = [
		resource.name,
		operation.name,
		operation.description ?? '',
		found
			? `\`${found.method} ${found.path.replace('/api/v1', '')}\`${host}`
			: 'several, reads only',
		found?.confidence ?? '',
	];
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

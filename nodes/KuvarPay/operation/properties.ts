import type { INodeProperties } from 'n8n-workflow';
import { options } from './options';
import type { Field, Operation, Resource } from './types';

/** How the description of an operation begins that cannot be taken back. */
const DESTRUCTIVE = 'Destructive: ';

/** Name of the collection with an operation's optional fields. */
export function collectionOf(
	operation: Operation,
): 'additionalFields' | 'filters' | 'updateFields' {
	if (operation.value === 'update') return 'updateFields';
	return operation.value.startsWith('get') ? 'filters' : 'additionalFields';
}

const COLLECTIONS = {
	additionalFields: { displayName: 'Additional Fields', placeholder: 'Add Field' },
	filters: { displayName: 'Filters', placeholder: 'Add Filter' },
	updateFields: { displayName: 'Update Fields', placeholder: 'Add Field' },
};

/** The field without what only this package reads. */
function plain({ send: _send, ...field }: Field): INodeProperties {
	return field;
}

/** Shown for one operation only, besides what the field asks for itself. */
function shownFor(
	resource: Resource,
	operation: Operation,
	field: INodeProperties,
): INodeProperties {
	const { show, ...others } = field.displayOptions ?? {};
	return {
		...field,
		displayOptions: {
			...others,
			show: { resource: [resource.value], operation: [operation.value], ...show },
		},
	};
}

/** What to know before an AI agent gets this operation as a tool. n8n before 2.8 does not show it. */
function toolNotice({ value, description }: Operation): INodeProperties[] {
	const text = description.startsWith(DESTRUCTIVE)
		? 'This cannot be taken back. Put a human review between the agent and this tool, and do not let the model choose what it is done to.'
		: value === 'waitForUpdate' &&
			'The agent stands still while this waits. Enter a short Timeout such as 30 yourself and set On Timeout to Output, or let the agent use Get.';
	if (!text) return [];
	return [
		{
			displayName: text,
			name: 'toolNotice',
			type: 'notice',
			default: '',
			displayOptions: { show: { '@tool': [true] } },
		},
	];
}

function operationProperties(resource: Resource, operation: Operation): INodeProperties[] {
	const properties = [...toolNotice(operation), ...(operation.fields ?? []).map(plain)];
	if (operation.paged)
		properties.push(
			{
				displayName: 'Return All',
				name: 'returnAll',
				type: 'boolean',
				default: false,
				description: 'Whether to return all results or only up to a given limit',
			},
			{
				displayName: 'Limit',
				name: 'limit',
				type: 'number',
				typeOptions: { minValue: 1 },
				default: 50,
				description: 'Max number of results to return',
				displayOptions: { show: { returnAll: [false] } },
			},
		);
	if (operation.simplify)
		properties.push({
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: true,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		});
	if (operation.optional) {
		const name = collectionOf(operation);
		properties.push({
			...COLLECTIONS[name],
			name,
			type: 'collection',
			default: {},
			// n8n demands a required field of a collection even where the collection is not shown.
			options: operation.optional.map((field) => ({ ...plain(field), required: false })),
		});
	}
	return properties.map((property) => shownFor(resource, operation, property));
}

const resourceProperty = (resources: Resource[]): INodeProperties => ({
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	default: 'checkoutSession',
	options: resources.map(({ name, value }) => ({ name, value })),
});

function operationProperty({ value: resource, operations }: Resource): INodeProperties {
	// Not simply the first: that may be one that ends something.
	const { value: first } = operations.find(({ value }) => value === 'create') ?? operations[0];
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		default: first,
		displayOptions: { show: { resource: [resource] } },
		options: operations.map(({ name, value, action, description, builderHint }) => ({
			name,
			value,
			action,
			description,
			...(builderHint && { builderHint }),
		})),
	};
}

const optionsProperty: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: options.map(plain),
};

/** All parameters of the action node. */
export const propertiesOf = (resources: Resource[]): INodeProperties[] => [
	resourceProperty(resources),
	...resources.flatMap((resource) => [
		operationProperty(resource),
		...resource.operations.flatMap((operation) => operationProperties(resource, operation)),
	]),
	optionsProperty,
];

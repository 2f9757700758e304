/**
 * Makes parameters for any operation out of nothing but the node's own description: what a user sees
 * in the editor, filled in with what the placeholders suggest. A new field is covered by itself.
 */
import type { INodeProperties, INodePropertyOptions, INodeTypeDescription } from 'n8n-workflow';
import { byId } from '../support/engine';

export type Parameters = Record<string, unknown>;

/** What the lists that are loaded from the API would offer. */
const FROM_LIST: Record<string, string> = {
	getCryptoCurrencies: 'USDT',
	getFiatCurrencies: 'NGN',
	getNetworks: 'TRON',
	getSubscriptionCurrencies: 'tok_usdt_bep20',
	getSubscriptionNetworks: 'BEP20',
};

/** Ids of the operations that the description offers, as `<resource>.<operation>`. */
/** The operations of KuvarPay's that the node offers; Check Connection is our own. */
export function offered({ properties }: INodeTypeDescription): string[] {
	return properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ displayOptions, options }) =>
			(displayOptions?.show?.resource ?? []).flatMap((resource) =>
				(options as INodePropertyOptions[]).map(({ value }) => `${resource}.${value}`),
			),
		)
		.filter((id) => id !== 'api.checkConnection');
}

/** Everything that the editor shows for one operation, options aside. */
export function propertiesOf({ properties }: INodeTypeDescription, id: string): INodeProperties[] {
	const [resource, operation] = id.split('.');
	return properties.filter(
		({ displayOptions }) =>
			displayOptions?.show?.resource?.includes(resource) &&
			displayOptions.show.operation?.includes(operation),
	);
}

/**
 * Ways to fill in one operation: one for each combination of the choices on which other fields
 * depend, such as Items Source.
 * @param known values by parameter name, for what cannot be made up
 * @param everything with all optional fields, or only what is required
 */
export function waysToFill(
	description: INodeTypeDescription,
	id: string,
	known: Parameters,
	everything: boolean,
): Parameters[] {
	const properties = propertiesOf(description, id);
	const decisive = new Set(properties.flatMap((property) => Object.keys(conditionsOf(property))));
	const choices = properties.filter(({ name }) => decisive.has(name));
	return combinations(choices).map((chosen) => {
		const shown = properties.filter((property) =>
			Object.entries(conditionsOf(property)).every(([name, values]) =>
				values?.includes(chosen[name] as string),
			),
		);
		const filled = shown
			.filter(({ name, required }) => !(name in chosen) && (required || everything))
			.map((property) => [property.name, valueOf(property, known)]);
		return { ...chosen, ...Object.fromEntries(filled) };
	});
}

function conditionsOf({ displayOptions }: INodeProperties) {
	const { resource: _resource, operation: _operation, ...others } = displayOptions?.show ?? {};
	return others;
}

function combinations(choices: INodeProperties[]): Parameters[] {
	return choices.reduce<Parameters[]>(
		(sofar, { name, type, options }) => {
			const values =
				type === 'boolean'
					? [false, true]
					: (options as INodePropertyOptions[]).map(({ value }) => value);
			return sofar.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
		},
		[{}],
	);
}

function valueOf(property: INodeProperties, known: Parameters): unknown {
	const { name, type, placeholder = '', options, typeOptions } = property;
	if (name in known) return type === 'resourceLocator' ? byId(known[name]) : known[name];
	if (typeOptions?.loadOptionsMethod) return FROM_LIST[typeOptions.loadOptionsMethod as string];
	const all = (fields: INodeProperties[]) =>
		Object.fromEntries(fields.map((field) => [field.name, valueOf(field, known)]));
	switch (type) {
		case 'boolean':
			return !property.default;
		case 'collection':
			return all(options as INodeProperties[]);
		case 'dateTime':
			return '2031-05-06T07:08:09';
		case 'fixedCollection': {
			const [group] = options as Array<{ name: string; values: INodeProperties[] }>;
			return { [group.name]: [all(group.values)] };
		}
		case 'multiOptions':
			return property.default;
		case 'number':
			return property.default || 3;
		case 'options':
			return (options as INodePropertyOptions[]).at(-1)?.value;
		default:
			return placeholder.replace(/^e\.g\. /, '');
	}
}

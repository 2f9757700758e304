import type { EndpointId } from '../../../nodes/KuvarPay/api/endpoints';
import { findOperation } from '../../../nodes/KuvarPay/resources';
import { outputSchemas } from '../../../scripts/schemas';

interface Sample {
	type: string;
	properties?: Record<string, Sample>;
	items?: Sample;
}

const samples = new Map(
	[...outputSchemas()].map(([path, text]) => [
		path.replace('/', '.').replace('.json', '') as EndpointId,
		JSON.parse(text) as Sample,
	]),
);

/**
 * Where an output item is not what the editor shows of this operation before its first run. It may
 * have more than that, except where Simplify chooses what it has.
 */
export function misfits(id: string, item: unknown): string[] {
	const sample = samples.get(id as EndpointId);
	if (!sample) return [`There is no sample output of ${id}`];
	const { simplify } = findOperation(...(id.split('.') as [string, string]))!.operation;
	const more = Object.keys(item as object).filter((name) => !sample.properties?.[name]);
	return [
		...compare(item, sample, 'item'),
		...(simplify ? more.map((name) => `item.${name} is not in the sample`) : []),
	];
}

function compare(value: unknown, { type, properties, items }: Sample, place: string): string[] {
	// What may be empty is shown with the type that it has when it is not.
	if (value === null || value === undefined || type === 'null') return [];
	const isType = {
		array: Array.isArray(value),
		integer: Number.isInteger(value),
	}[type];
	if (!(isType ?? typeof value === type)) return [`${place} is no ${type}`];
	if (Array.isArray(value))
		return value.flatMap((row, index) => compare(row, items!, `${place}[${index}]`));
	if (typeof value !== 'object') return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		properties?.[name] ? compare(inner, properties[name], `${place}.${name}`) : [],
	);
}

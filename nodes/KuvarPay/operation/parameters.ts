import type { IExecuteFunctions } from 'n8n-workflow';

/** A parameter's value for one item; null where the operation has none of that name. */
export type Read = (name: string) => unknown;

/**
 * Reads the node's parameters, item by item. What holds no expression is the same for all items: n8n
 * is asked once for it, and not a thousand times.
 */
export function parametersOf(context: IExecuteFunctions): (item: number) => Read {
	const { parameters } = context.getNode();
	const fixed = new Map<string, unknown>();
	return (item) => (name) => {
		if (fixed.has(name)) return fixed.get(name);
		const value: unknown = context.getNodeParameter(name, item, null);
		if (!isExpression(parameters[name]) && !holdsAny(value)) fixed.set(name, value);
		return value;
	};
}

/** n8n's mark of an expression: it begins with an equals sign. */
const isExpression = (raw: unknown) => typeof raw === 'string' && raw.startsWith('=');

/** Whether other values are inside, each of which may be an expression, and may be changed by a caller. */
const holdsAny = (value: unknown) =>
	typeof value === 'object' && value !== null && Object.keys(value).length > 0;

// Errors and values on their way through a process boundary.
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { EngineError } from './protocol';

/** Makes a value safe to send: no functions, no cycles, no class instances that cannot be cloned. */
export function plain<T>(value: T): T {
	try {
		return structuredClone(value);
	} catch {
		const seen = new WeakSet<object>();
		const text = JSON.stringify(value, (_key, inner: unknown) => {
			if (typeof inner === 'bigint') return inner.toString();
			if (typeof inner !== 'object' || inner === null) return inner;
			if (seen.has(inner)) return undefined;
			seen.add(inner);
			return inner;
		});
		return (text === undefined ? undefined : JSON.parse(text)) as T;
	}
}

/** Reads the parts of an error that n8n shows; takes errors, n8n's plain copies and anything else. */
export function describeError(value: unknown): EngineError {
	if (typeof value !== 'object' || value === null) {
		return { name: 'Error', message: String(value) };
	}
	const error = value as Partial<Error> & Record<string, unknown>;
	const context = error.context as IDataObject | undefined;
	const node = error.node as { name?: string } | undefined;
	const cause = error.cause as (Error & { code?: unknown }) | undefined;
	return {
		// n8n stores `{ ...error, message, stack }`: the name of a built-in error is only in its stack.
		name: error.name ?? /^(\w*Error)\b/.exec(error.stack ?? '')?.[1] ?? 'Error',
		message: error.message ?? '',
		...(error.description != null && { description: String(error.description) }),
		...(context && { context: plain(context) }),
		...(error.httpCode != null && { httpCode: String(error.httpCode) }),
		...(typeof context?.itemIndex === 'number' && { itemIndex: context.itemIndex }),
		...(node?.name && { node: node.name }),
		...(cause instanceof Error && {
			cause: {
				name: cause.name,
				message: cause.message,
				...(cause.code != null && { code: String(cause.code) }),
			},
		}),
		stack: error.stack,
	};
}

/** Items as they can be sent: an error object in an item becomes its description. */
export function plainItems(outputs: Array<INodeExecutionData[] | null> | null | undefined) {
	return (outputs ?? []).map((items) =>
		(items ?? []).map((item) =>
			item.error === undefined
				? item
				: ({ ...item, error: describeError(item.error) } as unknown as INodeExecutionData),
		),
	);
}

/** The client's side: an `Error` again, with n8n's extra fields on it. */
export function reviveError(error: EngineError): Error & EngineError {
	const { message, ...rest } = error;
	return Object.assign(new Error(message), rest);
}

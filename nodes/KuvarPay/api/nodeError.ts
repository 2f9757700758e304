import type { INode, JsonObject } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { ApiError, InputError } from './errors';

/**
 * The error that n8n shows. One that n8n made already is left as it is.
 * @param item index of the item, named in the message as n8n does: `[item 3]`
 * @param progress what was done before and stays done; appended to the description
 */
export function toNodeError(
	node: INode,
	error: unknown,
	item?: number,
	progress?: string,
): NodeApiError | NodeOperationError {
	if (error instanceof NodeApiError || error instanceof NodeOperationError) return error;

	const place = item === undefined ? '' : ` [item ${item}]`;
	const describe = (hint?: string) => [hint, progress].filter(Boolean).join(' ');

	if (error instanceof ApiError) {
		const { message, hint, status, body } = error.failure;
		// Only plain data goes in: the HTTP client's own error would carry the request's headers.
		const details = { message, ...(body === undefined ? {} : { body }) } as JsonObject;
		return new NodeApiError(node, details, {
			message: message + place,
			description: describe(hint),
			httpCode: status?.toString(),
			itemIndex: item,
		});
	}
	const { message, hint } =
		error instanceof InputError
			? error
			: { message: error instanceof Error ? error.message : String(error), hint: undefined };
	return new NodeOperationError(node, message + place, {
		description: describe(hint),
		itemIndex: item,
	});
}

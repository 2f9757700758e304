import type { IncomingHttpHeaders } from 'node:http';

import { ApiError } from './answers';
import type { Core } from './core';
import type { KeyForm } from './dialect';
import type { RecordedRequest } from './types';

const STREAMS = new Set(['checkoutSession.waitForUpdate', 'transaction.waitForUpdate']);

/**
 * Throws unless the request carries the key in a form that is taken, or the token of the session that the
 * operation is about. For a stream the dialect says which of the two opens it.
 */
export function authorize(
	core: Core,
	operationId: string,
	params: Record<string, string>,
	headers: IncomingHttpHeaders,
): void {
	const { key, streams } = core.dialect;
	const sent = presented(headers);
	const isKey = sent.some(({ form, value }) => key.forms.includes(form) && value === core.apiKey);
	const token = tokenFor(core, operationId, params);
	const isToken = sent.some(({ form, value }) => form === 'bearer' && value === token);
	if (!isKey && !isToken) {
		const message = sent.length > 0 ? 'Invalid API key' : 'API key is missing';
		throw new ApiError(key.refusal ?? 401, message);
	}
	if (STREAMS.has(operationId) && !streams.openedBy.includes(isKey ? 'key' : 'token')) {
		const why = streams.refusal === 404 ? 'Not found' : 'This does not open streams';
		throw new ApiError(streams.refusal, why);
	}
	if (isKey && core.wantsBusinessId && headers['x-business-id'] !== core.businessId) {
		throw new ApiError(
			key.refusal ?? 403,
			'x-business-id is missing or is not the business of this key',
		);
	}
}

/** The keys and tokens that a request carries, by the form that they have. */
function presented(headers: IncomingHttpHeaders): Array<{ form: KeyForm; value: string }> {
	const { authorization, 'x-api-key': apiKey } = headers;
	const bearer = /^Bearer +(.+)$/i.exec(authorization ?? '')?.[1];
	const found: Array<{ form: KeyForm; value: string }> = [];
	if (bearer !== undefined) found.push({ form: 'bearer', value: bearer });
	else if (authorization) found.push({ form: 'raw', value: authorization });
	if (typeof apiKey === 'string') found.push({ form: 'x-api-key', value: apiKey });
	return found;
}

/** The session token that opens this operation: the session's own, or that of the transaction's session. */
function tokenFor(
	{ state }: Core,
	operationId: string,
	{ sessionId, transactionId }: Record<string, string>,
): string | undefined {
	if (operationId === 'transaction.waitForUpdate') {
		const session = state.transactions.get(transactionId)?.checkoutSessionId;
		return state.authTokens.get(session ?? '');
	}
	const isSessions = ['checkoutSession.get', 'checkoutSession.waitForUpdate'].includes(operationId);
	return isSessions ? state.authTokens.get(sessionId) : undefined;
}

/** Remembers which keys and tokens came in at which host. */
export function noteKeys({ seenKeys }: Core, { host, headers }: RecordedRequest): void {
	for (const header of ['authorization', 'x-api-key'] as const) {
		const value = headers[header];
		if (typeof value !== 'string') continue;
		const known = seenKeys.some(
			(seen) => seen.host === host && seen.header === header && seen.value === value,
		);
		if (!known) seenKeys.push({ host, header, value });
	}
}

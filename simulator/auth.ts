import type { IncomingHttpHeaders } from 'node:http';

import { ApiError } from './answers';
import type { Core } from './core';

/** Operations that a session's own token opens, for that session only. */
const SESSION_SCOPED = new Set(['checkoutSession.get', 'checkoutSession.waitForUpdate']);

/** Throws 401 or 403 unless the request carries the key in one of the three formats, or a fitting session token. */
export function authorize(
	core: Core,
	operationId: string,
	params: Record<string, string>,
	headers: IncomingHttpHeaders,
): void {
	const authorization = headers.authorization ?? '';
	const bearer = /^Bearer +(.+)$/i.exec(authorization)?.[1];
	const key = bearer ?? (authorization || headers['x-api-key']);
	if (key !== core.apiKey) {
		const token = SESSION_SCOPED.has(operationId) && core.state.authTokens.get(params.sessionId);
		if (token && bearer === token) return;
		throw new ApiError(401, key ? 'Invalid API key' : 'API key is missing');
	}
	if (core.options.requireBusinessId && headers['x-business-id'] !== core.businessId) {
		throw new ApiError(403, 'x-business-id is missing or is not the business of this key');
	}
}

import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';
import type { Connection } from './connection';
import { ApiError, UNSURE, hintFor } from './errors';
import { readJson, writeJson } from './json';
import { messageOf } from './refusal';

/** How much of an answer that is no JSON is kept with its failure, in characters. */
const LONGEST_TEXT = 2_000;

/** Answers after which the same request may succeed: 425 is Too Early (RFC 8470). */
export const TRANSIENT_STATUSES = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * The body of an answer, parsed.
 * @throws ApiError when KuvarPay refused, or the answer cannot be read
 */
export function readAnswer(response: IN8nHttpFullResponse, { redact }: Connection): unknown {
	const { statusCode: status, statusMessage, headers } = response;
	const text = typeof response.body === 'string' ? response.body : writeJson(response.body);
	let body: unknown;
	let unreadable = false;
	try {
		body = text.trim() === '' ? undefined : readJson(text);
	} catch {
		unreadable = true;
	}

	const accepted = status >= 200 && status < 300;
	if (accepted && unreadable) throw notJson(text, status);
	const refused = accepted && (body as IDataObject | undefined)?.success === false;
	if (accepted && !refused) return body ?? { success: true };

	const told =
		messageOf(unreadable ? text : body) ?? (refused ? 'no reason was given' : statusMessage) ?? '';
	throw new ApiError({
		status,
		// Cut after the secrets are out, or a part of one might stay.
		message: redact(`KuvarPay answered ${status}: ${told}`).slice(0, 500),
		hint: refused ? hintFor(400) : hintFor(status),
		transient: TRANSIENT_STATUSES.has(status),
		retryAfter: retryAfter(headers['retry-after']),
		body: unreadable ? redact(text).slice(0, LONGEST_TEXT) : redactAll(body, redact),
	});
}

/** The same, with the secrets taken out of every text, name and number in it. */
function redactAll(value: unknown, redact: Connection['redact']): unknown {
	if (Array.isArray(value)) return value.map((entry) => redactAll(entry, redact));
	if (typeof value === 'object' && value !== null)
		return Object.fromEntries(
			Object.entries(value).map(([name, inner]) => [redact(name), redactAll(inner, redact)]),
		);
	if (typeof value !== 'string' && typeof value !== 'number') return value;
	const clean = redact(String(value));
	return clean === String(value) ? value : clean;
}

function notJson(text: string, status: number): ApiError {
	const page = text.trimStart().startsWith('<');
	return new ApiError({
		status,
		message: page
			? 'KuvarPay answered with a web page instead of data'
			: 'KuvarPay answered with data that cannot be read',
		hint: page
			? 'Check the base URL in the KuvarPay credential: it probably leads to a website or a proxy, not to the API.'
			: 'Try again. If it stays so, something between n8n and KuvarPay cuts or changes the answers.',
		// A page stays a page; a cut answer may come whole the next time.
		transient: !page,
		page,
	});
}

/** `Retry-After` in ms: seconds or an HTTP date (RFC 9110, section 10.2.3). */
export function retryAfter(value: unknown): number | undefined {
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
	// Date.parse makes dates of other texts too: "-5" is one of 2001.
	const ms = /^\s*[A-Z][a-z]+,? /.test(value) ? Date.parse(value) - Date.now() : NaN;
	return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

const NETWORK_CODES =
	/^(ECONN|EPIPE|ETIMEDOUT|ESOCKETTIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|ERR_NETWORK|UND_ERR)/;

/** No answer arrived. n8n's error is not passed on: it refers to the request and its headers. */
export function unreachable(error: unknown, { redact }: Connection, host: string): ApiError {
	const code = codeOf(error);
	const isNetwork = code !== undefined && NETWORK_CODES.test(code);
	const reason = error instanceof Error ? error.message : String(error);
	return new ApiError({
		message: redact(
			isNetwork
				? `KuvarPay could not be reached at ${host}: ${inWords(code)}`
				: `The request to ${host} could not be made: ${reason}`,
		),
		hint: isNetwork
			? `Check the internet connection of n8n, its proxy and the base URL in the KuvarPay credential. ${UNSURE}`
			: 'Check the base URL in the KuvarPay credential, and what n8n allows to be called.',
		// Without a code it is trouble inside n8n, such as a database that is busy for a moment.
		transient: isNetwork || code === undefined,
		unsent: code !== undefined && /REFUSED|NOTFOUND|EAI_/.test(code),
	});
}

/**
 * A network error's code as people say it. The code itself would make n8n put its own general
 * message in the place of ours.
 */
function inWords(code: string): string {
	if (/REFUSED/.test(code)) return 'the connection was refused';
	if (/NOTFOUND|EAI_/.test(code)) return 'the host name is not known';
	if (/TIMEDOUT|ABORTED|TIMEOUT/.test(code)) return 'there was no answer in time';
	if (/RESET|EPIPE|SOCKET/.test(code)) return 'the connection was cut';
	return 'the network is not available';
}

/** The error's code, such as ECONNRESET or CERT_HAS_EXPIRED, which n8n wraps one or two levels deep. */
function codeOf(error: unknown): string | undefined {
	for (let depth = 0, at = error; depth < 4 && typeof at === 'object' && at !== null; depth++) {
		const { code, httpCode, cause } = at as { code?: unknown; httpCode?: unknown; cause?: unknown };
		const found = [code, httpCode].find(
			(text) => typeof text === 'string' && /^[A-Z][A-Z_]+$/.test(text),
		);
		if (found) return found as string;
		at = cause;
	}
	return undefined;
}

/** The object that an answer is about: `data` where there is one, else the whole body. */
export function unwrap(body: unknown): unknown {
	const data = (body as IDataObject | undefined)?.data;
	return data === undefined ? body : data;
}

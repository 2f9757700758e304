import { ApiError, type Call } from './answers';
import type { Core } from './core';
import { understand } from './dialect/requests';
import { canonicalPath, missingIn, rearranged, type Matched, type Said } from './dialect/routes';
import type { Json } from './state';
import type { RecordedRequest } from './types';

/** What a request says, with the ids where the contract has them. */
export function readSaid(core: Core, record: RecordedRequest, matched: Matched): Said {
	const body = isObject(record.body) ? record.body : {};
	const said: Said = { params: matched.params, query: record.query, body };
	const elsewhere = matched.operationId in core.dialect.paths;
	return elsewhere ? rearranged(matched, said, core.state) : said;
}

/** The same in the contract's terms. @throws ApiError when the contract does not allow it */
export function checkedCall(
	core: Core,
	{ body: given, headers, rawBody }: RecordedRequest,
	matched: Matched,
	{ body: said, params, query }: Said,
): Call {
	const refused = (status: number, problem: string) => {
		core.contractViolations.push(`request ${matched.operationId}: ${problem}`);
		return new ApiError(status, `Invalid request: ${problem}`);
	};
	if (rawBody !== '') {
		if (!/^application\/json\b/i.test(String(headers['content-type'] ?? ''))) {
			throw refused(415, 'the Content-Type must be application/json');
		}
		if (given === undefined) throw refused(400, 'the body is not JSON');
	}
	const [missing] = missingIn(matched, params);
	if (missing !== undefined) throw refused(400, `${missing} is missing`);
	const { body, ignored } = understand(core.dialect.requests, matched.operationId, said);
	const hasBody = given !== undefined || Object.keys(body).length > 0;
	const plain = given === undefined || isObject(given);
	// Whoever passes over what it does not know does not miss it either.
	const problem = ignored
		? undefined
		: matched.judge.requestProblem(matched, {
				method: matched.method,
				path: canonicalPath(matched, params),
				query,
				headers,
				body: hasBody && plain ? body : given,
			});
	if (problem) throw refused(400, problem);
	return { params, query, body, headers };
}

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { retryAfter } from './answer';
import type { Told } from './limit';

/**
 * Reads `Retry-After`, and what is left in any of the spellings in use: `RateLimit` as one header
 * (the IETF's draft-ietf-httpapi-ratelimit-headers, both `remaining=5, reset=1` and
 * `"default";r=5;t=1`), or `RateLimit-Remaining` and its older relative with `X-`.
 * @param headers by lower-case name
 * @param now the moment of the answer, in ms since 1970
 */
export function readTold(headers: Record<string, unknown>, now: number): Told {
	const text = (name: string) => {
		const value = headers[name];
		return typeof value === 'string' ? value : undefined;
	};
	const joined = text('ratelimit') ?? '';
	const part = (name: RegExp) => name.exec(joined)?.[1];
	const remaining =
		part(/\b(?:remaining|r)\s*=\s*(\d+)/) ??
		text('ratelimit-remaining') ??
		text('x-ratelimit-remaining');
	const reset =
		part(/\b(?:reset|t)\s*=\s*(\d+)/) ?? text('ratelimit-reset') ?? text('x-ratelimit-reset');
	return {
		wait: retryAfter(text('retry-after')),
		remaining: number(remaining),
		reset: fromNow(number(reset), number(String(Date.parse(text('date') ?? ''))) ?? now),
	};
}

function number(text: string | undefined): number | undefined {
	return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}

/**
 * Seconds from now, or a moment in seconds or milliseconds since 1970. A moment is measured by the
 * server's own clock, as ours may differ.
 */
function fromNow(reset: number | undefined, now: number): number | undefined {
	if (reset === undefined) return undefined;
	if (reset < 1e9) return reset * 1000;
	return Math.max(0, (reset < 1e12 ? reset * 1000 : reset) - now);
}

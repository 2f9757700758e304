import { RateLimiter } from './limits';
import type { Random } from './random';

/** Faults that strike a request. Kinds further down the list of a rule set win less often: the first match ends the request. */
const REQUEST_KINDS = [
	'latency',
	'rateLimit',
	'limit',
	'status',
	'resetBefore',
	'resetAfter',
	'halfOpen',
	'malformedJson',
	'html',
	'redirect',
	'echoKey',
] as const;

/** Faults that shape a whole stream, from its first byte. */
const STREAM_KINDS = [
	'splitFrames',
	'crlf',
	'silent',
	'flood',
	'hugeLine',
	'trickle',
	'gzip',
	'http204',
	'wrongType',
] as const;

/** Faults that strike single events of a stream. */
const EVENT_KINDS = ['cutMidEvent', 'duplicateEvents', 'dropEvents', 'malformedEvents'] as const;

export type RequestFaultKind = (typeof REQUEST_KINDS)[number];
export type StreamFaultKind = (typeof STREAM_KINDS)[number];
export type EventFaultKind = (typeof EVENT_KINDS)[number];

/** Every kind of fault there is. */
export const FAULT_KINDS: readonly string[] = [...REQUEST_KINDS, ...STREAM_KINDS, ...EVENT_KINDS];

/** Which requests a rule is about. Nothing given: all of them. */
export interface FaultMatch {
	/** Of the contract. Text in slashes, as in `/^invoice/`, is a regular expression. */
	operationId?: string | RegExp;
	method?: string;
	/** Part of the path, or a regular expression for it. */
	path?: string | RegExp;
}

/** Something that goes wrong, where, and how often. */
export interface FaultRule {
	kind: RequestFaultKind | StreamFaultKind | EventFaultKind;
	match?: FaultMatch;
	/** Let this many pass first. */
	skip?: number;
	/** Strike every n-th one. Counted in requests, or in events for the kinds that strike events. */
	every?: number;
	/** Strike so many, then never again. */
	times?: number;
	/** Strike by chance, 0 to 1. */
	probability?: number;
	/** `latency`: how long. `trickle`: milliseconds for each byte. */
	ms?: number;
	/** `latency`: up to so much more, by chance. */
	jitterMs?: number;
	/** `rateLimit`: seconds, or an HTTP date. */
	retryAfter?: number | string;
	/** `limit`: requests let through in each second. */
	perSecond?: number;
	/** `status`, `echoKey`, `redirect`: the status code. */
	status?: number;
	/** `redirect`: where to. */
	to?: string;
	/** `hugeLine`: length of the line. `splitFrames`: longest piece. */
	bytes?: number;
	/** `status`, `halfOpen`, `html`, `redirect`: do the work all the same, and only then fail. */
	afterWork?: boolean;
}

/** A request, or an event of a stream, that a fault may strike. */
export interface Occasion {
	operationId: string;
	method: string;
	path: string;
}

class ActiveRule {
	readonly limiter: RateLimiter | undefined;
	private readonly operationId: RegExp | undefined;
	private readonly path: RegExp | undefined;
	private seen = 0;
	private struck = 0;

	constructor(
		readonly rule: FaultRule,
		private readonly random: Random,
	) {
		this.operationId = asPattern(rule.match?.operationId, true);
		this.path = asPattern(rule.match?.path, false);
		if (rule.kind === 'limit') this.limiter = new RateLimiter({ perSecond: rule.perSecond ?? 10 });
	}

	/** Counts the occasion and tells whether the fault strikes it. */
	strikes(occasion: Occasion): boolean {
		const { rule } = this;
		if (this.operationId && !this.operationId.test(occasion.operationId)) return false;
		if (this.path && !this.path.test(occasion.path)) return false;
		const method = rule.match?.method;
		if (method !== undefined && method.toUpperCase() !== occasion.method) return false;
		if (rule.times !== undefined && this.struck >= rule.times) return false;
		this.seen += 1;
		const counted = this.seen - (rule.skip ?? 0);
		if (counted <= 0) return false;
		if (rule.every !== undefined && counted % rule.every !== 0) return false;
		if (rule.probability !== undefined && this.random() >= rule.probability) return false;
		this.struck += 1;
		return true;
	}
}

/** A fault that strikes now, with the rule's own limiter where it has one. */
export interface Strike {
	rule: FaultRule;
	limiter?: RateLimiter;
}

/** The rules in force. */
export class Faults {
	private request: ActiveRule[] = [];
	private stream: ActiveRule[] = [];
	private event: ActiveRule[] = [];

	constructor(
		private readonly random: Random,
		rules: readonly FaultRule[] = [],
	) {
		for (const rule of rules) this.add(rule);
	}

	/** Puts a rule in force. Rules are tried in the order in which they were added. */
	add(rule: FaultRule): void {
		const active = new ActiveRule(checked(rule), this.random);
		if (includes(REQUEST_KINDS, rule.kind)) this.request.push(active);
		else if (includes(STREAM_KINDS, rule.kind)) this.stream.push(active);
		else this.event.push(active);
	}

	/** Ends all rules. */
	clear(): void {
		this.request = [];
		this.stream = [];
		this.event = [];
	}

	/** The rules in force, as they were added. */
	list(): FaultRule[] {
		return [...this.request, ...this.stream, ...this.event].map(({ rule }) => rule);
	}

	/** Faults that strike this request. */
	forRequest(occasion: Occasion): Strike[] {
		return struck(this.request, occasion);
	}

	/** Faults that shape this stream. */
	forStream(occasion: Occasion): Strike[] {
		return struck(this.stream, occasion);
	}

	/** Faults that strike this one event of a stream. */
	forEvent(occasion: Occasion): Strike[] {
		return struck(this.event, occasion);
	}
}

const NONE: Strike[] = [];

function struck(rules: readonly ActiveRule[], occasion: Occasion): Strike[] {
	if (rules.length === 0) return NONE;
	return rules.filter((active) => active.strikes(occasion));
}

function includes(kinds: readonly string[], kind: string): boolean {
	return kinds.includes(kind);
}

function asPattern(value: string | RegExp | undefined, whole: boolean): RegExp | undefined {
	if (value === undefined) return undefined;
	// A g or y flag would make test() remember where it was.
	if (value instanceof RegExp) return new RegExp(value.source, value.flags.replace(/[gy]/g, ''));
	const slashed = /^\/(.*)\/(i?)$/s.exec(value);
	if (slashed && whole) return new RegExp(slashed[1], slashed[2]);
	const literal = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
	return new RegExp(whole ? `^${literal}$` : literal);
}

function checked(rule: FaultRule): FaultRule {
	if (!FAULT_KINDS.includes(rule?.kind)) {
		throw new Error(
			`There is no fault of the kind ${JSON.stringify(rule?.kind)}. Known kinds: ${FAULT_KINDS.join(', ')}`,
		);
	}
	for (const name of ['every', 'times', 'skip', 'probability', 'ms', 'bytes', 'status'] as const) {
		const value: unknown = rule[name];
		if (value !== undefined && (typeof value !== 'number' || !(value >= 0))) {
			throw new Error(`"${name}" of the fault "${rule.kind}" must be a number, 0 or above`);
		}
	}
	if (rule.kind === 'redirect' && !rule.to) {
		throw new Error('The fault "redirect" needs "to", the address to redirect to');
	}
	return rule;
}

import type { Dialect, DialectOptions } from './types';

export type * from './types';

/** The KuvarPay that the contract describes. */
export const DEFAULT_DIALECT: Dialect = {
	key: {
		forms: ['raw', 'bearer', 'x-api-key'],
		businessId: 'optional',
		refusal: undefined,
		first: false,
	},
	streams: {
		openedBy: ['key', 'token'],
		token: 'create',
		refusal: 401,
		event: { session: 'session_update', transaction: 'transaction_update' },
		greeting: 'none',
		snapshot: false,
		heartbeat: 'comment',
		heartbeatEvent: 'heartbeat',
		payload: 'enveloped',
		ids: true,
	},
	paths: {},
	noRoute: { status: 404, body: 'error' },
	businessHost: 'business',
	requests: { fields: {}, needed: {}, intervals: 'any', unknown: 'named', wording: 'plain' },
	answers: {
		case: 'published',
		id: 'id',
		statuses: 'upper',
		enveloped: true,
		created: 200,
		empty: 'never',
		times: true,
	},
	lists: {
		rows: 'data',
		paging: 'page',
		cursor: 'top',
		cursorName: 'nextCursor',
		link: 'top',
		absolute: true,
		limit: true,
		size: 20,
		cap: 100,
		beyond: 'empty',
		figures: 'top',
		figuresAs: 'pagination',
		order: 'newest',
	},
	errors: { shape: 'error', as200: false },
};

/** Fills a dialect up with the default. A name that no dialect has is an error: it would test nothing. */
export function completed(options: DialectOptions = {}): Dialect {
	const whole: Record<string, unknown> = {};
	for (const name of Object.keys(options)) known(DEFAULT_DIALECT, name, 'A dialect');
	for (const [name, usual] of Object.entries(DEFAULT_DIALECT)) {
		const given = options[name as keyof Dialect];
		if (typeof usual !== 'object' || given === undefined) {
			whole[name] = given ?? usual;
			continue;
		}
		if (name !== 'paths') {
			for (const key of Object.keys(given)) known(usual as object, key, `"${name}" of a dialect`);
		}
		whole[name] = { ...usual, ...(given as object) };
	}
	return whole as unknown as Dialect;
}

function known(names: object, name: string, where: string): void {
	if (name in names) return;
	throw new Error(`${where} has no "${name}". It has: ${Object.keys(names).join(', ')}`);
}

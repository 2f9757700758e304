/** The two servers of KuvarPay: payments, and the one for invoices and payment links. */
export type Host = 'payments' | 'business';

/** `Authorization: <key>`, `Authorization: Bearer <key>`, `x-api-key: <key>`. */
export type KeyForm = 'raw' | 'bearer' | 'x-api-key';

/** How the key is sent, and what becomes of a request without it. */
export interface KeyDialect {
	/** Forms that are taken. Default: all three. */
	forms: KeyForm[];
	/** Whether `x-business-id` must be sent. Default `optional`. */
	businessId: 'optional' | 'required';
	/** Status of the refusal. Default 401; a missing business ID is a 403 unless this says otherwise. */
	refusal: 401 | 403 | undefined;
	/** Look at the key before the path: then a path that does not exist is a 401 to strangers. Default false. */
	first: boolean;
}

/** Who may listen, and what is said to them. */
export interface StreamDialect {
	/** Default: the key, and the session's token. Nobody: `[]`. */
	openedBy: Array<'key' | 'token'>;
	/** Where a session's `authToken` is told. Default `create`. */
	token: 'create' | 'get' | 'both' | 'never';
	/** Status for a key or token that is good, but not for streams. Default 401. */
	refusal: 401 | 403 | 404;
	/** Name of the events; '' for unnamed ones. Default `session_update` and `transaction_update`. */
	event: { session: string; transaction: string };
	/** First of all: nothing (default), an event `connected`, or an unnamed one that says so in JSON. */
	greeting: 'none' | 'event' | 'message';
	/** Send the present state when a stream opens. Default false. */
	snapshot: boolean;
	/** What keeps the stream alive. Default `comment`; `json` is an event with a body. */
	heartbeat: 'comment' | 'event' | 'json' | 'none';
	/** Name of the heartbeat event; '' for an unnamed one. Default `heartbeat`. */
	heartbeatEvent: string;
	/** `{success, data, …}` (default), the object itself, or only the hint that something has changed. */
	payload: 'enveloped' | 'flat' | 'hint';
	/** Whether events are numbered. Default true. */
	ids: boolean;
}

/** How requests are spelled. */
export interface RequestDialect {
	/**
	 * By operation: the one name of a field that is known here, where several were published, for example
	 * `{"subscriptionCheckout.create": {"priceId": "priceUid"}}`. `customer.email` is a field of an object.
	 * Default: none, every published name is taken.
	 */
	fields: Record<string, Record<string, string>>;
	/** By operation: fields, by the contract's name, that are demanded here although the contract does not. */
	needed: Record<string, string[]>;
	/** How a price's interval is written. Default: any. */
	intervals: 'any' | 'month' | 'MONTHLY';
	/** A field under a name that is not known here: named in the refusal, refused without a word, or ignored. */
	unknown: 'named' | 'unnamed' | 'ignored';
	/** How a refusal names the field that is wanted. Default `plain`. */
	wording: Wording;
}

/** `priceUid is required` and the ways in which common validators say so. */
export type Wording = 'plain' | 'joi' | 'zod' | 'zodStrict' | 'classValidator' | 'ajv';

/** How objects are answered. */
export interface AnswerDialect {
	/** Of the subscription family, where both were published. Default: as in the contract. */
	case: 'published' | 'camel' | 'snake';
	/** Name of an object's own id; `named` is `transactionId` and so on. Default `id`. Sessions keep `sessionId`. */
	id: 'id' | 'uid' | 'uuid' | '_id' | 'named';
	/** Default `upper`. */
	statuses: 'upper' | 'lower';
	/** `{success, data}` (default) or the object itself. */
	enveloped: boolean;
	/** Status for what was created. Default 200. */
	created: 200 | 201 | 202;
	/** What is answered with 204 and no body: nothing (default), deletions, or all writes that create nothing. */
	empty: 'never' | 'delete' | 'writes';
	/** Whether objects tell when they were created and changed. Default true. */
	times: boolean;
}

/** How lists are answered. */
export interface ListDialect {
	/** Where the rows are; `plural` is `transactions`, `plans` and so on. Default `data`. */
	rows:
		'data' | 'data.items' | 'data.data' | 'data.plural' | 'items' | 'results' | 'plural' | 'array';
	/** How the next rows are asked for. Default `page`. */
	paging: 'page' | 'cursor' | 'link' | 'offset' | 'all';
	/** Where the cursor for the next rows is told, for `cursor`. Default `top`. */
	cursor: 'top' | 'inside' | 'figures' | 'header';
	/** Name of the cursor in the answer. Default `nextCursor`. */
	cursorName: string;
	/** Where the next link is told, for `link`. Default `top`: the field `next`. */
	link: 'top' | 'links' | 'header';
	/** Whether the next link names the host. An origin: that one, to tempt clients to another host. */
	absolute: boolean | string;
	/** Whether `limit` counts. Default true; else it is `size`. */
	limit: boolean;
	/** Rows a page where nobody asks for a number. Default 20. */
	size: number;
	/** Most rows a page. Default 100. */
	cap: number;
	/** A page beyond the last: empty (default), a 404, or the last one again. */
	beyond: 'empty' | '404' | 'last';
	/** Where the figures are: beside `data`, `inside` it, in headers, nowhere. Default `top`. */
	figures: 'top' | 'inside' | 'headers' | 'none';
	/** What the figures are. Default `pagination`: an object of that name with page, limit, total, totalPages. */
	figuresAs: 'pagination' | 'meta' | 'flat' | 'total' | 'hasMore';
	/** Default `newest` first. `none`: neither. */
	order: 'newest' | 'oldest' | 'none';
}

/** How refusals are worded. */
export interface ErrorDialect {
	/** `error` (default): `{success: false, error: "…"}`. The others are described in README.md. */
	shape: ErrorShape;
	/** Refusals of an operation come as 200 with `success: false`. Those of the key or the path do not. */
	as200: boolean;
}

export type ErrorShape =
	| 'error'
	| 'message'
	| 'messages'
	| 'coded'
	| 'list'
	| 'byField'
	| 'problem'
	| 'detail'
	| 'text'
	| 'html';

/** What a path is answered with that does not exist. */
export interface NoRouteDialect {
	status: 404 | 405;
	/** `error`: as any other refusal. */
	body: 'error' | 'html' | 'text' | 'empty';
}

/** A KuvarPay that could be: one form for each question that no document settles. */
export interface Dialect {
	key: KeyDialect;
	streams: StreamDialect;
	/** By operation: another method and path, `"POST /api/v1/transactions/calculate"`. */
	paths: Record<string, string>;
	noRoute: NoRouteDialect;
	/** Who serves invoices and payment links. Default `business`. */
	businessHost: Host;
	requests: RequestDialect;
	answers: AnswerDialect;
	lists: ListDialect;
	errors: ErrorDialect;
}

/** The parts of a dialect that differ from the default. */
export type DialectOptions = {
	[Part in keyof Dialect]?: Dialect[Part] extends object ? Partial<Dialect[Part]> : Dialect[Part];
};

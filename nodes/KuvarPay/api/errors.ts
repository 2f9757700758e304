/**
 * What the user typed cannot be sent. Raised before any request is made.
 * The message names the parameter as the editor shows it; `toNodeError` adds the item.
 */
export class InputError extends Error {
	constructor(
		message: string,
		/** What to do about it, one or two sentences. */
		readonly hint?: string,
	) {
		super(message);
	}
}

export interface ApiFailure {
	/** In the user's words, without the key. */
	message: string;
	/** What to do next. */
	hint: string;
	/** HTTP status, absent when no answer arrived. */
	status?: number;
	/** Whether the same request may work a moment later. */
	transient: boolean;
	/** How long the server asked to wait, in ms. */
	retryAfter?: number;
	/** The server's own error body, with secrets removed. */
	body?: unknown;
	/** The request never arrived, so nothing was done. */
	unsent?: boolean;
	/** A web page came in the place of data. */
	page?: boolean;
}

/** KuvarPay refused the request, or could not be reached. */
export class ApiError extends Error {
	constructor(readonly failure: ApiFailure) {
		super(failure.message);
	}
}

const HINTS: Record<number, string> = {
	400: 'Check the values of this item against the message above. A field that this node does not know can be set under Options > Body Properties.',
	401: 'Check the API key in the KuvarPay credential. If the key is right, try another Authorization Format there first: raw key, Bearer, or x-api-key.',
	403: 'The key is known but may not do this. Creating invoices and payment links needs a secret key, and sandbox operations need a sandbox key.',
	404: 'Check that the ID exists in the account of this key. If it does, the path of this operation may differ: set Options > Path Override.',
	405: 'The path of this operation may differ on your account. Set Options > Path Override to the right path.',
	409: 'KuvarPay saw this idempotency key with other content, or the object is in a state that does not allow this. Read its current state before trying again.',
	413: 'The request is too large for KuvarPay. Send less data in one item.',
	422: 'Check the values of this item against the message above.',
	429: 'KuvarPay limits how often it may be called. Lower Options > Concurrency, or raise Options > Max Retries.',
};

/**
 * When no answer came, the work may have been done all the same. A new execution has new idempotency
 * keys, so running it again is safe only with a key of the user's own.
 */
export const UNSURE =
	'If this was to create or change something, look whether it was done before you run the workflow again, or set Options > Idempotency Key to a value of your own, such as the order number: then a repeat is safe.';

/** What to do about an HTTP status. */
export function hintFor(status: number): string {
	if (status >= 300 && status < 400)
		return 'Redirects are not followed, so that the key never goes to another server. Correct the base URL in the KuvarPay credential.';
	if (status >= 500) return `KuvarPay has trouble at the moment. Try again later. ${UNSURE}`;
	return HINTS[status] ?? 'Check the values of this item and the KuvarPay credential.';
}

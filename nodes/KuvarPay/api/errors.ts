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

/**
 * When no answer came, the work may have been done all the same. A new execution has new idempotency
 * keys, so running it again is safe only with a key of the user's own.
 */
export const UNSURE =
	'If this was to create or change something, look whether it was done before you run the workflow again, or set Options > Idempotency Key to a value of your own, such as the order number: then a repeat is safe.';

const HINTS: Record<number, string> = {
	400: 'Check the values of this item against the message above. A field that this node does not know can be set under Options > Body Properties.',
	401: 'Check in the KuvarPay credential that the API key was copied whole and is still valid, and enter the Business ID. With Authorization Format set to Automatic every form of the key was tried; if it is set to another, choose Automatic.',
	403: 'The key is known but may not do this. It may take another kind of key, such as a secret key, or a sandbox key for Sandbox. Check also the Business ID in the KuvarPay credential.',
	404: 'Check that the ID exists in the account of this key. If it does, the path of this operation may differ: set Options > Path Override.',
	405: 'The path of this operation may differ on your account. Set Options > Path Override to the right path.',
	409: `It conflicts with what KuvarPay has: an earlier attempt may still be under way, the idempotency key may have been used with other content, or the object may be in a state that does not allow this. Read its current state before trying again. ${UNSURE}`,
	413: 'The request is too large for KuvarPay. Send less data in one item.',
	422: 'Check the values of this item against the message above.',
	429: 'KuvarPay takes no more requests for now, although this node slows down by itself. Perhaps something else uses the same key, or the account has used up what it may ask for. Try again later.',
};

/** What to do about an HTTP status. */
export function hintFor(status: number): string {
	if (status >= 300 && status < 400)
		return 'Redirects are not followed, so that the key never goes to another server. Correct the base URL in the KuvarPay credential.';
	if (status >= 500) return `KuvarPay has trouble at the moment. Try again later. ${UNSURE}`;
	return HINTS[status] ?? 'Check the values of this item and the KuvarPay credential.';
}

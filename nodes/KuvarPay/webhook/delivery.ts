import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';
import { eventOf } from './events';
import type { Refusal } from './refusals';

/** A request to the webhook, as n8n hands it over. */
export interface WebhookRequest {
	/** The body's bytes as they came; undefined when n8n could not keep them. */
	rawBody?: Buffer;
	headers: Record<string, string | string[] | undefined>;
}

/** A delivery that is what it claims to be. */
export interface Delivery {
	event: string;
	/** Unique per delivery; a repeat has the same. Not signed. */
	deliveryId?: string;
	/** Hex HMAC of the body. */
	signature: string;
	body: IDataObject;
	headers: IDataObject;
}

/** Largest body that is taken, in bytes. A transaction has about 2 kB. */
const LARGEST_BODY = 1024 * 1024;

const TOO_LARGE: Refusal = {
	status: 413,
	reason: 'The body is larger than 1 MB',
	hint: 'No event of a payment is so large. Who sends to this address?',
};
const UNSIGNED: Refusal = {
	status: 401,
	reason: 'The signature is missing or wrong',
	hint: 'If it came from KuvarPay, copy the signing secret of this address from the dashboard into Webhook Secret of the credential.',
};
const UNREADABLE: Refusal = {
	status: 400,
	reason: 'The body is not a JSON object',
	hint: 'KuvarPay has signed it all the same: report it.',
};

/** Headers that prove or grant something do not go into the workflow's data. */
const PRIVATE_HEADERS = new Set(['x-kuvarpay-signature', 'authorization', 'cookie']);

/**
 * Checks a request: the signature over the raw body first, before anything in it is looked at
 * (KuvarPay's webhook guide: `X-KuvarPay-Signature: sha256=<hex HMAC-SHA256 of the raw body>`).
 */
export function readDelivery(request: WebhookRequest, secret: string): Delivery | Refusal {
	const { rawBody, headers } = request;
	if (rawBody && rawBody.length > LARGEST_BODY) return TOO_LARGE;
	const signature = createHmac('sha256', secret)
		.update(rawBody ?? '')
		.digest();
	if (!rawBody || !isSignedBy(header(headers, 'x-kuvarpay-signature'), signature)) return UNSIGNED;

	const body = readBody(rawBody);
	if (!body) return UNREADABLE;
	const event = eventOf(body, header(headers, 'x-kuvarpay-event'));
	if (typeof event !== 'string') return event;
	return {
		event,
		deliveryId: header(headers, 'x-kuvarpay-delivery'),
		signature: signature.toString('hex'),
		body,
		headers: Object.fromEntries(
			Object.entries(headers).filter(([name]) => !PRIVATE_HEADERS.has(name.toLowerCase())),
		) as IDataObject,
	};
}

function isSignedBy(given: string | undefined, expected: Buffer): boolean {
	const [, hex] = /^sha256=([0-9a-f]{64})$/i.exec(given?.trim() ?? '') ?? [];
	return hex !== undefined && timingSafeEqual(Buffer.from(hex, 'hex'), expected);
}

function readBody(raw: Buffer): IDataObject | undefined {
	try {
		const body: unknown = JSON.parse(raw.toString('utf8'));
		return typeof body === 'object' && body !== null && !Array.isArray(body)
			? (body as IDataObject)
			: undefined;
	} catch {
		return undefined;
	}
}

/** A header's value, or the first of several; an empty one says nothing. */
function header(headers: WebhookRequest['headers'], name: string): string | undefined {
	const value = headers[name];
	return (Array.isArray(value) ? value[0] : value) || undefined;
}

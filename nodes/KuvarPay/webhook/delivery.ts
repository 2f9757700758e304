import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

/** A request to the webhook, as n8n hands it over. */
export interface WebhookRequest {
	/** The body's bytes as they came; undefined when n8n could not keep them. */
	rawBody?: Buffer;
	headers: Record<string, string | string[] | undefined>;
}

/** A delivery that is what it claims to be. */
export interface Delivery {
	event: string;
	/** Unique per delivery; a retry repeats it. */
	deliveryId?: string;
	/** Hex HMAC of the body. */
	signature: string;
	body: IDataObject;
	headers: IDataObject;
}

/** Why a request is not a delivery, and what to answer. */
export interface Refusal {
	status: number;
	reason: string;
}

/** Largest body that is taken, in bytes. A transaction has about 2 kB. */
const LARGEST_BODY = 1024 * 1024;

/** Headers that prove or grant something do not go into the workflow's data. */
const PRIVATE_HEADERS = new Set(['x-kuvarpay-signature', 'authorization', 'cookie']);

/**
 * Checks a request: the signature over the raw body first, before anything in it is looked at
 * (KuvarPay's webhook guide: `X-KuvarPay-Signature: sha256=<hex HMAC-SHA256 of the raw body>`).
 */
export function readDelivery(request: WebhookRequest, secret: string): Delivery | Refusal {
	const { rawBody, headers } = request;
	if (rawBody && rawBody.length > LARGEST_BODY)
		return { status: 413, reason: 'The body is larger than 1 MB' };
	const signature = createHmac('sha256', secret)
		.update(rawBody ?? '')
		.digest();
	if (!rawBody || !isSignedBy(header(headers, 'x-kuvarpay-signature'), signature))
		return { status: 401, reason: 'The signature is missing or wrong' };

	const body = readBody(rawBody);
	if (!body) return { status: 400, reason: 'The body is not a JSON object' };
	const event = [header(headers, 'x-kuvarpay-event'), body.event, body.type, body.eventType].find(
		(name): name is string => typeof name === 'string' && name !== '',
	);
	if (event === undefined) return { status: 400, reason: 'The event has no name' };
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

function header(headers: WebhookRequest['headers'], name: string): string | undefined {
	const value = headers[name];
	return Array.isArray(value) ? value[0] : value;
}

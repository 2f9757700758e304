import { createHmac, randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

import type { Timers } from './clock';
import type { CheckoutSession, Json, Transaction } from './state';
import type { SimulatorOptions, WebhookDelivery } from './types';

const SESSION_EVENTS: Readonly<Record<string, string>> = {
	PROCESSING: 'checkout_session.payment_received',
	PARTIAL_PAYMENT: 'checkout_session.payment_received',
	EXCESS_PAYMENT: 'checkout_session.payment_received',
	COMPLETED: 'checkout_session.completed',
	FAILED: 'checkout_session.failed',
	EXPIRED: 'checkout_session.expired',
};

/** KuvarPay gives the receiver that long. */
const ANSWER_WITHIN_MS = 30_000;

/** What a delivery by hand can override. */
export interface DeliveryOptions {
	/** Default: the address of the `webhooks` option. */
	url?: string;
	deliveryId?: string;
	/** A signature to send as it is, for example a wrong one; `null` for none. */
	signature?: string | null;
	/** Sign with this secret. */
	secret?: string;
	/** Send these bytes and not the JSON of the body. */
	rawBody?: string;
	headers?: Record<string, string>;
}

/** What webhooks need of the simulator. */
export interface WebhookSurroundings {
	readonly options: SimulatorOptions;
	readonly timers: Timers;
	readonly webhookSecret: string;
	/** To be called after anything that somebody may be waiting for. */
	changed(): void;
}

/** Signs and posts webhooks, and repeats those that were not taken. */
export class Webhooks {
	readonly deliveries: WebhookDelivery[] = [];
	// Keeps connections and does not open a thousand at once.
	private readonly agents = {
		'http:': new http.Agent({ keepAlive: true, maxSockets: 50 }),
		'https:': new https.Agent({ keepAlive: true, maxSockets: 50 }),
	};
	private readonly underWay = new Set<http.ClientRequest>();
	private closed = false;

	constructor(private readonly around: WebhookSurroundings) {}

	/** Tells the receiver that a session has another status. */
	sessionChanged(session: CheckoutSession): void {
		const event = SESSION_EVENTS[session.status];
		if (event && this.around.options.webhooks) {
			this.deliver(event, bodyOf(event, session));
		}
	}

	/** Tells the receiver that a payment is complete. */
	transactionChanged(transaction: Transaction): void {
		if (transaction.status === 'COMPLETED' && this.around.options.webhooks) {
			this.deliver('payment.completed', bodyOf('payment.completed', transaction));
		}
	}

	/** Posts once, without repeats, and gives the status that came back (0: nobody answered). */
	async send(event: string, body: Json, options: DeliveryOptions = {}): Promise<number> {
		const url = options.url ?? this.around.options.webhooks?.url;
		if (!url) throw new Error('No address to post webhooks to: set the option webhooks.url');
		const raw = options.rawBody ?? JSON.stringify(body);
		const delivery = this.record(event, url, raw, options);
		return await this.attempt(delivery, raw, options);
	}

	/** Ends what is under way and sends nothing more. */
	close(): void {
		this.closed = true;
		for (const request of this.underWay) request.destroy();
		for (const agent of Object.values(this.agents)) agent.destroy();
	}

	private deliver(event: string, body: Json): void {
		const { url, maxRetries = 3, backoffMs = 200 } = this.around.options.webhooks!;
		const raw = JSON.stringify(body);
		const delivery = this.record(event, url, raw, {});
		const attempt = async (retriesLeft: number, wait: number): Promise<void> => {
			await this.attempt(delivery, raw, {});
			if (delivery.delivered || retriesLeft === 0 || this.closed) return;
			this.around.timers.later(wait, () => void attempt(retriesLeft - 1, wait * 2));
		};
		void attempt(maxRetries, backoffMs);
	}

	private record(
		event: string,
		url: string,
		raw: string,
		options: DeliveryOptions,
	): WebhookDelivery {
		const secret =
			options.secret ?? this.around.options.webhooks?.secret ?? this.around.webhookSecret;
		const delivery: WebhookDelivery = {
			id: options.deliveryId ?? randomUUID(),
			event,
			url,
			rawBody: raw,
			signature: options.signature ?? signature(secret, raw),
			attempts: [],
			delivered: false,
		};
		this.deliveries.push(delivery);
		return delivery;
	}

	private async attempt(
		delivery: WebhookDelivery,
		raw: string,
		options: DeliveryOptions,
	): Promise<number> {
		const headers: Record<string, string> = {
			'content-type': 'application/json',
			'user-agent': 'KuvarPay-Simulator',
			'x-kuvarpay-event': delivery.event,
			'x-kuvarpay-delivery': delivery.id,
			...(options.signature === null ? {} : { 'x-kuvarpay-signature': delivery.signature }),
			...options.headers,
		};
		const status = this.closed ? 0 : await this.post(delivery.url, raw, headers);
		delivery.attempts.push(status);
		delivery.delivered = status >= 200 && status < 300;
		this.around.changed();
		return status;
	}

	private async post(url: string, raw: string, headers: Record<string, string>): Promise<number> {
		return await new Promise((resolve) => {
			const { protocol } = new URL(url);
			const client = protocol === 'https:' ? https : http;
			const agent = this.agents[protocol as keyof typeof this.agents];
			const request = client.request(url, {
				method: 'POST',
				headers,
				agent,
				timeout: ANSWER_WITHIN_MS,
			});
			const finish = (status: number) => {
				this.underWay.delete(request);
				resolve(status);
			};
			this.underWay.add(request);
			request.on('response', (response) => {
				response.resume();
				response.on('close', () => finish(response.statusCode ?? 0));
			});
			request.on('timeout', () => request.destroy());
			request.on('error', () => finish(0));
			request.end(raw);
		});
	}
}

/** `sha256=` and the hexadecimal HMAC of the raw body, as in `X-KuvarPay-Signature`. */
export function signature(secret: string, rawBody: string): string {
	return `sha256=${createHmac('sha256', secret).update(rawBody).digest('hex')}`;
}

function bodyOf(event: string, data: Json): Json {
	return { event, timestamp: new Date().toISOString(), data };
}

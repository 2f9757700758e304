import { nextMoment } from './clock';
import { loadContract } from './contract';
import { Core } from './core';
import type { FaultRule } from './faults';
import { Listener } from './server';
import {
	seedCheckout,
	seedInvoice,
	seedSamples,
	seedSubscription,
	seedSubscriptionInvoice,
} from './seed';
import type {
	CheckoutSession,
	Customer,
	Invoice,
	Json,
	Plan,
	Price,
	State,
	Subscription,
	SubscriptionCheckout,
	SubscriptionInvoice,
	Transaction,
} from './state';
import type { CutOptions, LoggedEvent } from './streams';
import { createCustomer, createPlan, createPrice, settle, update } from './subscriptions';
import {
	createSession,
	createTransaction,
	setSessionStatus,
	setTransactionStatus,
} from './transitions';
import type {
	PerformedWrite,
	RecordedRequest,
	SeenKey,
	SimulatorOptions,
	StreamKind,
	WebhookDelivery,
} from './types';
import type { DeliveryOptions } from './webhooks';

export { DEFAULT_DIALECT } from './dialect';
export type { Dialect, DialectOptions, KeyForm } from './dialect';
export type { FaultMatch, FaultRule } from './faults';
export type { LimitOptions } from './limits';
export type * from './state';
export type * from './types';
export type { CutOptions, LoggedEvent } from './streams';
export { signature } from './webhooks';

/** The values to type into the n8n credential "KuvarPay API". */
export interface SimulatorCredential {
	apiKey: string;
	baseUrl: string;
	businessBaseUrl: string;
	authorizationFormat: 'raw';
	webhookSecret: string;
	businessId: string;
}

/** A KuvarPay server on this machine. */
export class Simulator {
	private stopped = false;

	private constructor(
		private readonly core: Core,
		private readonly listeners: Listener[],
	) {}

	/** Starts one. */
	static async start(options: SimulatorOptions = {}): Promise<Simulator> {
		const contract = await loadContract(options.contractFile);
		const core = new Core(options, contract);
		const listeners = [
			new Listener(core, 'payments', options.port ?? 0),
			new Listener(core, 'business', options.businessPort ?? 0),
		];
		const simulator = new Simulator(core, listeners);
		try {
			await simulator.listen();
		} catch (error) {
			await simulator.close();
			throw error;
		}
		return simulator;
	}

	/** Address of the payments host. */
	get baseUrl(): string {
		return this.core.baseUrl;
	}

	/** Address of the host for invoices and payment links. */
	get businessBaseUrl(): string {
		return this.core.businessBaseUrl;
	}

	get apiKey(): string {
		return this.core.apiKey;
	}

	get businessId(): string {
		return this.core.businessId;
	}

	get webhookSecret(): string {
		return this.core.options.webhooks?.secret ?? this.core.webhookSecret;
	}

	/** Ready to be used as the data of the n8n credential. */
	get credential(): SimulatorCredential {
		const { apiKey, baseUrl, businessBaseUrl, webhookSecret } = this;
		const businessId = this.core.wantsBusinessId ? this.businessId : '';
		return {
			apiKey,
			baseUrl,
			businessBaseUrl,
			authorizationFormat: 'raw',
			webhookSecret,
			businessId,
		};
	}

	/** Everything that exists. */
	get state(): State {
		return this.core.state;
	}

	/** Everything that came in, in order. */
	get requests(): RecordedRequest[] {
		return this.core.requests;
	}

	/** Requests and own answers that the contract does not allow, each in a sentence. */
	get contractViolations(): string[] {
		return this.core.contractViolations;
	}

	/** Writes whose work was done, in order. A repeat that got the first answer again is not among them. */
	get writes(): PerformedWrite[] {
		return this.core.writes;
	}

	/** Every key and token that came in, once for each host. */
	get seenKeys(): SeenKey[] {
		return this.core.seenKeys;
	}

	/** Webhooks that were sent. */
	get deliveries(): WebhookDelivery[] {
		return this.core.webhooks.deliveries;
	}

	/** Connections open now, on both hosts. */
	get openSockets(): number {
		return this.listeners.reduce((sum, { sockets }) => sum + sockets.size, 0);
	}

	/** What goes wrong. */
	readonly faults = {
		add: (...rules: FaultRule[]): void => rules.forEach((rule) => this.core.faults.add(rule)),
		clear: (): void => this.core.faults.clear(),
		list: (): FaultRule[] => this.core.faults.list(),
	};

	/** Event streams. */
	get streams(): SimulatorStreams {
		const { streams } = this.core;
		return {
			open: streams.open,
			opened: streams.opened,
			cutAll: (options) => streams.cutAll(options),
			raw: (id, text) => streams.raw(id, text),
			log: (kind, id) => streams.log(kind, id),
		};
	}

	/** Things to begin with, for tests and demos. */
	readonly create = {
		customer: (fields: Json & { email: string }): Customer => createCustomer(this.core, fields),
		plan: (fields?: Json): Plan => createPlan(this.core, fields),
		price: (fields?: Json): Price => createPrice(this.core, fields),
		/** ACTIVE or TRIALING, of a new customer and price, unless the fields say otherwise. */
		subscription: (fields?: Json): Subscription => seedSubscription(this.core, fields),
		/** The page where a subscriber of a new subscription approves the charges. */
		subscriptionCheckout: (): SubscriptionCheckout => seedCheckout(this.core),
		subscriptionInvoice: (subscriptionId: string, fields?: Json): SubscriptionInvoice =>
			seedSubscriptionInvoice(this.core, subscriptionId, fields),
		invoice: (fields?: Json): Invoice => seedInvoice(this.core, fields),
	};

	createSession(fields: Json = {}): CheckoutSession {
		return createSession(this.core, fields);
	}

	createTransaction(fields: Json = {}): Transaction {
		return createTransaction(this.core, fields);
	}

	/** Creates that many checkout sessions. */
	seed(count: number): CheckoutSession[] {
		return Array.from({ length: count }, (_, index) =>
			this.createSession({ amount: 1000 + index, description: `Order ${index + 1}` }),
		);
	}

	/** A little of everything: payments in all states, plans, subscriptions, an invoice. */
	seedSamples(): void {
		seedSamples(this.core);
	}

	/** The token that opens this session's stream, and nothing else. */
	authTokenOf(sessionId: string): string | undefined {
		return this.core.state.authTokens.get(sessionId);
	}

	/** Moves a session; streams and webhooks tell of it. */
	setSessionStatus(sessionId: string, status: string): CheckoutSession {
		return setSessionStatus(this.core, sessionId, status);
	}

	/** Moves a transaction and its session; streams and webhooks tell of it. */
	setTransactionStatus(id: string, status: string): Transaction {
		return setTransactionStatus(this.core, id, status);
	}

	/** Moves a subscription. */
	setSubscriptionStatus(id: string, status: string): Subscription {
		const subscription = this.core.state.subscriptions.get(id);
		if (!subscription) throw new Error(`There is no subscription ${id}`);
		update(subscription, { status }, ['status']);
		this.core.changed();
		return subscription;
	}

	/** Ends the charge of a subscription's invoice; a failure leaves the subscription PAST_DUE. */
	settleInvoice(invoiceId: string, outcome: 'SUCCEEDED' | 'FAILED'): SubscriptionInvoice {
		const invoice = this.core.state.subscriptionInvoices.get(invoiceId);
		if (!invoice) throw new Error(`There is no subscription invoice ${invoiceId}`);
		settle(this.core, invoice, outcome);
		return invoice;
	}

	/** Posts a webhook once and gives the status that came back; 0 when nobody answered. */
	async sendWebhook(event: string, body?: Json, options?: DeliveryOptions): Promise<number> {
		const sent = body ?? { event, timestamp: nextMoment(), data: {} };
		return await this.core.webhooks.send(event, sent, options);
	}

	/** Resolves once the predicate is true: looked at after every change, never by polling. */
	async waitFor(predicate: (simulator: this) => boolean, timeoutMs = 10_000): Promise<void> {
		await this.core.until(() => predicate(this), timeoutMs);
	}

	/** Goes down: stops listening and cuts every connection. The state stays. */
	async stop(): Promise<void> {
		if (this.stopped) return;
		this.stopped = true;
		await Promise.all(this.listeners.map(async (listener) => await listener.stop()));
		this.core.changed();
	}

	/** Comes back on the same ports. */
	async listen(): Promise<void> {
		// Both have to be done, one way or the other, before anybody may close them.
		const tries = this.listeners.map(async (listener) => await listener.listen());
		const failed = (await Promise.allSettled(tries)).find(({ status }) => status === 'rejected');
		if (failed) throw (failed as PromiseRejectedResult).reason;
		[this.core.baseUrl, this.core.businessBaseUrl] = this.listeners.map(({ url }) => url);
		this.stopped = false;
		this.core.changed();
	}

	/** Goes down and comes back, after that many milliseconds. */
	async restart(downMs = 0): Promise<void> {
		await this.stop();
		if (downMs > 0) await this.core.timers.sleep(downMs);
		await this.listen();
	}

	/** Ends it. Nothing of it keeps the process alive after that. */
	async close(): Promise<void> {
		this.core.shutDown();
		this.stopped = true;
		await Promise.all(this.listeners.map(async (listener) => await listener.close()));
	}
}

/** What can be seen of the event streams, and done to them. */
export interface SimulatorStreams {
	/** Open now. */
	readonly open: number;
	/** Opened since the start. */
	readonly opened: number;
	/** Cuts open streams: all, a share of them, or those of one id. */
	cutAll(options?: CutOptions): void;
	/** Sends text as it is to the streams of a session or transaction. */
	raw(id: string, text: string): void;
	/** What was sent about a session or transaction so far. */
	log(kind: StreamKind, id: string): readonly LoggedEvent[];
}

/** Starts a KuvarPay server on this machine, with two listeners on 127.0.0.1. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	return await Simulator.start(options);
}

/** JSON objects whose shape nobody has fixed. */
export type Json = Record<string, unknown>;

/** Statuses that never change again. */
export const FINAL_STATUSES: ReadonlySet<string> = new Set([
	'COMPLETED',
	'EXPIRED',
	'CANCELLED',
	'FAILED',
	'REFUNDED',
]);

/** Statuses that a transaction can be forced to. */
export const TRANSACTION_STATUSES: readonly string[] = [
	'PENDING',
	'PROCESSING',
	'COMPLETED',
	'FAILED',
	'CANCELLED',
	'EXPIRED',
	'PARTIAL_PAYMENT',
	'EXCESS_PAYMENT',
	'COMPLIANCE_HOLD',
	'REFUNDED',
];

/** A payment in crypto that is paid out in local money. */
export interface Transaction extends Json {
	id: string;
	reference: string;
	status: string;
	payoutStatus: string;
	createdAt: string;
	updatedAt: string;
	checkoutSessionId?: string;
}

/** What the buyer is asked to pay. Its transactions are the same objects as in `state.transactions`. */
export interface CheckoutSession extends Json {
	sessionId: string;
	amount: number;
	currency: string;
	status: string;
	createdAt: string;
	updatedAt: string;
	transactions: Transaction[];
}

/** An invoice of the business host. */
export interface Invoice extends Json {
	id: string;
	invoiceNumber: string;
	customerEmail: string;
	status: string;
	createdAt: string;
	updatedAt: string;
}

/** A page with an address where anybody can pay. */
export interface PaymentLink extends Json {
	id: string;
	slug: string;
	createdAt: string;
	updatedAt: string;
}

/** What is sold by subscription. */
export interface Plan extends Json {
	id: string;
	name: string;
	active: boolean;
	/** The same objects as in `state.prices`. */
	prices: Price[];
	createdAt: string;
	updatedAt: string;
}

/** What a plan costs, and how often. */
export interface Price extends Json {
	id: string;
	planId: string;
	amount: string;
	currency: string;
	interval: string;
	intervalCount: number;
	trialPeriodDays: number;
	active: boolean;
	createdAt: string;
	updatedAt: string;
}

/** Somebody who subscribes. */
export interface Customer extends Json {
	id: string;
	email: string;
}

/** A standing agreement between a customer and a price. */
export interface Subscription extends Json {
	id: string;
	customerId: string;
	priceId: string | null;
	status: string;
	billingMode: string;
	currentPeriodStart: string;
	currentPeriodEnd: string;
	trialEnd: string | null;
	cancelAtPeriodEnd: boolean;
	createdAt: string;
	updatedAt: string;
}

/** The page where a subscriber approves the charges. */
export interface SubscriptionCheckout extends Json {
	id: string;
	status: string;
	approval_url: string;
	expires_at: string;
}

/** What belongs to a subscription checkout but is not part of its own JSON. */
export interface SubscriptionCheckoutLinks {
	subscriptionId: string;
	customerId: string;
	purpose: 'start' | 'renew' | 'upgrade' | 'authorize';
	newPriceId?: string;
}

/** A bill of a subscription. */
export interface SubscriptionInvoice extends Json {
	id: string;
	subscription_id: string;
	amount: string;
	currency: string;
	status: string;
	attempt_count: number;
	/** The same objects as in `state.chargeAttempts`. */
	charge_attempts: ChargeAttempt[];
	created_at: string;
	updated_at: string;
}

/** One try to collect an invoice. */
export interface ChargeAttempt extends Json {
	id: string;
	invoiceId: string;
	status: string;
}

/** The subscriber's permission to be charged, as signed in the wallet. */
export interface Authorization extends Json {
	subscriptionId: string;
	authId: string;
	status: string;
	createdAt: string;
	updatedAt: string;
}

/** Everything that the simulated KuvarPay knows. Maps keep the order of creation. */
export class State {
	readonly sessions = new Map<string, CheckoutSession>();
	readonly transactions = new Map<string, Transaction>();
	readonly invoices = new Map<string, Invoice>();
	readonly invoiceEmails: Json[] = [];
	readonly paymentLinks = new Map<string, PaymentLink>();
	/** Slugs of payment links that are taken. */
	readonly slugs = new Set<string>();
	readonly plans = new Map<string, Plan>();
	readonly prices = new Map<string, Price>();
	readonly customers = new Map<string, Customer>();
	/** By email address: the customer's id. */
	readonly customerIds = new Map<string, string>();
	readonly subscriptions = new Map<string, Subscription>();
	readonly subscriptionCheckouts = new Map<string, SubscriptionCheckout>();
	/** By checkout id: what the checkout is about. */
	readonly checkoutLinks = new Map<string, SubscriptionCheckoutLinks>();
	readonly subscriptionInvoices = new Map<string, SubscriptionInvoice>();
	/** By subscription id: its invoices, oldest first. */
	readonly invoicesOf = new Map<string, SubscriptionInvoice[]>();
	readonly chargeAttempts = new Map<string, ChargeAttempt>();
	/** By subscription id: a subscription has one authorization at a time. */
	readonly authorizations = new Map<string, Authorization>();
	/** By session id: the token that opens this one session's stream. */
	readonly authTokens = new Map<string, string>();
	/** By session id: those whose page a customer has opened. */
	readonly attended = new Set<string>();
	/** By "METHOD path key": the answer that a repeat gets. */
	readonly idempotency = new Map<string, IdempotencyEntry>();
}

/** The first request under an idempotency key, finished or still under way. */
export interface IdempotencyEntry {
	bodyText: string;
	/** Undefined when the first one failed and the repeat has to do the work. */
	answer: Promise<StoredAnswer | undefined>;
}

/** A response as it was first given. */
export interface StoredAnswer {
	status: number;
	payload: string;
	headers: Record<string, string>;
}

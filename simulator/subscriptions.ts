import { nextMoment } from './clock';
import type { Core } from './core';
import { hex, newId } from './random';
import type {
	ChargeAttempt,
	Customer,
	Json,
	Plan,
	Price,
	Subscription,
	SubscriptionCheckout,
	SubscriptionCheckoutLinks,
	SubscriptionInvoice,
} from './state';

const DAY = 24 * 60 * 60_000;
const PERIOD_DAYS: Readonly<Record<string, number>> = { d: 1, w: 7, m: 30, y: 365 };

/** Changes the fields that are named and were sent, and the time of the last change. */
export function update<T extends { updatedAt: string }>(
	entry: T,
	sent: Json,
	names: readonly (keyof T & string)[],
): T {
	for (const name of names) {
		if (sent[name] !== undefined) entry[name] = sent[name] as T[typeof name];
	}
	entry.updatedAt = nextMoment(entry.updatedAt);
	return entry;
}

/** Creates a plan without prices. */
export function createPlan(core: Core, fields: Json = {}): Plan {
	const now = nextMoment();
	const plan: Plan = {
		id: newId('plan'),
		name: 'Plan',
		description: null,
		active: true,
		metadata: {},
		...fields,
		prices: [],
		createdAt: now,
		updatedAt: now,
	};
	core.state.plans.set(plan.id, plan);
	return plan;
}

/** Creates a price of the plan `planId`; of a new plan when there is none. */
export function createPrice(core: Core, fields: Json = {}): Price {
	const now = nextMoment();
	const plan = core.state.plans.get(String(fields.planId)) ?? createPlan(core);
	const price: Price = {
		id: newId('price'),
		amount: '2999',
		currency: 'NGN',
		interval: 'month',
		intervalCount: 1,
		trialPeriodDays: 0,
		active: true,
		metadata: {},
		...fields,
		planId: plan.id,
		createdAt: now,
		updatedAt: now,
	};
	core.state.prices.set(price.id, price);
	plan.prices.push(price);
	return price;
}

/** The customer with that email address; a new one when there is none. */
export function createCustomer(core: Core, fields: Json & { email: string }): Customer {
	const { customers, customerIds } = core.state;
	const known = customers.get(customerIds.get(fields.email) ?? '');
	if (known) return Object.assign(known, fields);
	const customer: Customer = { id: newId('cust'), ...fields, createdAt: nextMoment() };
	customers.set(customer.id, customer);
	customerIds.set(customer.email, customer.id);
	return customer;
}

/** Creates a subscription, INCOMPLETE unless told otherwise. */
export function createSubscription(core: Core, fields: Json = {}): Subscription {
	const now = nextMoment();
	const subscription: Subscription = {
		id: newId('sub'),
		customerId: String(fields.customerId ?? createCustomer(core, { email: 'ada@example.com' }).id),
		priceId: null,
		status: 'INCOMPLETE',
		billingMode: 'FIXED',
		currentPeriodStart: now,
		currentPeriodEnd: now,
		trialEnd: null,
		cancelAtPeriodEnd: false,
		metadata: {},
		...fields,
		createdAt: now,
		updatedAt: now,
	};
	core.state.subscriptions.set(subscription.id, subscription);
	core.state.invoicesOf.set(subscription.id, []);
	return subscription;
}

/** Starts a period: a trial if the price has one or `trialEnd` says so, else a paid one with its invoice. */
export function startPeriod(core: Core, subscription: Subscription, trialEnd?: string): void {
	const price = core.state.prices.get(subscription.priceId ?? '');
	const now = nextMoment(subscription.updatedAt);
	const start = Date.parse(now);
	const days = Number(price?.trialPeriodDays ?? 0);
	const firstTime = subscription.status === 'INCOMPLETE';
	const end = trialEnd ?? (firstTime && days > 0 ? iso(start + days * DAY) : undefined);
	const trial = end !== undefined && Date.parse(end) > start;
	subscription.status = trial ? 'TRIALING' : 'ACTIVE';
	subscription.trialEnd = trial ? end : subscription.trialEnd;
	subscription.currentPeriodStart = now;
	subscription.currentPeriodEnd = trial ? end : iso(start + periodMs(price));
	subscription.cancelAtPeriodEnd = false;
	subscription.updatedAt = now;
	if (!trial && price) {
		const invoice = createInvoice(core, subscription, { amount: price.amount });
		invoice.description = 'Subscription period';
		attemptCharge(core, invoice);
		if (core.state.authorizations.has(subscription.id)) settle(core, invoice, 'SUCCEEDED');
	}
	core.changed();
}

/** Opens the page where the subscriber approves something. */
export function openCheckout(
	core: Core,
	links: SubscriptionCheckoutLinks,
	fields: Json = {},
): SubscriptionCheckout {
	const id = newId('session');
	const checkout: SubscriptionCheckout = {
		...fields,
		id,
		status: 'pending',
		approval_url: `${core.baseUrl}/approve/${id}`,
		expires_at: iso(Date.now() + core.expiresInMs),
	};
	core.state.subscriptionCheckouts.set(id, checkout);
	core.state.checkoutLinks.set(id, links);
	return checkout;
}

/** Adds an invoice to a subscription, as a draft. */
export function createInvoice(
	core: Core,
	subscription: Subscription,
	fields: Json = {},
): SubscriptionInvoice {
	const now = nextMoment();
	const { state } = core;
	const target = subscription.targetPrice as { targetCurrency?: string } | undefined;
	const price = state.prices.get(subscription.priceId ?? '');
	const invoice: SubscriptionInvoice = {
		id: newId('sinv'),
		subscription_id: subscription.id,
		invoice_id: newId('inv'),
		amount: '0',
		currency: price?.currency ?? target?.targetCurrency ?? 'USDT',
		token_address: (state.authorizations.get(subscription.id)?.tokenAddress as string) ?? null,
		billing_mode: subscription.billingMode,
		usage_quantity: null,
		usage_description: null,
		status: 'DRAFT',
		description: null,
		due_date: null,
		paid_at: null,
		voided_at: null,
		attempt_count: 0,
		next_payment_attempt: null,
		processing: false,
		metadata: {},
		...fields,
		created_at: now,
		updated_at: now,
		charge_attempts: [],
	};
	state.subscriptionInvoices.set(invoice.id, invoice);
	state.invoicesOf.get(subscription.id)?.push(invoice);
	return invoice;
}

/** Starts an attempt to collect an invoice. It stays under way until it is settled. */
export function attemptCharge(core: Core, invoice: SubscriptionInvoice): ChargeAttempt {
	const now = nextMoment(invoice.updated_at);
	const attempt: ChargeAttempt = {
		id: newId('attempt'),
		invoiceId: invoice.id,
		amount: invoice.amount,
		currency: invoice.currency,
		status: 'PENDING',
		transactionHash: null,
		failureReason: null,
		createdAt: now,
		updatedAt: now,
	};
	invoice.charge_attempts.push(attempt);
	invoice.attempt_count = invoice.charge_attempts.length;
	invoice.status = 'OPEN';
	invoice.processing = true;
	invoice.updated_at = now;
	core.state.chargeAttempts.set(attempt.id, attempt);
	return attempt;
}

/** Ends the attempt that is under way (a new one if there is none). A failure leaves the subscription PAST_DUE. */
export function settle(
	core: Core,
	invoice: SubscriptionInvoice,
	outcome: 'SUCCEEDED' | 'FAILED',
): ChargeAttempt {
	const last = invoice.charge_attempts.at(-1);
	const attempt = last?.status === 'PENDING' ? last : attemptCharge(core, invoice);
	const succeeded = outcome === 'SUCCEEDED';
	const now = nextMoment(invoice.updated_at);
	attempt.status = outcome;
	attempt.transactionHash = succeeded ? `0x${hex(64)}` : null;
	attempt.failureReason = succeeded ? null : 'Insufficient balance';
	attempt.updatedAt = now;
	invoice.processing = false;
	invoice.status = succeeded ? 'PAID' : 'OPEN';
	invoice.paid_at = succeeded ? now : null;
	invoice.next_payment_attempt = succeeded ? null : iso(Date.now() + DAY);
	invoice.updated_at = now;
	const subscription = core.state.subscriptions.get(invoice.subscription_id);
	if (subscription && ['ACTIVE', 'PAST_DUE'].includes(subscription.status)) {
		subscription.status = succeeded ? 'ACTIVE' : 'PAST_DUE';
		subscription.updatedAt = nextMoment(subscription.updatedAt);
	}
	core.changed();
	return attempt;
}

/** ISO text of a moment in milliseconds. */
export function iso(ms: number): string {
	return new Date(ms).toISOString();
}

/** How long a period of this price lasts. `month` and `MONTHLY` mean the same. */
export function periodMs(price: Price | undefined): number {
	const days = PERIOD_DAYS[(price?.interval ?? 'month')[0].toLowerCase()] ?? 30;
	return days * (price?.intervalCount ?? 1) * DAY;
}

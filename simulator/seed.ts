import type { Core } from './core';
import { handlers } from './operations';
import type {
	Invoice,
	Json,
	Subscription,
	SubscriptionCheckout,
	SubscriptionInvoice,
} from './state';
import {
	createCustomer,
	createInvoice,
	createPlan,
	createPrice,
	createSubscription,
	openCheckout,
	settle,
	startPeriod,
} from './subscriptions';
import { createSession, createTransaction, setTransactionStatus } from './transitions';

const ADA = { customerName: 'Ada Obi', customerEmail: 'ada@example.com' };

/** A subscription that runs, of a new customer and price unless the fields name some. */
export function seedSubscription(core: Core, fields: Json = {}): Subscription {
	const metered = fields.billingMode === 'METERED';
	const priceId = fields.priceId ?? (metered ? null : createPrice(core).id);
	const { status, ...known } = fields;
	const subscription = createSubscription(core, { ...known, priceId });
	startPeriod(core, subscription);
	if (typeof status === 'string') subscription.status = status;
	return subscription;
}

/** A page where the subscriber of a new subscription approves the charges. */
export function seedCheckout(core: Core): SubscriptionCheckout {
	const { id: customerId } = createCustomer(core, { email: ADA.customerEmail });
	const { id } = createSubscription(core, { customerId, priceId: createPrice(core).id });
	return openCheckout(core, { subscriptionId: id, customerId, purpose: 'start' });
}

/** A draft invoice of a subscription. */
export function seedSubscriptionInvoice(
	core: Core,
	subscriptionId: string,
	fields: Json = {},
): SubscriptionInvoice {
	const subscription = core.state.subscriptions.get(subscriptionId);
	if (!subscription) throw new Error(`There is no subscription ${subscriptionId}`);
	return createInvoice(core, subscription, { amount: '100.00', ...fields });
}

/** An invoice of the business host. */
export function seedInvoice(core: Core, fields: Json = {}): Invoice {
	const items = [{ description: 'Website design', quantity: 1, unitPrice: 100_000 }];
	const body = { ...ADA, items, ...fields };
	handlers['invoice.create']({ params: {}, query: {}, headers: {}, body }, core);
	return [...core.state.invoices.values()].at(-1)!;
}

/** A little of everything, so that lists and pickers have something to show. */
export function seedSamples(core: Core): void {
	const fields = { fromCurrency: 'USDT', fromNetwork: 'TRON', toCurrency: 'NGN', ...ADA };
	for (const status of ['COMPLETED', 'PROCESSING', 'PENDING', 'FAILED', 'PARTIAL_PAYMENT']) {
		const session = createSession(core, { amount: 500_000, ...ADA, description: status });
		const { id } = createTransaction(core, {
			...fields,
			toAmount: 500_000,
			checkoutSessionId: session.sessionId,
		});
		if (status !== 'PENDING') setTransactionStatus(core, id, status);
	}
	for (const [name, amount] of [
		['Basic', '2999'],
		['Pro', '9999'],
	]) {
		const plan = createPlan(core, { name, description: `The ${name} plan` });
		const price = createPrice(core, { planId: plan.id, amount });
		const customer = createCustomer(core, { email: `${name.toLowerCase()}@example.com` });
		const subscription = seedSubscription(core, { priceId: price.id, customerId: customer.id });
		for (const invoice of core.state.invoicesOf.get(subscription.id) ?? []) {
			settle(core, invoice, 'SUCCEEDED');
		}
	}
	seedSubscription(core, {
		billingMode: 'METERED',
		targetPrice: { targetCurrency: 'USDT', targetAmount: '50' },
	});
	seedInvoice(core);
}

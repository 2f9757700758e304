/** For each field its names, the contract's first. A dot leads into an object. */
export type Spellings = Readonly<Record<string, readonly string[]>>;

const price = ['priceId', 'priceUid', 'price_id', 'price_uid'];
const dueDate = ['due_date', 'dueDate'];
const atPeriodEnd = ['cancel_at_period_end', 'cancelAtPeriodEnd'];
const newPrice = ['priceId', 'newPriceId', 'price_id', 'new_price_id', 'priceUid', 'newPriceUid'];

/**
 * By operation: the fields of which several names were published or are likely, because generations of the
 * documentation and public clients differ. Which of them is right nobody knows; all are taken unless a
 * dialect knows only one.
 */
export const SPELLINGS: Readonly<Record<string, Spellings>> = {
	'checkoutSession.create': {
		amount: ['amount', 'toAmount'],
		currency: ['currency', 'toCurrency'],
		customerName: ['customerName', 'customer.name'],
		customerEmail: ['customerEmail', 'customer.email'],
	},
	'transaction.create': {
		checkoutSessionId: ['checkoutSessionId', 'sessionId'],
		customerName: ['customerName', 'customer.name'],
		customerEmail: ['customerEmail', 'customer.email'],
	},
	'invoice.sendEmail': { recipientEmail: ['recipientEmail', 'email'] },
	'price.create': {
		intervalCount: ['intervalCount', 'interval_count'],
		trialPeriodDays: ['trialPeriodDays', 'trial_period_days'],
	},
	'subscriptionCheckout.create': {
		priceId: price,
		billingMode: ['billingMode', 'billing_mode'],
		targetPrice: ['targetPrice', 'target_price'],
		'customer.email': ['customer.email', 'customerEmail'],
		'customer.firstName': ['customer.firstName', 'customer.first_name'],
		'customer.lastName': ['customer.lastName', 'customer.last_name'],
		successUrl: ['successUrl', 'success_url'],
		cancelUrl: ['cancelUrl', 'cancel_url'],
	},
	'subscription.create': {
		customer_id: ['customer_id', 'customerId', 'customerUid', 'customer_uid'],
		price_id: ['price_id', 'priceId', 'priceUid', 'price_uid'],
		payment_method_id: ['payment_method_id', 'paymentMethodId'],
		trial_end: ['trial_end', 'trialEnd'],
	},
	'subscription.update': { cancel_at_period_end: atPeriodEnd },
	'subscription.cancel': { cancel_at_period_end: atPeriodEnd },
	'subscription.upgrade': { priceId: newPrice },
	'subscription.downgrade': { priceId: newPrice },
	'subscriptionInvoice.create': { due_date: dueDate },
	'subscriptionInvoice.createMetered': {
		usage_description: ['usage_description', 'usageDescription'],
		charge_schedule: ['charge_schedule', 'chargeSchedule'],
		due_date: dueDate,
	},
};

/** Of these, what the operation cannot do its work without. */
export const NEEDED: Readonly<Record<string, readonly string[]>> = {
	'checkoutSession.create': ['amount', 'currency'],
	'transaction.create': ['customerName', 'customerEmail'],
	'subscriptionCheckout.create': ['customer.email'],
	'subscription.create': ['customer_id', 'price_id'],
	'subscription.upgrade': ['priceId'],
	'subscription.downgrade': ['priceId'],
	'subscriptionInvoice.createMetered': ['usage_description'],
};

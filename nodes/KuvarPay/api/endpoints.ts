/** Which of the two hosts of the credential serves an endpoint. */
export type Host = 'payments' | 'business';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Endpoint {
	method: Method;
	/** Path below the host; `{name}` is filled with the encoded id of that name. */
	path: string;
	/** Other paths that it may have, the likeliest first: tried where a server has no such route. */
	alternatives: string[];
	host: Host;
}

const at =
	(method: Method, host: Host = 'payments') =>
	(path: string, ...alternatives: string[]): Endpoint => ({
		method,
		host,
		path: `/api/v1${path}`,
		alternatives: alternatives.map((other) => `/api/v1${other}`),
	});

const get = at('GET');
const post = at('POST');
const patch = at('PATCH');
const del = at('DELETE');
const postBusiness = at('POST', 'business');

/**
 * The one table of what is called where. The key is `<resource>.<operation>`, which is also the
 * operationId in `contract/kuvarpay.openapi.yaml`; how sure each path is stands there. A path that
 * turns out to be wrong is mended here, in its one line; where the notes know other likely ones, they
 * stand behind it.
 */
export const endpoints = {
	'transaction.calculateAmount': post(
		'/transactions/calculate-payment',
		'/transactions/calculate',
		'/calculate-payment',
	),
	'transaction.create': post('/transactions'),
	'transaction.get': get('/transactions/{transactionId}'),
	'transaction.getAll': get('/transactions'),
	'transaction.waitForUpdate': get('/sse/transaction/{transactionId}'),

	'checkoutSession.create': post('/checkout-sessions'),
	'checkoutSession.get': get('/checkout-sessions/{sessionId}'),
	'checkoutSession.waitForUpdate': get('/sse/session/{sessionId}'),

	'transferFee.getOptimal': get('/optimal-transfer-fee'),

	'sandbox.forceScenario': post(
		'/sandbox/simulator/force-scenario',
		'/sandbox-simulator/force-scenario',
		'/simulator/force-scenario',
		'/sandbox/simulator/force/{transactionId}',
	),
	'sandbox.forceStatus': post(
		'/sandbox/simulator/force-status',
		'/sandbox-simulator/force-status',
		'/sandbox/simulator/transactions/{transactionId}/status',
	),

	'invoice.create': postBusiness('/invoices'),
	'invoice.sendEmail': postBusiness(
		'/invoices/{invoiceId}/send-email',
		'/invoices/{invoiceId}/send',
		'/invoices/send-email',
		'/invoices/{invoiceId}/email',
	),

	'paymentLink.create': postBusiness('/payment-links'),

	'plan.create': post('/subscriptions/plans'),
	'plan.get': get('/subscriptions/plans/{planId}'),
	'plan.getAll': get('/subscriptions/plans'),
	'plan.update': patch('/subscriptions/plans/{planId}'),

	'price.create': post('/subscriptions/plans/{planId}/prices'),
	'price.getAll': get('/subscriptions/plans/{planId}/prices'),
	'price.update': patch(
		'/subscriptions/prices/{priceId}',
		'/subscriptions/plans/{planId}/prices/{priceId}',
	),

	'subscriptionCheckout.create': post('/subscriptions/checkout-sessions'),
	'subscriptionCheckout.get': get('/subscriptions/checkout-sessions/{sessionId}'),
	'subscriptionCheckout.confirm': post('/subscriptions/checkout-sessions/{sessionId}/confirm'),

	'subscription.create': post('/subscriptions'),
	'subscription.get': get('/subscriptions/{subscriptionId}'),
	'subscription.getAll': get('/subscriptions'),
	'subscription.update': patch('/subscriptions/{subscriptionId}'),
	'subscription.cancel': del('/subscriptions/{subscriptionId}'),
	'subscription.confirmCancellation': post(
		'/subscriptions/{subscriptionId}/confirm-cancellation',
		'/subscriptions/{subscriptionId}/cancel/confirm',
		'/subscriptions/{subscriptionId}/cancellation/confirm',
		'/subscriptions/{subscriptionId}/cancel-confirm',
	),
	'subscription.renew': post('/subscriptions/{subscriptionId}/renew'),
	'subscription.upgrade': post('/subscriptions/{subscriptionId}/upgrade'),
	'subscription.downgrade': post('/subscriptions/{subscriptionId}/downgrade'),

	'subscriptionInvoice.create': post('/subscriptions/{subscriptionId}/subscription-invoices'),
	'subscriptionInvoice.createMetered': post(
		'/subscriptions/{subscriptionId}/metered-invoices',
		'/subscriptions/{subscriptionId}/invoices/metered',
	),
	'subscriptionInvoice.get': get(
		'/subscriptions/{subscriptionId}/subscription-invoices/{invoiceId}',
		'/subscriptions/subscription-invoices/{invoiceId}',
		'/subscription-invoices/{invoiceId}',
	),
	'subscriptionInvoice.getAll': get(
		'/subscriptions/{subscriptionId}/subscription-invoices',
		'/subscriptions/{subscriptionId}/invoices',
	),
	'subscriptionInvoice.getChargeAttempts': get(
		'/subscriptions/{subscriptionId}/subscription-invoices/{invoiceId}/charge-attempts',
		'/subscriptions/subscription-invoices/{invoiceId}/charge-attempts',
		'/subscription-invoices/{invoiceId}/charge-attempts',
	),

	'subscriptionAuthorization.create': post(
		'/subscriptions/{subscriptionId}/relay/authorizations',
		'/subscriptions/relay/authorizations',
		'/relay/authorizations',
		'/subscriptions/{subscriptionId}/authorizations',
	),
	'subscriptionAuthorization.getStatus': get(
		'/subscriptions/{subscriptionId}/relay/authorizations/status',
		'/subscriptions/{subscriptionId}/relay/status',
	),
	'subscriptionAuthorization.renew': post(
		'/subscriptions/{subscriptionId}/renew-authorization',
		'/subscriptions/{subscriptionId}/authorization/renew',
		'/subscriptions/{subscriptionId}/authorizations/renew',
	),
	'subscriptionAuthorization.revoke': post(
		'/subscriptions/{subscriptionId}/relay/authorizations/revoke',
		'/relay/authorizations/revoke',
		'/subscriptions/{subscriptionId}/relay/revoke',
	),

	'currency.getAll': get('/currencies'),
	'currency.getSupported': get('/supported-currencies', '/currencies/supported'),
	'currency.getSubscriptionCurrencies': get('/subscription-currencies'),
	'currency.getNetworks': get('/currencies/networks', '/networks'),
	'currency.getSubscriptionNetworks': get(
		'/subscription-currencies/networks',
		'/subscription-networks',
		'/subscriptions/networks',
	),
} satisfies Record<string, Endpoint>;

export type EndpointId = keyof typeof endpoints;

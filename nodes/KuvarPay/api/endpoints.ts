/** Which of the two hosts of the credential serves an endpoint. */
export type Host = 'payments' | 'business';

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export interface Endpoint {
	method: Method;
	/** Path below the host; `{name}` is filled with the encoded id of that name. */
	path: string;
	host: Host;
}

const at =
	(method: Method, host: Host = 'payments') =>
	(path: string): Endpoint => ({ method, host, path: `/api/v1${path}` });

const get = at('GET');
const post = at('POST');
const patch = at('PATCH');
const del = at('DELETE');
const postBusiness = at('POST', 'business');

/**
 * The one table of what is called where. The key is `<resource>.<operation>`, which is also the
 * operationId in `contract/kuvarpay.openapi.yaml`; how sure each path is stands there. A path that
 * turns out to be wrong is mended here, in its one line.
 */
export const endpoints = {
	'transaction.calculateAmount': post('/transactions/calculate-payment'),
	'transaction.create': post('/transactions'),
	'transaction.get': get('/transactions/{transactionId}'),
	'transaction.getAll': get('/transactions'),
	'transaction.waitForUpdate': get('/sse/transaction/{transactionId}'),

	'checkoutSession.create': post('/checkout-sessions'),
	'checkoutSession.get': get('/checkout-sessions/{sessionId}'),
	'checkoutSession.waitForUpdate': get('/sse/session/{sessionId}'),

	'transferFee.getOptimal': get('/optimal-transfer-fee'),

	'sandbox.forceScenario': post('/sandbox/simulator/force-scenario'),
	'sandbox.forceStatus': post('/sandbox/simulator/force-status'),

	'invoice.create': postBusiness('/invoices'),
	'invoice.sendEmail': postBusiness('/invoices/{invoiceId}/send-email'),

	'paymentLink.create': postBusiness('/payment-links'),

	'plan.create': post('/subscriptions/plans'),
	'plan.get': get('/subscriptions/plans/{planId}'),
	'plan.getAll': get('/subscriptions/plans'),
	'plan.update': patch('/subscriptions/plans/{planId}'),

	'price.create': post('/subscriptions/plans/{planId}/prices'),
	'price.getAll': get('/subscriptions/plans/{planId}/prices'),
	'price.update': patch('/subscriptions/prices/{priceId}'),

	'subscriptionCheckout.create': post('/subscriptions/checkout-sessions'),
	'subscriptionCheckout.get': get('/subscriptions/checkout-sessions/{sessionId}'),
	'subscriptionCheckout.confirm': post('/subscriptions/checkout-sessions/{sessionId}/confirm'),

	'subscription.create': post('/subscriptions'),
	'subscription.get': get('/subscriptions/{subscriptionId}'),
	'subscription.getAll': get('/subscriptions'),
	'subscription.update': patch('/subscriptions/{subscriptionId}'),
	'subscription.cancel': del('/subscriptions/{subscriptionId}'),
	'subscription.confirmCancellation': post('/subscriptions/{subscriptionId}/confirm-cancellation'),
	'subscription.renew': post('/subscriptions/{subscriptionId}/renew'),
	'subscription.upgrade': post('/subscriptions/{subscriptionId}/upgrade'),
	'subscription.downgrade': post('/subscriptions/{subscriptionId}/downgrade'),

	'subscriptionInvoice.create': post('/subscriptions/{subscriptionId}/subscription-invoices'),
	'subscriptionInvoice.createMetered': post('/subscriptions/{subscriptionId}/metered-invoices'),
	'subscriptionInvoice.get': get(
		'/subscriptions/{subscriptionId}/subscription-invoices/{invoiceId}',
	),
	'subscriptionInvoice.getAll': get('/subscriptions/{subscriptionId}/subscription-invoices'),
	'subscriptionInvoice.getChargeAttempts': get(
		'/subscriptions/{subscriptionId}/subscription-invoices/{invoiceId}/charge-attempts',
	),

	'subscriptionAuthorization.create': post('/subscriptions/{subscriptionId}/relay/authorizations'),
	'subscriptionAuthorization.getStatus': get(
		'/subscriptions/{subscriptionId}/relay/authorizations/status',
	),
	'subscriptionAuthorization.renew': post('/subscriptions/{subscriptionId}/renew-authorization'),
	'subscriptionAuthorization.revoke': post(
		'/subscriptions/{subscriptionId}/relay/authorizations/revoke',
	),

	'currency.getAll': get('/currencies'),
	'currency.getSupported': get('/supported-currencies'),
	'currency.getSubscriptionCurrencies': get('/subscription-currencies'),
	'currency.getNetworks': get('/currencies/networks'),
	'currency.getSubscriptionNetworks': get('/subscription-currencies/networks'),
} satisfies Record<string, Endpoint>;

export type EndpointId = keyof typeof endpoints;

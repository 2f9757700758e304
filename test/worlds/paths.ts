/** Other paths that are as plausible as the contract's, by operation, the likelier ones first. */
const ALTERNATIVES: Record<string, string[]> = {
	'transaction.calculateAmount': ['POST /transactions/calculate', 'POST /calculate-payment'],
	'sandbox.forceScenario': [
		'POST /sandbox-simulator/force-scenario',
		'POST /simulator/force-scenario',
		'POST /sandbox/simulator/force/{transactionId}',
	],
	'sandbox.forceStatus': [
		'POST /sandbox-simulator/force-status',
		'POST /sandbox/simulator/transactions/{transactionId}/status',
	],
	'invoice.sendEmail': [
		'POST /invoices/{invoiceId}/send',
		'POST /invoices/send-email',
		'POST /invoices/{invoiceId}/email',
	],
	'price.update': ['PATCH /subscriptions/plans/{planId}/prices/{priceId}'],
	'subscription.confirmCancellation': [
		'POST /subscriptions/{subscriptionId}/cancel/confirm',
		'POST /subscriptions/{subscriptionId}/cancellation/confirm',
		'POST /subscriptions/{subscriptionId}/cancel-confirm',
	],
	'subscriptionInvoice.getAll': ['GET /subscriptions/{subscriptionId}/invoices'],
	'subscriptionInvoice.createMetered': ['POST /subscriptions/{subscriptionId}/invoices/metered'],
	'subscriptionInvoice.get': [
		'GET /subscriptions/subscription-invoices/{invoiceId}',
		'GET /subscription-invoices/{invoiceId}',
	],
	'subscriptionInvoice.getChargeAttempts': [
		'GET /subscriptions/subscription-invoices/{invoiceId}/charge-attempts',
		'GET /subscription-invoices/{invoiceId}/charge-attempts',
	],
	'subscriptionAuthorization.create': [
		'POST /subscriptions/relay/authorizations',
		'POST /relay/authorizations',
		'POST /subscriptions/{subscriptionId}/authorizations',
	],
	'subscriptionAuthorization.getStatus': ['GET /subscriptions/{subscriptionId}/relay/status'],
	'subscriptionAuthorization.renew': [
		'POST /subscriptions/{subscriptionId}/authorization/renew',
		'POST /subscriptions/{subscriptionId}/authorizations/renew',
	],
	'subscriptionAuthorization.revoke': [
		'POST /relay/authorizations/revoke',
		'POST /subscriptions/{subscriptionId}/relay/revoke',
	],
	'currency.getNetworks': ['GET /networks'],
	'currency.getSupported': ['GET /currencies/supported'],
	'currency.getSubscriptionNetworks': ['GET /subscription-networks', 'GET /subscriptions/networks'],
};

export interface OtherPath {
	operation: string;
	/** Method and path, as a dialect has it. */
	path: string;
	/** Its place among the alternatives of the operation, from 0. */
	index: number;
}

export const PATHS: OtherPath[] = Object.entries(ALTERNATIVES).flatMap(([operation, paths]) =>
	paths.map((path, index) => ({ operation, path: path.replace(' /', ' /api/v1/'), index })),
);

/** The first alternative of each of these operations. */
export function firstOf(operations: string[]): Record<string, string> {
	const some = PATHS.filter(
		({ operation, index }) => index === 0 && operations.includes(operation),
	);
	return Object.fromEntries(some.map(({ operation, path }) => [operation, path]));
}

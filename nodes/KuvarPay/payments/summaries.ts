/** The fields of KuvarPay's objects that matter most: what Simplify keeps. */

export const sessionSummary = [
	'sessionId',
	'status',
	'amount',
	'currency',
	'customerName',
	'customerEmail',
	'fromCurrency',
	'fromNetwork',
	'expiresAt',
	'updatedAt',
] as const;

export const transactionSummary = [
	'id',
	'reference',
	'status',
	'fromAmount',
	'fromCurrency',
	'fromNetwork',
	'toAmount',
	'toCurrency',
	'customerEmail',
	'updatedAt',
] as const;

export const subscriptionSummary = [
	'id',
	'status',
	'customerId',
	'priceId',
	'billingMode',
	'currentPeriodStart',
	'currentPeriodEnd',
	'cancelAtPeriodEnd',
	'createdAt',
	'updatedAt',
] as const;

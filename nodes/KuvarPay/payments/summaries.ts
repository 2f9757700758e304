import { ID_NAMES } from '../api/lists';

/**
 * The fields of KuvarPay's objects that matter most: what Simplify keeps. The ID stands under one of
 * several names.
 */

export const sessionSummary = [
	'sessionId',
	...ID_NAMES,
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
	...ID_NAMES,
	'transactionId',
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

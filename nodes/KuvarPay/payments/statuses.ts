/** What is known of sessions and transactions: their statuses and the fields that matter most. */

/** Statuses that public material names. More may exist, so they are offered and never demanded. */
export const transactionStatuses = [
	'CANCELLED',
	'COMPLETED',
	'COMPLIANCE_HOLD',
	'EXCESS_PAYMENT',
	'EXPIRED',
	'FAILED',
	'PARTIAL_PAYMENT',
	'PENDING',
	'PROCESSING',
	'REFUNDED',
];

/** Those of checkout sessions, which have some more. */
export const sessionStatuses = [
	...transactionStatuses,
	'ARMED',
	'EXPIRED_WITH_PAYMENT_PROCESSING',
].sort();

/** `PARTIAL_PAYMENT` as people write it: Partial Payment. */
export const statusName = (status: string): string =>
	status
		.toLowerCase()
		.split('_')
		.map((word) => word.charAt(0).toUpperCase() + word.slice(1))
		.join(' ');

/** Values such as statuses, for a list. */
export const named = (values: readonly string[]) =>
	values.map((value) => ({ name: statusName(value), value }));

/** What Simplify keeps of a checkout session. */
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

/** What Simplify keeps of a transaction. */
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

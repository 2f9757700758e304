import type { IDataObject } from 'n8n-workflow';

/** What is known of the statuses of sessions, transactions and subscriptions. */

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

export const subscriptionStatuses = [
	'ACTIVE',
	'CANCELED',
	'INCOMPLETE',
	'INCOMPLETE_EXPIRED',
	'PAST_DUE',
	'PAUSED',
	'TRIALING',
	'UNPAID',
];

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

/**
 * After these nothing more is expected (inferred; contract notes, section 4). A payment may still be
 * refunded, and an expired one be paid. The last two end subscriptions.
 */
const FINAL_STATUSES = new Set([
	'COMPLETED',
	'EXPIRED',
	'CANCELLED',
	'FAILED',
	'REFUNDED',
	'CANCELED',
	'INCOMPLETE_EXPIRED',
]);

/** The status as the API's current documentation writes it: older objects use lower case. */
export const statusOf = ({ status }: IDataObject): string =>
	typeof status === 'string' ? status.trim().toUpperCase() : '';

export const isFinal = (status: string): boolean => FINAL_STATUSES.has(status);

import type { IDataObject } from 'n8n-workflow';
import { ID_NAMES } from '../api/lists';

/** The fields of KuvarPay's objects that matter most: what Simplify keeps. The ID is the first. */

/** The object with these fields only; its ID stays under whichever name it has. */
export function simplified(object: IDataObject, [id, ...others]: readonly string[]): IDataObject {
	const name = [id, ...ID_NAMES, ...OWN_IDS].find((each) => each in object) ?? id;
	return Object.fromEntries(
		[name, ...others].filter((each) => each in object).map((each) => [each, object[each]]),
	);
}

/** Where an object's ID is named after it. */
const OWN_IDS = ['transactionId', 'subscriptionId'];

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

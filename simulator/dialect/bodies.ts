import type { Rows } from '../answers';
import type { Json } from '../state';
import { written, type Written } from './errors';
import { listBody, type Page } from './lists';
import type { WriteObject } from './objects';
import type { Matched } from './routes';
import type { Dialect } from './types';

/** Writes of which only the success counts: what they answer can be read elsewhere. */
const ACTIONS = new Set([
	'sandbox.forceScenario',
	'sandbox.forceStatus',
	'invoice.sendEmail',
	'subscription.confirmCancellation',
	'subscriptionAuthorization.revoke',
]);

const RESOURCES: Readonly<Record<string, string>> = {
	'sandbox.forceScenario': 'transaction',
	'sandbox.forceStatus': 'transaction',
	'subscriptionInvoice.getChargeAttempts': 'chargeAttempt',
	'currency.getNetworks': 'network',
	'currency.getSubscriptionNetworks': 'network',
};

/** Writes what an operation answered, one object or what belongs to it, as the dialect has it. */
export function writeObjectBody(
	{ answers }: Dialect,
	write: WriteObject | undefined,
	matched: Matched,
	body: Json,
): Written {
	if (isEmptied(answers.empty, matched)) return { status: 204, payload: '', headers: {} };
	const resource = resourceOf(matched.operationId);
	const { data, ...envelope } = body;
	// Some answers were published without an envelope: those have none in any dialect.
	const content = write ? write(data ?? envelope, resource) : (data ?? envelope);
	const shown = data === undefined || !answers.enveloped ? content : { ...envelope, data: content };
	return json(statusOf(answers.created, matched), shown);
}

/** Writes one page of a list as the dialect has it. */
export function writeListBody(
	{ lists }: Dialect,
	write: WriteObject | undefined,
	matched: Matched,
	rows: Rows,
	page: Page,
	address: URL,
): Written {
	const resource = resourceOf(matched.operationId);
	const shown = write ? page.rows.map((row) => write(row, resource)) : page.rows;
	const plural = pluralOf(resource);
	const { body, headers } = listBody(lists, rows, page, shown, plural, address);
	return json(matched.successStatus, body, headers);
}

function json(status: number, body: unknown, headers?: Record<string, string>): Written {
	return written(status, JSON.stringify(body), 'application/json', headers);
}

function resourceOf(operationId: string): string {
	return RESOURCES[operationId] ?? operationId.split('.')[0];
}

function pluralOf(resource: string): string {
	if (resource === 'subscriptionInvoice') return 'invoices';
	return resource.endsWith('y') ? `${resource.slice(0, -1)}ies` : `${resource}s`;
}

function statusOf(created: number, { operationId, successStatus }: Matched): number {
	return /\.create/.test(operationId) ? created : successStatus;
}

function isEmptied(
	empty: 'never' | 'delete' | 'writes',
	{ method, operationId }: Matched,
): boolean {
	if (empty === 'never') return false;
	if (method === 'DELETE') return true;
	return empty === 'writes' && (method === 'PATCH' || ACTIONS.has(operationId));
}

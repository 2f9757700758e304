import type { IDataObject, ILoadOptionsFunctions } from 'n8n-workflow';
import { openClient } from '../api/client';
import type { EndpointId } from '../api/endpoints';
import { ApiError, InputError } from '../api/errors';
import { toNodeError } from '../api/nodeError';
import type { Call, Client } from '../api/request';
import { targetOf, type Names } from '../api/routes';

/** After how long nothing more is asked for a list in the editor: somebody waits for it. In ms. */
const PATIENCE = 20_000;
const CONCURRENCY = 5;

/** What to do without the list, by what the field takes. */
export const otherwise = {
	locator: 'You can still choose By ID and enter the ID.',
	options: 'You can still set the value with an expression.',
};

/**
 * Runs what fills a list in the editor.
 * @param way what the user can do without the list; the message of a failure says it
 */
export async function load<Result>(
	context: ILoadOptionsFunctions,
	way: string,
	read: (client: Client) => Promise<Result>,
): Promise<Result> {
	const signal = AbortSignal.timeout(PATIENCE);
	try {
		const client = await openClient(context, CONCURRENCY);
		return await read({ ...client, signal, pace: client.pace.until(signal, CONCURRENCY) });
	} catch (error) {
		throw toNodeError(context.getNode(), explain(error, way));
	}
}

/** A list is only a help, so reading it is given up soon. */
export const listCall = (id: EndpointId, ids: Names = {}): Call => ({
	target: targetOf(id, ids),
	maxRetries: 1,
	timeout: 10_000,
});

function explain(error: unknown, way: string): unknown {
	if (error instanceof InputError) return new InputError(error.message, sentences(error.hint, way));
	if (error instanceof ApiError) {
		const { failure } = error;
		return new ApiError({
			...failure,
			message: `The list could not be loaded: ${failure.message}`,
			hint: sentences(isAboutCredential(failure.status) ? failure.hint : undefined, way),
		});
	}
	if (error instanceof Error && error.name === 'TimeoutError')
		return new InputError('The list could not be loaded: KuvarPay takes too long to answer', way);
	return error;
}

const sentences = (...parts: Array<string | undefined>) => parts.filter(Boolean).join(' ');

/** Other hints speak of items and options, which a list does not have. */
const isAboutCredential = (status: number | undefined) =>
	status === undefined || status < 400 || status === 401 || status === 403;

/** The first of the fields that has a text or a number. KuvarPay's names differ from page to page. */
export function firstOf(row: IDataObject, ...names: string[]): string | undefined {
	for (const name of names) {
		const value = row[name];
		if (typeof value === 'number' || (typeof value === 'string' && value.trim() !== ''))
			return String(value).trim();
	}
	return undefined;
}

/** Entries without a value are left out, and of those with the same one all but the last. */
export function distinct<Entry extends { value?: string }>(
	entries: Entry[],
): Array<Entry & { value: string }> {
	const known = new Map<string, Entry & { value: string }>();
	for (const entry of entries)
		if (entry.value !== undefined) known.set(entry.value, { ...entry, value: entry.value });
	return [...known.values()];
}

import type { IDataObject } from 'n8n-workflow';
import { unwrap } from '../api/answer';
import { ApiError } from '../api/errors';
import { send } from '../api/request';
import { objectOf, sessionIdOf, tokenOf } from '../payments/objects';
import { sources, targetAt, type Source } from '../payments/sources';
import type { LastingClient } from './client';
import type { From, Update } from './ledger';

/** The object as REST has it now, as an update. */
export async function readState(
	client: LastingClient,
	source: Source,
	id: string,
): Promise<Update> {
	const body = await send(client, {
		target: targetAt(source, 'rest', id),
		maxRetries: 4,
		timeout: 30_000,
	});
	return readUpdate(source, objectOf(source, unwrap(body)), 'read');
}

/** What was read, under the name of the stream's event. */
export const readUpdate = ({ event }: Source, object: IDataObject, from: From): Update => ({
	object,
	event,
	eventId: '',
	from,
});

/**
 * The token that opens the stream of an object: the session's own, also for its transactions.
 * @returns undefined where no token is told, or it cannot be read now
 */
export async function readToken(
	client: LastingClient,
	source: Source,
	object: IDataObject,
): Promise<string | undefined> {
	if (source.resource === 'checkoutSession') return tokenOf(object);
	const sessionId = sessionIdOf(object);
	if (sessionId === undefined) return undefined;
	try {
		const { object: session } = await readState(client, sources.checkoutSession, sessionId);
		return tokenOf(session);
	} catch {
		// A session that is not there tells no token; trouble that passes is over in an hour.
		client.signal.throwIfAborted();
		return undefined;
	}
}

/** Whether the failure will be the same the next time. */
export const isRefusal = (error: unknown): error is ApiError =>
	error instanceof ApiError && !error.failure.transient;

/** Whether it is the key that is refused, and so everything. */
export const isKeyRefused = ({ failure: { status } }: ApiError): boolean =>
	status === 401 || status === 403;

/** Pause before what may be an older state is read once more, in ms. */
export const ONCE_MORE = 2_000;

/** Longest pause between two looks at the same object, in ms. */
const LONGEST = 60 * 60_000;

/**
 * How long to wait before an object is read again, in ms: the longer nothing has changed, the longer.
 * @param quiet since its last change, in ms
 * @param least in ms
 * @param growth share of the quiet time
 */
export const untilNextRead = (quiet: number, least: number, growth: number): number =>
	Math.max(least, Math.min(LONGEST, quiet * growth));

import type { IDataObject } from 'n8n-workflow';
import { rowsOf } from '../api/lists';
import { collect } from '../api/pagination';
import { unwrap } from '../api/answer';
import { ApiError } from '../api/errors';
import { outcomeOf } from '../api/outcome';
import { targetOf } from '../api/routes';
import { send, type Client } from '../api/request';
import { simplified } from '../payments/summaries';
import type { Operation, Wish } from './types';

/** Sends what an item asks for and returns the objects of the answer, one for each output item. */
export async function fulfil(client: Client, wish: Wish): Promise<IDataObject[]> {
	const { call, operation, limit, raw, keep } = wish;
	if (operation.execute) return await operation.execute(client, wish);
	if (raw) {
		const query = operation.paged ? { limit: Math.min(limit, 100), ...call.query } : call.query;
		return [asObject(await send(client, { ...call, query }))];
	}
	const rows = operation.paged
		? await collect(client, call, limit)
		: rowsOrObject(await sendSomewhere(client, wish), operation);
	return keep ? rows.map((row) => simplified(row, keep)) : rows;
}

/** A path that needs more than the operation has is tried when there is no other. */
async function sendSomewhere(client: Client, wish: Wish): Promise<unknown> {
	const { call, ids, operation } = wish;
	const { lookUp } = operation;
	const sent = await outcomeOf(send(client, call));
	if ('result' in sent) return sent.result;
	const { error } = sent;
	const { id, routes } = call.target;
	const isMissing = error instanceof ApiError && [404, 405].includes(error.failure.status ?? 0);
	if (!isMissing || !lookUp || !id) throw error;
	// A path that worked before is not in doubt because an object is not there.
	const known = client.connection.learned.route.recall(id);
	if (routes.some(({ name }) => name === known)) throw error;
	const found = await lookUp.find(client, wish).catch(() => undefined);
	if (found === undefined) throw error;
	return await send(client, { ...call, target: targetOf(id, ids, { [lookUp.name]: found }) });
}

function rowsOrObject(body: unknown, { list }: Operation): IDataObject[] {
	const data = unwrap(body);
	return list || Array.isArray(data) ? rowsOf(body) : [asObject(data)];
}

const asObject = (data: unknown): IDataObject =>
	typeof data === 'object' && data !== null && !Array.isArray(data)
		? (data as IDataObject)
		: { data: data as IDataObject[] };

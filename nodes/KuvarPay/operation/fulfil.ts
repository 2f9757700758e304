import type { IDataObject } from 'n8n-workflow';
import { rowsOf } from '../api/lists';
import { collect } from '../api/pagination';
import { unwrap } from '../api/answer';
import { send, type Client } from '../api/request';
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
		: rowsOrObject(await send(client, call), operation);
	return keep ? rows.map((row) => pick(row, keep)) : rows;
}

function rowsOrObject(body: unknown, { list }: Operation): IDataObject[] {
	const data = unwrap(body);
	return list || Array.isArray(data) ? rowsOf(body) : [asObject(data)];
}

const asObject = (data: unknown): IDataObject =>
	typeof data === 'object' && data !== null && !Array.isArray(data)
		? (data as IDataObject)
		: { data: data as IDataObject[] };

const pick = (row: IDataObject, names: readonly string[]): IDataObject =>
	Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]));

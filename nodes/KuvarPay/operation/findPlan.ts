import type { IDataObject } from 'n8n-workflow';
import type { EndpointId } from '../api/endpoints';
import { idOf, rowsOf } from '../api/lists';
import { collect } from '../api/pagination';
import type { Client } from '../api/request';
import { targetOf, type Names } from '../api/routes';
import type { Wish } from './types';

/** The plan that a price belongs to: no document says where a price can be read on its own. */
export async function findPlan(client: Client, { call, ids }: Wish): Promise<string | undefined> {
	const read = async (id: EndpointId, names: Names = {}) =>
		await collect(client, { ...call, target: targetOf(id, names), body: undefined });
	const has = (prices: IDataObject[]) =>
		prices.some((price) => idOf(price, 'priceId') === ids.priceId);
	for (const plan of await read('plan.getAll')) {
		const planId = idOf(plan, 'planId');
		if (planId === undefined) continue;
		// Lists of plans may carry the prices already.
		if (has(rowsOf(plan.prices)) || has(await read('price.getAll', { planId }))) return planId;
	}
	return undefined;
}

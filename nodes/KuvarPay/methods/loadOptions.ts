import type { IDataObject, ILoadOptionsFunctions, INodePropertyOptions } from 'n8n-workflow';
import type { EndpointId } from '../api/endpoints';
import { rowsOf } from '../api/lists';
import { collect } from '../api/pagination';
import { send } from '../api/request';
import { distinct, firstOf, listCall, load, otherwise } from './load';

/** Option lists of currencies and networks, loaded when the user opens one. */

/** Rows of a list that has no pages. */
async function read(context: ILoadOptionsFunctions, id: EndpointId): Promise<IDataObject[]> {
	return await load(context, otherwise.options, async (client) =>
		rowsOf(await send(client, listCall(id))),
	);
}

interface Found {
	value?: string;
	name?: string;
	description?: string;
}

const sorted = (found: Found[]): INodePropertyOptions[] =>
	distinct(found)
		.map((option) => ({ ...option, name: option.name || option.value }))
		.sort((one, other) => one.name.localeCompare(other.name));

/** The code, and its name where that says more. */
const withName = (code?: string, name?: string) =>
	name && name.toUpperCase() !== code?.toUpperCase() ? `${code} (${name})` : code;

/** A ticker or an ISO code, in the spelling that KuvarPay wants back. A sign such as ₦ is none. */
function codeOf(row: IDataObject): string | undefined {
	const names = ['ticker', 'code', 'currency', 'value', 'symbol', 'name', 'id'];
	return names.map((name) => firstOf(row, name)).find((code) => code && /^[\w.-]+$/.test(code));
}

const networkOf = (row: IDataObject) =>
	firstOf(row, 'network', 'code', 'ticker', 'symbol', 'value', 'name', 'id', 'uid');

/** More currencies than anybody looks through. */
const MOST = 1000;

/** One for each ticker; the networks are named below it. */
export async function getCryptoCurrencies(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const rows = await load(this, otherwise.options, (client) =>
		collect(client, listCall('currency.getAll'), MOST),
	);
	const networks = new Map<string | undefined, string[]>();
	for (const row of rows) {
		const [code, network] = [codeOf(row), firstOf(row, 'network')];
		if (network) networks.set(code, [...(networks.get(code) ?? []), network]);
	}
	return sorted(
		rows.map((row) => {
			const value = codeOf(row);
			const on = [...new Set(networks.get(value))].sort().join(', ');
			return {
				value,
				name: withName(value, firstOf(row, 'name')),
				...(on && { description: `On ${on}` }),
			};
		}),
	);
}

export async function getFiatCurrencies(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const rows = await read(this, 'currency.getSupported');
	return sorted(
		rows.map((row) => ({
			value: codeOf(row),
			name: withName(codeOf(row), firstOf(row, 'name')),
			description: firstOf(row, 'country'),
		})),
	);
}

const networkOptions = (rows: IDataObject[]) =>
	sorted(
		rows.map((row) => ({
			value: networkOf(row),
			name: withName(networkOf(row), firstOf(row, 'name')),
		})),
	);

export async function getNetworks(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
	return networkOptions(await read(this, 'currency.getNetworks'));
}

export async function getSubscriptionNetworks(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	return networkOptions(await read(this, 'currency.getSubscriptionNetworks'));
}

/** The tokens of subscriptions; their ID is what a subscription checkout is confirmed with. */
export async function getSubscriptionCurrencies(
	this: ILoadOptionsFunctions,
): Promise<INodePropertyOptions[]> {
	const rows = await read(this, 'currency.getSubscriptionCurrencies');
	return sorted(
		rows.map((row) => ({
			value: firstOf(row, 'id', 'uid', 'tokenId') ?? codeOf(row),
			name: [codeOf(row), firstOf(row, 'network')].filter(Boolean).join(' on '),
			description: firstOf(row, 'name'),
		})),
	);
}

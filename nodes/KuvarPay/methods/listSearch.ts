import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { InputError } from '../api/errors';
import { isPlainObject } from '../api/json';
import { idOf, rowsOf } from '../api/lists';
import { collect } from '../api/pagination';
import type { Call, Client } from '../api/request';
import { statusName } from '../payments/statuses';
import { distinct, firstOf, listCall, load, otherwise } from './load';

/** The lists of the pickers: what n8n calls as the user opens one, scrolls to its end or types. */
type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

interface Asked {
	filter?: string;
	/** Number of the page, as the answer for the page before named it. */
	paginationToken?: string;
}

/** How many rows are read for one page of a picker, and for a search. */
interface Depth {
	page: number;
	search: number;
}

const DEEP: Depth = { page: 50, search: 1000 };
/** Each row costs a further request. */
const SHALLOW: Depth = { page: 20, search: 100 };

/** KuvarPay has no search, so to filter a list means to read it. */
async function readRows(client: Client, call: Call, asked: Asked, depth = DEEP) {
	if (asked.filter) return { rows: withIds(await collect(client, call, depth.search), call) };
	// From the start each time: how a server gives its pages differs, and few scroll far.
	const page = Number(asked.paginationToken ?? 1);
	const rows = await collect(client, call, page * depth.page);
	return {
		rows: withIds(rows.slice((page - 1) * depth.page), call),
		next: rows.length === page * depth.page ? String(page + 1) : undefined,
	};
}

interface Entry {
	name: string;
	value?: string;
}

/** How a row is shown: by what a person knows it by, then what tells it from others. */
function entry(
	row: IDataObject,
	title: string | undefined,
	...details: Array<string | undefined>
): Entry {
	const value = firstOf(row, 'id');
	const known = details.filter(Boolean).join(', ');
	return { name: [title ?? value, known].filter(Boolean).join(': '), value };
}

/** The rows with their ID as `id`, whichever name it has; one that is no object comes as its `value`. */
const withIds = (rows: IDataObject[], { target }: Call): IDataObject[] => {
	const resource = target.id?.split('.')[0] ?? '';
	const own = resource === 'subscriptionInvoice' ? 'invoiceId' : `${resource}Id`;
	return rows.map((row) => ({ ...row, id: idOf(row, own) ?? row.value }));
};

function answer(entries: Entry[], { filter }: Asked, next?: string): INodeListSearchResult {
	const wanted = filter?.trim().toLowerCase();
	const results = distinct(entries).filter(
		({ name, value }) => !wanted || `${name}\n${value}`.toLowerCase().includes(wanted),
	);
	return { results, paginationToken: next };
}

const byName = (entries: Entry[]) =>
	entries.sort((one, other) => one.name.localeCompare(other.name));

/** A picker over one list, in KuvarPay's order unless arranged otherwise. */
const searchOf = (
	callFor: (context: ILoadOptionsFunctions) => Call,
	show: (row: IDataObject) => Entry,
	arrange = (entries: Entry[]) => entries,
): Search =>
	async function (filter, paginationToken) {
		return await load(this, otherwise.locator, async (client) => {
			const asked = { filter, paginationToken };
			const { rows, next } = await readRows(client, callFor(this), asked);
			return answer(arrange(rows.map(show)), asked, next);
		});
	};

const status = (row: IDataObject) => {
	const told = firstOf(row, 'status');
	return told && statusName(told);
};
const money = (amount?: string, currency?: string) => amount && [amount, currency].join(' ').trim();
const day = (date?: string) => date?.slice(0, 10);
const inactive = (row: IDataObject) => (row.active === false ? 'not active' : undefined);

export const searchTransactions = searchOf(
	() => listCall('transaction.getAll'),
	(row) =>
		entry(
			row,
			firstOf(row, 'reference'),
			money(firstOf(row, 'toAmount', 'amount'), firstOf(row, 'toCurrency', 'currency')),
			status(row),
			firstOf(row, 'customerEmail', 'customerName'),
		),
);

export const searchPlans = searchOf(
	() => listCall('plan.getAll'),
	(row) => entry(row, firstOf(row, 'name'), inactive(row)),
	byName,
);

export const searchSubscriptions = searchOf(
	() => listCall('subscription.getAll'),
	(row) => {
		const customer = (isPlainObject(row.customer) ? row.customer : {}) as IDataObject;
		const end = day(firstOf(row, 'currentPeriodEnd', 'current_period_end'));
		return entry(
			row,
			firstOf(customer, 'email') ??
				firstOf(row, 'customerEmail', 'customer_email', 'customerId', 'customer_id'),
			status(row),
			end && `until ${end}`,
			firstOf(row, 'id'),
		);
	},
);

export const searchSubscriptionInvoices = searchOf(
	(context) => {
		const subscriptionId = chosen(context, 'subscriptionId');
		if (!subscriptionId) throw new InputError('Choose a subscription first');
		return listCall('subscriptionInvoice.getAll', { subscriptionId });
	},
	(row) => {
		const due = day(firstOf(row, 'due_date', 'dueDate'));
		return entry(
			row,
			money(firstOf(row, 'amount'), firstOf(row, 'currency')),
			status(row),
			due && `due ${due}`,
			firstOf(row, 'description', 'usage_description'),
		);
	},
);

/** Prices of the plan that the node has chosen; where it chooses none, of all plans. */
export const searchPrices: Search = async function (filter, paginationToken) {
	const asked = { filter, paginationToken };
	return await load(this, otherwise.locator, async (client) => {
		const planId = chosen(this, 'planId');
		if (planId === '') throw new InputError('Choose a plan first');
		if (planId !== undefined) {
			const call = listCall('price.getAll', { planId });
			const { rows, next } = await readRows(client, call, asked);
			return answer(byName(rows.map((price) => showPrice(price))), asked, next);
		}
		const plans = await readRows(client, listCall('plan.getAll'), asked, SHALLOW);
		const prices = await Promise.all(plans.rows.map((plan) => pricesOf(client, plan)));
		return answer(byName(prices.flat()), asked, plans.next);
	});
};

async function pricesOf(client: Client, plan: IDataObject): Promise<Entry[]> {
	const planId = firstOf(plan, 'id');
	if (planId === undefined) return [];
	const call = listCall('price.getAll', { planId });
	// Lists of plans may carry the prices already.
	const prices =
		Array.isArray(plan.prices) && plan.prices.length > 0
			? withIds(rowsOf(plan.prices), call)
			: withIds(await collect(client, call, SHALLOW.search), call);
	return prices.map((price) => showPrice(price, firstOf(plan, 'name') ?? planId));
}

function showPrice(price: IDataObject, planName?: string): Entry {
	const interval = firstOf(price, 'interval')?.toLowerCase();
	const times = Number(price.intervalCount ?? price.interval_count ?? 1);
	const period = interval && ` / ${times > 1 ? `${times} ` : ''}${interval}`;
	const cost = money(firstOf(price, 'amount'), firstOf(price, 'currency'));
	const shown = cost && `${cost}${period ?? ''}`;
	return entry(price, planName ?? shown, planName && shown, inactive(price));
}

/**
 * The ID in another picker of the node.
 * @returns undefined when the operation has no such picker, an empty text when nothing is chosen
 */
function chosen(context: ILoadOptionsFunctions, name: string): string | undefined {
	const parameter: unknown = context.getCurrentNodeParameter(name);
	const value = isPlainObject(parameter) ? (parameter.value ?? '') : parameter;
	return value === undefined ? undefined : String(value).trim();
}

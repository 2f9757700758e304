/** Fields of requests that may be spelled otherwise than the contract has them. */
import type { DialectOptions, Simulator } from '../../simulator';
import type { Concern, Form } from './questions';

interface Spelling {
	name: string;
	operation: string;
	/** By the contract's name: the name that this server knows. */
	fields: Record<string, string>;
	/** Refuses what it does not know by the name that was sent, and names no other. */
	strict?: true;
	parameters?: Concern['parameters'];
	/** What must have arrived: the last object made, and what it must hold. */
	arrived?: (simulator: Simulator) => unknown;
}

const lastOf = <T>(map: ReadonlyMap<string, T>) => [...map.values()].at(-1);

const CUSTOMER = { customerName: 'customer.name', customerEmail: 'customer.email' };
const named = {
	additionalFields: { customerName: 'Ada Obi', customerEmail: 'ada@example.com' },
};
const atPeriodEnd = { cancel_at_period_end: 'cancelAtPeriodEnd' };

const priceNames = (name: string): Spelling => ({
	name: `checkout: ${name}`,
	operation: 'subscriptionCheckout.create',
	fields: { priceId: name },
	arrived: ({ state }) => lastOf(state.subscriptions)?.priceId,
});

const changeNames = (operation: string, name: string): Spelling => ({
	name: `${operation}: ${name}`,
	operation: `subscription.${operation}`,
	fields: { priceId: name },
});

const SEVERAL: Spelling[] = [
	...['priceId', 'priceUid', 'price_id'].map(priceNames),
	...['priceId', 'newPriceId', 'price_id', 'priceUid'].map((name) => changeNames('upgrade', name)),
	...['newPriceId', 'price_id'].map((name) => changeNames('downgrade', name)),
	{
		name: 'session: toAmount, toCurrency',
		operation: 'checkoutSession.create',
		fields: { amount: 'toAmount', currency: 'toCurrency' },
	},
	{
		name: 'session: customer',
		operation: 'checkoutSession.create',
		fields: CUSTOMER,
		parameters: named,
		arrived: ({ state }) => lastOf(state.sessions)?.customerEmail,
	},
	{
		name: 'transaction: customer',
		operation: 'transaction.create',
		fields: CUSTOMER,
		arrived: ({ state }) => lastOf(state.transactions)?.customerEmail ?? true,
	},
	{
		name: 'subscription: customerId, priceId',
		operation: 'subscription.create',
		fields: { customer_id: 'customerId', price_id: 'priceId' },
	},
	{
		name: 'subscription: customerUid, priceUid',
		operation: 'subscription.create',
		fields: { customer_id: 'customerUid', price_id: 'priceUid' },
	},
	{
		name: 'metered: usageDescription',
		operation: 'subscriptionInvoice.createMetered',
		fields: { usage_description: 'usageDescription' },
	},
	{
		name: 'update: cancelAtPeriodEnd, strict',
		operation: 'subscription.update',
		fields: atPeriodEnd,
		strict: true,
		parameters: { updateFields: { cancelAtPeriodEnd: true } },
	},
	{
		name: 'invoice: dueDate, strict',
		operation: 'subscriptionInvoice.create',
		fields: { due_date: 'dueDate' },
		strict: true,
		parameters: { additionalFields: { dueDate: '2031-05-06T07:08:09' } },
		arrived: ({ state }) =>
			lastOf(state.subscriptionInvoices)?.dueDate ?? lastOf(state.subscriptionInvoices)?.due_date,
	},
	{
		name: 'email: email, strict',
		operation: 'invoice.sendEmail',
		fields: { recipientEmail: 'email' },
		strict: true,
		parameters: { additionalFields: { recipientEmail: 'bob@example.com' } },
		arrived: ({ state }) => state.invoiceEmails.at(-1)?.recipientEmail === 'bob@example.com',
	},
];

function concernOf({ operation, parameters, arrived }: Spelling): Concern {
	const verify = (simulator: Simulator) =>
		!arrived || arrived(simulator) ? undefined : 'the field did not arrive';
	return { operation, parameters, verify };
}

function dialectOf({ operation, fields, strict }: Spelling): DialectOptions['requests'] {
	return {
		fields: { [operation]: fields },
		...(strict ? { wording: 'zodStrict' } : { needed: { [operation]: Object.keys(fields) } }),
	};
}

/** Each spelling alone. */
export const SPELLINGS: Form[] = SEVERAL.map((spelling) => ({
	name: spelling.name,
	dialect: { requests: dialectOf(spelling) },
	concerns: [concernOf(spelling)],
	local: true,
}));

function together(name: string, wanted: (spelling: Spelling) => boolean): Form {
	const some = SEVERAL.filter((spelling) => !spelling.strict && wanted(spelling));
	const byOperation = (pick: (spelling: Spelling) => unknown) =>
		Object.fromEntries(some.map((spelling) => [spelling.operation, pick(spelling)]));
	return {
		name,
		dialect: {
			requests: {
				fields: byOperation(({ fields }) => fields) as Record<string, Record<string, string>>,
				needed: byOperation(({ fields }) => Object.keys(fields)) as Record<string, string[]>,
			},
		},
		concerns: some
			.filter(
				({ operation }, index) =>
					some.findLastIndex((one) => one.operation === operation) === index,
			)
			.map(concernOf),
	};
}

const spelledIn = (pattern: RegExp) => (spelling: Spelling) =>
	Object.values(spelling.fields).some((name) => pattern.test(name));

/** Whole generations of names, for worlds in which several things differ. */
export const allSpelled: Form[] = [
	together('the old names', spelledIn(/Uid|^to[A-Z]/)),
	together('camel case', spelledIn(/^(newPriceId|customerId|usageDescription|priceId)$/)),
	together('snake case and customer', spelledIn(/_|^customer\./)),
];

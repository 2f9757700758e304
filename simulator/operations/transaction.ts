import { found, given, list, StreamStart, success, text, type Handlers } from '../answers';
import { quote } from '../money';
import { createTransaction } from '../transitions';

/** Payments from a token to local money. */
export const transaction: Handlers = {
	'transaction.calculateAmount': ({ body }) => {
		const { fromCurrency, fromNetwork, toCurrency } = body;
		const price = quote(String(fromCurrency), String(toCurrency), Number(body.toAmount));
		return success({
			fromCurrency,
			fromNetwork,
			toCurrency,
			...price,
			cryptoAmount: price.fromAmount,
		});
	},

	'transaction.create': ({ body }, core) => {
		const sessionId = body.checkoutSessionId ?? body.sessionId;
		if (sessionId !== undefined) {
			found(core.state.sessions, String(sessionId), 'Checkout session');
		}
		return success(createTransaction(core, given(body)));
	},

	'transaction.get': ({ params }, core) =>
		success(found(core.state.transactions, params.transactionId, 'Transaction')),

	'transaction.getAll': ({ query }, core) => {
		const status = text(query, 'status')?.toUpperCase();
		const currency = text(query, 'currency');
		const sessionId = text(query, 'checkoutSessionId');
		const start = Date.parse(text(query, 'startDate') ?? '') || -Infinity;
		const end = Date.parse(text(query, 'endDate') ?? '') || Infinity;
		const { transactions, sessions } = core.state;
		const entries = sessionId
			? (sessions.get(sessionId)?.transactions ?? [])
			: transactions.values();
		if (query.status === undefined && !currency && start === -Infinity && end === Infinity) {
			return list(entries);
		}
		return list(entries, (entry) => {
			const created = Date.parse(entry.createdAt);
			return (
				(status === undefined || entry.status === status) &&
				(!currency || entry.currency === currency || entry.fromCurrency === currency) &&
				created >= start &&
				created <= end
			);
		});
	},

	'transaction.waitForUpdate': ({ params }, core) => {
		const entry = found(core.state.transactions, params.transactionId, 'Transaction');
		return new StreamStart('transaction', entry.id, entry);
	},
};

import { inMs, nextMoment } from './clock';
import type { Core } from './core';
import { exchangeRate, quote } from './money';
import { depositAddress, hex, newId, sessionToken, transactionReference } from './random';
import { FINAL_STATUSES, type CheckoutSession, type Json, type Transaction } from './state';

/** Opens a checkout session and hands it to the clock. Fields given win over the usual ones. */
export function createSession(core: Core, fields: Json = {}): CheckoutSession {
	const now = nextMoment();
	const customer = (fields.customer ?? {}) as Json;
	const { customer: _customer, ...known } = fields;
	const session: CheckoutSession = {
		sessionId: newId('cs', 32),
		amount: 1000,
		currency: 'NGN',
		description: null,
		customerName: customer.name ?? null,
		customerEmail: customer.email ?? null,
		status: 'PENDING',
		paymentTolerance: 2,
		fromCurrency: null,
		fromNetwork: null,
		refundAddress: null,
		depositAddress: null,
		callbackUrl: null,
		redirectUrl: null,
		expiresAt: inMs(core.expiresInMs),
		createdAt: now,
		updatedAt: now,
		...known,
		transactions: [],
	};
	core.state.sessions.set(session.sessionId, session);
	core.state.authTokens.set(session.sessionId, sessionToken(session.sessionId));
	runClock(core, session, (status) => setSessionStatus(core, session.sessionId, status));
	core.changed();
	return session;
}

/** Starts a transaction, in its session when it has one, and hands it to the clock. */
export function createTransaction(core: Core, fields: Json = {}): Transaction {
	const now = nextMoment();
	const { sessionId, ...known } = fields;
	const checkoutSessionId = (known.checkoutSessionId ?? sessionId) as string | undefined;
	const session = checkoutSessionId ? core.state.sessions.get(checkoutSessionId) : undefined;
	const token = String(known.fromCurrency ?? 'USDT');
	const network = String(known.fromNetwork ?? 'TRON');
	const currency = String(known.toCurrency ?? session?.currency ?? 'NGN');
	const price = quote(token, currency, Number(known.toAmount ?? session?.amount ?? 1000));
	const transaction: Transaction = {
		id: newId('trxn'),
		businessId: core.businessId,
		customerName: session?.customerName ?? null,
		customerEmail: session?.customerEmail ?? null,
		walletAddress: null,
		amount: price.toAmount,
		cryptoAmount: price.fromAmount,
		currency,
		cryptoCurrency: token,
		status: 'PENDING',
		payoutStatus: 'PENDING',
		transactionHash: null,
		blockConfirmations: 0,
		fees: price.fees,
		exchangeRate: exchangeRate(token, currency),
		createdAt: now,
		updatedAt: now,
		actualAmount: 0,
		addressSource: 'SIMULATOR',
		depositAddress: depositAddress(network),
		description: null,
		estimatedUsdtAmount: price.usdtAmount,
		expectedAmount: price.fromAmount,
		expiresAt: inMs(core.expiresInMs),
		fromAmount: price.fromAmount,
		fromCurrency: token,
		fromNetwork: network,
		isMobileMoney: false,
		paymentTolerance: 2,
		reference: transactionReference(new Date(now)),
		toAmount: price.toAmount,
		toCurrency: currency,
		toNetwork: null,
		txHash: null,
		type: 'crypto',
		gateioOrderId: null,
		usdValue: price.usdtAmount,
		usdtAmount: price.usdtAmount,
		refundTxHash: null,
		riskFlags: [],
		riskLevel: 'LOW',
		riskScore: 0,
		depositTxHash: null,
		settlementId: null,
		...known,
		...(checkoutSessionId ? { checkoutSessionId } : {}),
	};
	core.state.transactions.set(transaction.id, transaction);
	if (session) {
		session.transactions.push(transaction);
		for (const name of ['fromCurrency', 'fromNetwork', 'depositAddress'] as const) {
			session[name] = transaction[name];
		}
		touchSession(core, session);
	}
	runClock(core, transaction, (status) => setTransactionStatus(core, transaction.id, status));
	core.changed();
	return transaction;
}

/** Puts a session into a status and tells everybody: its stream and the webhooks. */
export function setSessionStatus(core: Core, sessionId: string, status: string): CheckoutSession {
	const session = core.state.sessions.get(sessionId);
	if (!session) throw new Error(`There is no checkout session ${sessionId}`);
	const before = session.status;
	session.status = status;
	touchSession(core, session);
	if (before !== status) core.webhooks.sessionChanged(session);
	core.changed();
	return session;
}

/** Puts a transaction into a status; its session follows. */
export function setTransactionStatus(core: Core, id: string, status: string): Transaction {
	const transaction = core.state.transactions.get(id);
	if (!transaction) throw new Error(`There is no transaction ${id}`);
	const before = transaction.status;
	transaction.status = status;
	Object.assign(transaction, consequences(transaction, status));
	transaction.updatedAt = nextMoment(transaction.updatedAt);
	core.streams.publish('transaction', id, transaction, FINAL_STATUSES.has(status));
	if (before !== status) core.webhooks.transactionChanged(transaction);
	const { checkoutSessionId } = transaction;
	if (checkoutSessionId && core.state.sessions.has(checkoutSessionId)) {
		setSessionStatus(core, checkoutSessionId, status);
	}
	core.changed();
	return transaction;
}

function touchSession(core: Core, session: CheckoutSession): void {
	session.updatedAt = nextMoment(session.updatedAt);
	const isFinal = FINAL_STATUSES.has(session.status);
	core.streams.publish('session', session.sessionId, session, isFinal);
}

/** What else is true of a transaction once it has this status. */
function consequences(transaction: Transaction, status: string): Json {
	const expected = Number(transaction.expectedAmount);
	switch (status) {
		case 'PENDING':
			return { payoutStatus: 'PENDING', actualAmount: 0, blockConfirmations: 0 };
		case 'PROCESSING':
			return { ...paid(transaction, expected), blockConfirmations: 1 };
		case 'COMPLETED':
			return { ...paid(transaction, expected), payoutStatus: 'PAID' };
		case 'PARTIAL_PAYMENT':
			return paid(transaction, expected * 0.6);
		case 'EXCESS_PAYMENT':
			return paid(transaction, expected * 1.2);
		case 'COMPLIANCE_HOLD':
			return { ...paid(transaction, expected), riskLevel: 'HIGH', riskScore: 90 };
		case 'REFUNDED':
			return {
				...paid(transaction, expected),
				payoutStatus: 'FAILED',
				refundAmount: expected,
				refundTxHash: transaction.refundTxHash ?? `0x${hex(64)}`,
			};
		case 'FAILED':
			return { payoutStatus: 'FAILED' };
		default:
			return {};
	}
}

function paid(transaction: Transaction, actualAmount: number): Json {
	const hash = transaction.txHash ?? `0x${hex(64)}`;
	return {
		actualAmount: Number(actualAmount.toFixed(6)),
		transactionHash: hash,
		txHash: hash,
		depositTxHash: hash,
		blockConfirmations: 20,
	};
}

/**
 * Moves a new object along as `autoPay` says, and lets it expire when nobody pays. Where a customer has opened
 * the page before the first step, nobody else pays.
 */
function runClock(
	core: Core,
	object: CheckoutSession | Transaction,
	move: (status: string) => void,
): void {
	const driven = () => Array.isArray(object.transactions) && object.transactions.length > 0;
	const attended = () =>
		core.state.attended.has(String(object.sessionId ?? object.checkoutSessionId));
	const { autoPay } = core.options;
	const step = (index: number) => {
		// A session with a transaction follows it and must not run ahead.
		if (FINAL_STATUSES.has(object.status) || driven()) return;
		move(autoPay!.steps[index]);
		if (index + 1 < autoPay!.steps.length) {
			core.timers.later(autoPay!.everyMs, () => step(index + 1));
		}
	};
	if (autoPay && autoPay.steps.length > 0) {
		core.timers.later(autoPay.afterMs, () => {
			if (!attended()) step(0);
		});
	}
	core.timers
		.later(core.expiresInMs, () => {
			if (object.status === 'PENDING' && !driven()) move('EXPIRED');
		})
		.unref();
}

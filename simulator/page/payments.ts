import type { Core } from '../core';
import { FINAL_STATUSES, type CheckoutSession, type Json, type Transaction } from '../state';
import type { Token } from '../tokens';
import {
	createSession,
	createTransaction,
	setSessionStatus,
	setTransactionStatus,
} from '../transitions';

/** How long the simulated blockchain takes to confirm: long enough to be seen. */
const CONFIRMING_MS = 1500;

/** Something that the customer can do about a payment: the statuses that follow, one after another. */
export interface Action {
	label: string;
	steps: readonly string[];
	/** The one that most come for. */
	main?: boolean;
}

/** What a session is paid for, when a page of this simulator opened it. */
export interface Origin {
	/** The page to go back to. */
	path: string;
	label: string;
	/** Called once, when the session is completed. */
	onPaid: () => void;
}

const origins = new WeakMap<CheckoutSession, Origin>();

const PAY = ['PROCESSING', 'COMPLETED'];
const EXPIRE: Action = { label: 'Let it expire', steps: ['EXPIRED'] };
const CANCEL: Action = { label: 'Cancel', steps: ['CANCELLED'] };

/** The payment under way in a session: its newest. */
export function paymentOf({ transactions }: CheckoutSession): Transaction | undefined {
	return transactions.at(-1);
}

/** Everything that the customer can do now, by the name that the form sends. */
export function actionsFor(session: CheckoutSession): Record<string, Action> {
	const payment = paymentOf(session);
	if (!payment) return FINAL_STATUSES.has(session.status) ? {} : { CANCEL, EXPIRE };
	const token = String(payment.fromCurrency);
	const expected = Number(payment.expectedAmount);
	const missing = Number((expected - Number(payment.actualAmount)).toFixed(6));
	switch (payment.status) {
		case 'PENDING':
			return {
				PAY: { label: `Pay ${expected} ${token}`, steps: PAY, main: true },
				PAY_LESS: { label: 'Pay too little', steps: ['PARTIAL_PAYMENT'] },
				PAY_MORE: { label: 'Pay too much', steps: ['EXCESS_PAYMENT'] },
				CANCEL,
				EXPIRE,
			};
		case 'PARTIAL_PAYMENT':
			return {
				PAY: { label: `Pay the missing ${missing} ${token}`, steps: PAY, main: true },
				CANCEL,
				EXPIRE,
			};
		case 'EXCESS_PAYMENT':
			return {
				KEEP: { label: 'Let the shop keep it', steps: PAY, main: true },
				REFUND: { label: 'Have it sent back', steps: ['REFUNDED'] },
			};
		default:
			return {};
	}
}

/**
 * Takes an action: the first status at once, each further one when the blockchain had its time. One that is
 * not offered any more changes nothing: the page shows how things stand.
 */
export function take(core: Core, session: CheckoutSession, name: string): void {
	const actions = actionsFor(session);
	if (!Object.hasOwn(actions, name)) return;
	const payment = paymentOf(session);
	const move = (status: string) =>
		payment
			? setTransactionStatus(core, payment.id, status)
			: setSessionStatus(core, session.sessionId, status);
	const walk = ([status, ...further]: readonly string[]) => {
		move(status);
		if (further.length === 0) return;
		core.timers.later(CONFIRMING_MS, () => {
			// Somebody else may have moved it meanwhile.
			if (session.status === status) walk(further);
		});
	};
	walk(actions[name].steps);
}

/** The customer has chosen what to pay with: there is a deposit address from here on. */
export function choose(core: Core, session: CheckoutSession, token: Token): void {
	if (paymentOf(session) || FINAL_STATUSES.has(session.status)) return;
	createTransaction(core, {
		checkoutSessionId: session.sessionId,
		fromCurrency: token.ticker,
		fromNetwork: token.network,
		toCurrency: session.currency,
		toAmount: session.amount,
		description: session.description,
	});
}

/** Opens a session that pays for something else, and gives the path of its page. */
export function payFor(core: Core, origin: Origin, fields: Json): string {
	const session = createSession(core, fields);
	origins.set(session, origin);
	const look = () => {
		if (!FINAL_STATUSES.has(session.status)) return;
		core.watchers.delete(look);
		if (session.status !== 'COMPLETED') return;
		origin.onPaid();
		core.changed();
	};
	core.watchers.add(look);
	return `/checkout/${session.sessionId}`;
}

/** What a session was opened for. */
export function originOf(session: CheckoutSession): Origin | undefined {
	return origins.get(session);
}

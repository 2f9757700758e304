import { html } from 'ghtml';

import { ApiError } from '../answers';
import type { CheckoutSession, Transaction } from '../state';
import { TOKENS } from '../tokens';
import type { FindPage } from './page';
import {
	copyable,
	countdown,
	headline,
	linkTo,
	money,
	order,
	qrCode,
	sheet,
	tokenChoice,
	type Mood,
} from './parts';
import { actionsFor, choose, originOf, paymentOf, take } from './payments';

/** What each status means to the customer. Waiting for the money needs no words: it shows the address. */
const MEANINGS: Readonly<Record<string, [Mood, string, string]>> = {
	PROCESSING: [
		'wait',
		'Payment seen',
		'The blockchain is confirming it. This page tells when it is done.',
	],
	COMPLETED: ['good', 'Paid', 'Your payment has arrived. Thank you!'],
	PARTIAL_PAYMENT: ['warn', 'Not enough yet', 'Less than the amount has arrived.'],
	EXCESS_PAYMENT: ['warn', 'More than asked', 'More than the amount has arrived.'],
	COMPLIANCE_HOLD: ['warn', 'Being reviewed', 'The payment has arrived and is held for a review.'],
	EXPIRED: ['bad', 'Expired', 'The time to pay is over. Do not send anything to this address.'],
	CANCELLED: ['bad', 'Cancelled', 'This payment was cancelled. Nothing was charged.'],
	FAILED: ['bad', 'Failed', 'This payment did not go through.'],
	REFUNDED: ['warn', 'Refunded', 'The money is on its way back to you.'],
};

/** `/checkout/{sessionId}`: where a session is paid. */
export const checkout: FindPage = (core, id) => {
	const session = core.state.sessions.get(id);
	if (!session) return undefined;
	const path = `/checkout/${id}`;
	return {
		title: titleOf(session),
		opened: () => core.state.attended.add(id),
		view: () => sheet(session.status, orderOf(session), stepOf(session)),
		act(form) {
			const tokenId = form.get('token');
			if (tokenId === null) {
				take(core, session, form.get('do') ?? '');
				return path;
			}
			const token = TOKENS.find((known) => known.id === tokenId);
			if (!token) throw new ApiError(422, 'Choose what to pay with.');
			choose(core, session, token);
			return path;
		},
	};
};

const titleOf = ({ description }: CheckoutSession) => String(description || 'Your payment');

function orderOf(session: CheckoutSession): string {
	const { amount, currency, customerName, customerEmail } = session;
	const reference = paymentOf(session)?.reference;
	return order(titleOf(session), money(amount, currency), [
		customerName,
		customerEmail,
		reference && `Reference ${reference}`,
	]);
}

function stepOf(session: CheckoutSession): string {
	const payment = paymentOf(session);
	const meaning = MEANINGS[session.status];
	if (meaning) {
		const [mood, title, text] = meaning;
		return headline(mood, title, text) + figuresOf(payment) + actions(session) + wayOut(session);
	}
	if (!payment) return chooseToken(session) + actions(session);
	return deposit(payment) + actions(session);
}

function chooseToken({ amount, currency, expiresAt }: CheckoutSession): string {
	return html`<h2 tabindex="-1">How would you like to pay?</h2>
		!${countdown(expiresAt)}
		<form method="post">
			!${tokenChoice(TOKENS, amount, currency)}
			<button>Continue</button>
		</form>`;
}

function deposit(payment: Transaction): string {
	const { expectedAmount, fromCurrency, fromNetwork, depositAddress, expiresAt } = payment;
	return html`<h2 tabindex="-1">Send ${money(expectedAmount, fromCurrency)}</h2>
		!${countdown(expiresAt)}
		<div class="deposit">
			!${qrCode(String(depositAddress))}
			<div>
				!${copyable(`Amount in ${String(fromCurrency)}`, String(expectedAmount), 'amount')}
				!${copyable(`Address on ${String(fromNetwork)}`, String(depositAddress), 'address')}
			</div>
		</div>`;
}

/** How much was asked, and how much has come. */
function figuresOf(payment: Transaction | undefined): string {
	if (!payment || !Number(payment.actualAmount)) return '';
	const { expectedAmount, actualAmount, fromCurrency, txHash } = payment;
	return html`<dl>
		<dt>Asked</dt>
		<dd>${money(expectedAmount, fromCurrency)}</dd>
		<dt>Received</dt>
		<dd>${money(actualAmount, fromCurrency)}</dd>
		<dt>Transaction</dt>
		<dd class="hash">${txHash}</dd>
	</dl>`;
}

function actions(session: CheckoutSession): string {
	const entries = Object.entries(actionsFor(session));
	if (entries.length === 0) return '';
	const buttons = entries.map(
		([name, { label, main }]) =>
			html`<button name="do" value="${name}" class="${main ? '' : 'secondary outline'}">
				${label}
			</button>`,
	);
	return html`<form method="post" class="customer" aria-label="Be the customer">
		<p><b>Be the customer.</b> This is a simulator: no money moves.</p>
		<div>!${buttons}</div>
	</form>`;
}

/** Where to go once it is over: back to the shop, to what was paid for, or out of the shop's frame. */
function wayOut(session: CheckoutSession): string {
	if (Object.keys(actionsFor(session)).length > 0 || session.status === 'PROCESSING') return '';
	const origin = originOf(session);
	return html`<nav>
		!${linkTo(session.redirectUrl, 'Back to the shop')}
		!${origin ? linkTo(origin.path, origin.label) : ''}
		<button type="button" data-close hidden>Done</button>
	</nav>`;
}

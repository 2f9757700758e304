import { html } from 'ghtml';

import { ApiError } from '../answers';
import type { Core } from '../core';
import { quote, tokenUnits } from '../money';
import { handlers } from '../operations';
import { hex } from '../random';
import type { Json, Price, Subscription, SubscriptionCheckout } from '../state';
import { periodMs, update } from '../subscriptions';
import { TOKENS, type Token } from '../tokens';
import type { FindPage } from './page';
import { countdown, headline, linkTo, money, order, sheet, tokenChoice } from './parts';

const WALLET_TOKENS = TOKENS.filter(({ forSubscriptions }) => forSubscriptions);

/** A wallet is asked for so many periods at once. */
const PERIODS = 12;

interface Approval {
	checkout: SubscriptionCheckout;
	subscription: Subscription;
	/** The price that is approved: of an upgrade, the new one. None for metered subscriptions. */
	price: Price | undefined;
	amount: number;
	currency: string;
}

/** `/approve/{id}`: the `approval_url` of a subscription checkout. */
export const approval: FindPage = (core, id) => {
	const approved = approvalOf(core, id);
	if (!approved) return undefined;
	const { checkout } = approved;
	return {
		title: titleOf(core, approved),
		view: () => sheet(checkout.status, orderOf(core, approved), stepOf(approved)),
		act(form) {
			if (checkout.status === 'pending') decide(core, approved, form);
			return `/approve/${id}`;
		},
	};
};

function approvalOf(core: Core, id: string): Approval | undefined {
	const { subscriptionCheckouts, checkoutLinks, subscriptions, prices } = core.state;
	const checkout = subscriptionCheckouts.get(id);
	const links = checkoutLinks.get(id);
	const subscription = subscriptions.get(links?.subscriptionId ?? '');
	if (!checkout || !links || !subscription) return undefined;
	const price = prices.get(links.newPriceId ?? subscription.priceId ?? '');
	const target = (subscription.targetPrice ?? {}) as Json;
	return {
		checkout,
		subscription,
		price,
		amount: Number(price?.amount ?? target.targetAmount ?? 0),
		currency: String(price?.currency ?? target.targetCurrency ?? 'USDT'),
	};
}

function decide(core: Core, approved: Approval, form: URLSearchParams): void {
	if (form.get('do') === 'DECLINE') return decline(core, approved);
	const token = WALLET_TOKENS.find(({ id }) => id === form.get('token'));
	if (!token) throw new ApiError(422, 'Choose what to pay with.');
	approve(core, approved, token);
}

/** What the wallet of a real subscriber does: it agrees to the limits, and signs. */
function approve(core: Core, approved: Approval, token: Token): void {
	const { checkout, subscription, price, amount, currency } = approved;
	const perCharge = quote(token.ticker, currency, amount).fromAmount;
	const period = Math.round(periodMs(price) / 1000);
	const now = Math.floor(Date.now() / 1000);
	const walletAddress = `0x${hex(40)}`;
	const call = (operationId: string, params: Record<string, string>, body: Json) =>
		handlers[operationId]({ params, query: {}, headers: {}, body }, core);
	call(
		'subscriptionCheckout.confirm',
		{ sessionId: checkout.id },
		{
			walletAddress,
			tokenId: token.id,
			limits: {
				capAmount: tokenUnits(perCharge * PERIODS, token.decimals),
				maxPerCharge: tokenUnits(perCharge, token.decimals),
			},
			schedule: { periodSeconds: period, nextDue: now + period, expiry: now + PERIODS * period },
		},
	);
	call(
		'subscriptionAuthorization.create',
		{ subscriptionId: subscription.id },
		{ walletAddress, signature: `0x${hex(130)}` },
	);
	core.changed();
}

/** Nothing is approved; a subscription that had not begun will not. */
function decline(core: Core, { checkout, subscription }: Approval): void {
	checkout.status = 'cancelled';
	if (subscription.status === 'INCOMPLETE') {
		update(subscription, { status: 'INCOMPLETE_EXPIRED' }, ['status']);
	}
	core.changed();
}

function titleOf(core: Core, { price }: Approval): string {
	const plan = core.state.plans.get(price?.planId ?? '');
	return String(plan?.name ?? 'Pay as you go');
}

function orderOf(core: Core, approved: Approval): string {
	const { subscription, price, amount, currency } = approved;
	const days = Number(price?.trialPeriodDays ?? 0);
	const trial = days > 0 && subscription.status === 'INCOMPLETE';
	return order(
		titleOf(core, approved),
		money(amount, currency),
		[
			price ? `Every ${every(price)}` : 'At most, for each charge',
			trial && `The first ${days} days are free`,
			core.state.customers.get(subscription.customerId)?.email,
		].filter(Boolean),
	);
}

function every({ interval, intervalCount }: Price): string {
	const unit = interval.toLowerCase().replace(/ly$/, '');
	return intervalCount === 1 ? unit : `${intervalCount} ${unit}s`;
}

function stepOf({ checkout, subscription, amount, currency }: Approval): string {
	if (checkout.status === 'confirmed') {
		const meaning = `Your subscription is ${subscription.status}. You can close this page.`;
		return headline('good', 'Approved', meaning) + linkTo(checkout.successUrl, 'Back to the shop');
	}
	if (checkout.status !== 'pending') {
		const meaning = 'Nothing was approved, and nothing is charged.';
		return headline('bad', 'Declined', meaning) + linkTo(checkout.cancelUrl, 'Back to the shop');
	}
	return html`<h2 tabindex="-1">Approve the charges</h2>
		!${countdown(checkout.expires_at)}
		<form method="post">
			!${tokenChoice(WALLET_TOKENS, amount, currency)}
			<p>In place of a wallet, this simulator makes one up and signs for it.</p>
			<button name="do" value="APPROVE">Approve</button>
			<button name="do" value="DECLINE" class="secondary outline">Decline</button>
		</form>`;
}

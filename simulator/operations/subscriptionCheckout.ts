import { ApiError, found, given, success, type Handlers } from '../answers';
import { nextMoment } from '../clock';
import type { Core } from '../core';
import { COLLECTOR, merchantId, SPENDER, typedData } from '../eip712';
import { tokenUnits } from '../money';
import { hex } from '../random';
import type { Authorization, Json, Subscription, SubscriptionCheckoutLinks } from '../state';
import { createCustomer, createSubscription, openCheckout, startPeriod } from '../subscriptions';
import { TOKENS, type Token } from '../tokens';

interface Confirmation {
	walletAddress: string;
	tokenId: string;
	limits: { capAmount: string; maxPerCharge: string };
	schedule: { periodSeconds: number; nextDue: number; expiry: number };
}

/** The page where a subscriber approves the charges. */
export const subscriptionCheckout: Handlers = {
	'subscriptionCheckout.create': ({ body }, core) => {
		const { billingMode, priceId, targetPrice, customer, metadata, ...page } = body;
		if (billingMode === 'FIXED') {
			const price = found(core.state.prices, String(priceId), 'Price');
			if (!price.active) throw new ApiError(409, 'The price is not on offer any more');
		}
		const buyer = createCustomer(core, given(customer as Json) as Json & { email: string });
		const subscription = createSubscription(core, {
			customerId: buyer.id,
			billingMode,
			priceId: billingMode === 'FIXED' ? priceId : null,
			...(targetPrice ? { targetPrice } : {}),
			...(metadata ? { metadata } : {}),
		});
		const links: SubscriptionCheckoutLinks = {
			subscriptionId: subscription.id,
			customerId: buyer.id,
			purpose: 'start',
		};
		return success(opened(core, links, { ...page, billingMode }));
	},

	'subscriptionCheckout.get': ({ params }, core) =>
		success(found(core.state.subscriptionCheckouts, params.sessionId, 'Checkout session')),

	'subscriptionCheckout.confirm': ({ params, body }, core) => {
		const checkout = found(core.state.subscriptionCheckouts, params.sessionId, 'Checkout session');
		if (checkout.status !== 'pending') {
			throw new ApiError(409, `The checkout session is already ${checkout.status}`);
		}
		const asked = body as unknown as Confirmation;
		const token = TOKENS.find(
			({ id, forSubscriptions }) => forSubscriptions && id === asked.tokenId,
		);
		if (!token) throw new ApiError(404, 'Token not found');
		if (BigInt(asked.limits.maxPerCharge) > BigInt(asked.limits.capAmount)) {
			throw new ApiError(422, 'limits.maxPerCharge is above limits.capAmount');
		}
		if (asked.schedule.expiry <= asked.schedule.nextDue) {
			throw new ApiError(422, 'schedule.expiry must be after schedule.nextDue');
		}
		const links = found(core.state.checkoutLinks, checkout.id, 'Checkout session');
		const subscription = found(core.state.subscriptions, links.subscriptionId, 'Subscription');
		const authorization = authorize(core, subscription, token, asked);
		checkout.status = 'confirmed';
		if (links.newPriceId) subscription.priceId = links.newPriceId;
		if (links.purpose !== 'authorize') startPeriod(core, subscription);
		return {
			token: {
				address: token.address,
				symbol: token.ticker,
				decimals: token.decimals,
				chainId: token.chainId,
			},
			auth: {
				merchantId: merchantId(core.businessId),
				authId: authorization.authId,
				spender: SPENDER,
				collector: COLLECTOR,
			},
			allowance: {
				method: 'approve',
				spender: SPENDER,
				requiredAllowanceUnits: asked.limits.capAmount,
			},
			eip712: authorization.eip712,
			preview: preview(core, subscription, token, asked),
		};
	},
};

/** Opens a checkout and tells who it is for, as creation, renewal and upgrade all answer. */
export function opened(core: Core, links: SubscriptionCheckoutLinks, fields: Json = {}): Json {
	const checkout = openCheckout(core, links, fields);
	const { id, status, approval_url, expires_at } = checkout;
	const subscription = found(core.state.subscriptions, links.subscriptionId, 'Subscription');
	const customer = core.state.customers.get(links.customerId);
	return {
		checkoutSession: { id, status, approval_url, expires_at },
		subscription: { id: subscription.id, status: subscription.status },
		customer: { id: links.customerId, email: customer?.email },
		...(links.purpose === 'start' ? {} : { renewalFor: subscription.id }),
	};
}

function authorize(
	core: Core,
	subscription: Subscription,
	token: Token,
	asked: Confirmation,
): Authorization & { eip712: Json } {
	const now = nextMoment();
	const authId = `0x${hex(64)}`;
	const authorization = {
		subscriptionId: subscription.id,
		authId,
		status: 'PENDING',
		txHash: null,
		walletAddress: asked.walletAddress,
		tokenAddress: token.address,
		eip712: typedData(token, {
			merchantId: merchantId(core.businessId),
			authId,
			subscriber: asked.walletAddress,
			amount: asked.limits.maxPerCharge,
			periodSeconds: asked.schedule.periodSeconds,
			deadline: asked.schedule.expiry,
		}),
		createdAt: now,
		updatedAt: now,
	};
	core.state.authorizations.set(subscription.id, authorization);
	return authorization;
}

function preview(core: Core, subscription: Subscription, token: Token, asked: Confirmation): Json {
	const price = core.state.prices.get(subscription.priceId ?? '');
	const trial = subscription.status === 'TRIALING';
	const amount = trial ? '0' : (price?.amount ?? '0');
	return {
		type: trial ? 'TRIAL' : 'CHARGE',
		fromAmountHuman: amount,
		fromAmountUnits: tokenUnits(amount, token.decimals),
		expiresAt: asked.schedule.nextDue,
	};
}

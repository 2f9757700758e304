import { ApiError, found, list, success, text, type Call, type Handlers } from '../answers';
import { nextMoment } from '../clock';
import type { Core } from '../core';
import { newId } from '../random';
import type { Json, Price, Subscription } from '../state';
import { createSubscription, startPeriod, update } from '../subscriptions';
import { opened } from './subscriptionCheckout';

/** Standing agreements between customers and prices. */
export const subscription: Handlers = {
	'subscription.create': ({ body }, core) => {
		const customer = found(core.state.customers, String(body.customer_id), 'Customer');
		const price = found(core.state.prices, String(body.price_id), 'Price');
		const created = createSubscription(core, {
			customerId: customer.id,
			priceId: price.id,
			...(body.payment_method_id ? { paymentMethodId: body.payment_method_id } : {}),
			...(body.metadata ? { metadata: body.metadata } : {}),
		});
		startPeriod(core, created, body.trial_end as string | undefined);
		return success(created);
	},

	'subscription.get': (call, core) => success(of(call, core)),

	'subscription.getAll': ({ query }, core) => {
		const status = text(query, 'status')?.toUpperCase();
		const customerId = text(query, 'customerId') ?? text(query, 'customer_id');
		return list(
			core.state.subscriptions.values(),
			(entry) =>
				(status === undefined || entry.status === status) &&
				(!customerId || entry.customerId === customerId),
		);
	},

	'subscription.update': (call, core) => {
		const entry = running(call, core);
		const { status, metadata, cancel_at_period_end: cancelAtPeriodEnd } = call.body;
		const sent = {
			status: status === undefined ? undefined : String(status).toUpperCase(),
			metadata,
			cancelAtPeriodEnd,
		};
		return success(update(entry, sent, ['status', 'metadata', 'cancelAtPeriodEnd']));
	},

	'subscription.cancel': (call, core) => {
		const entry = running(call, core);
		const atPeriodEnd = call.body.cancel_at_period_end === true;
		if (atPeriodEnd) entry.cancelAtPeriodEnd = true;
		else entry.status = 'CANCELED';
		entry.canceledAt = nextMoment(entry.updatedAt);
		if (call.body.reason !== undefined) entry.cancellationReason = call.body.reason;
		return success(update(entry, {}, []));
	},

	'subscription.confirmCancellation': (call, core) => {
		const entry = of(call, core);
		if (entry.status !== 'CANCELED' && !entry.cancelAtPeriodEnd) {
			throw new ApiError(409, 'The subscription is not being cancelled');
		}
		const authorization = core.state.authorizations.get(entry.id);
		if (authorization) {
			const txHash = call.body.txHash ?? authorization.txHash;
			Object.assign(authorization, { status: 'REVOKED', txHash });
		}
		return success(update(entry, { status: 'CANCELED' }, ['status']));
	},

	'subscription.renew': (call, core) => {
		const entry = of(call, core);
		return success(opened(core, { ...linksOf(entry), purpose: 'renew' }));
	},

	'subscription.upgrade': (call, core) => {
		const entry = running(call, core);
		const { id } = newPrice(call, core, entry);
		return success(opened(core, { ...linksOf(entry), purpose: 'upgrade', newPriceId: id }));
	},

	'subscription.downgrade': (call, core) => {
		const entry = running(call, core);
		entry.pendingPriceId = newPrice(call, core, entry).id;
		entry.pendingPriceChangeId = newId('ppc');
		update(entry, {}, []);
		return success({
			subscription: { id: entry.id, status: entry.status },
			pendingPriceChangeId: entry.pendingPriceChangeId,
			priceId: entry.pendingPriceId,
			effectiveAt: entry.currentPeriodEnd,
		});
	},
};

/** The subscription that a path names, or a 404. */
export function of({ params }: Call, core: Core): Subscription {
	return found(core.state.subscriptions, params.subscriptionId, 'Subscription');
}

/** The same, or a 409 when it has ended. */
export function running(call: Call, core: Core): Subscription {
	const entry = of(call, core);
	if (entry.status === 'CANCELED') throw new ApiError(409, 'The subscription is already canceled');
	return entry;
}

function linksOf(entry: Subscription): { subscriptionId: string; customerId: string } {
	return { subscriptionId: entry.id, customerId: entry.customerId };
}

function newPrice({ body }: { body: Json }, core: Core, entry: Subscription): Price {
	if (entry.billingMode === 'METERED') {
		throw new ApiError(409, 'A metered subscription has no price to change');
	}
	const price = found(core.state.prices, String(body.priceId), 'Price');
	if (price.id === entry.priceId)
		throw new ApiError(409, 'The subscription has this price already');
	return price;
}

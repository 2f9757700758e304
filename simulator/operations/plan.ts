import { found, given, list, success, text, type Handlers } from '../answers';
import { createPlan, createPrice, update } from '../subscriptions';

/** What is sold by subscription. */
export const plan: Handlers = {
	'plan.create': ({ body }, core) => success(createPlan(core, given(body))),

	'plan.get': ({ params }, core) => success(found(core.state.plans, params.planId, 'Plan')),

	'plan.getAll': ({ query }, core) =>
		list(core.state.plans.values(), isActive(text(query, 'active'))),

	'plan.update': ({ params, body }, core) => {
		const entry = found(core.state.plans, params.planId, 'Plan');
		return success(update(entry, body, ['name', 'description', 'active', 'metadata']));
	},
};

/** What a plan costs, and how often. */
export const price: Handlers = {
	'price.create': ({ params, body }, core) => {
		found(core.state.plans, params.planId, 'Plan');
		return success(createPrice(core, { ...given(body), planId: params.planId }));
	},

	'price.getAll': ({ params, query }, core) => {
		const { prices } = found(core.state.plans, params.planId, 'Plan');
		return list(prices, isActive(text(query, 'active')));
	},

	'price.update': ({ params, body }, core) => {
		const entry = found(core.state.prices, params.priceId, 'Price');
		return success(update(entry, body, ['amount', 'trialPeriodDays', 'active', 'metadata']));
	},
};

function isActive(
	wanted: string | undefined,
): ((entry: { active: boolean }) => boolean) | undefined {
	if (wanted === undefined) return undefined;
	return ({ active }) => String(active) === wanted;
}

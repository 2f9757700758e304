import { byId } from '../../support/engine';
import { nothing, wrongKey, type Cases } from './case';

const noPlan = { planId: byId('nothing') };

export const plans: Cases = {
	'plan.create': {
		given: () => ({
			name: 'Pro',
			additionalFields: { metadata: { entry: [{ key: 'tier', value: '2' }] } },
		}),
		gives: ({ first, simulator }) => {
			expect(first).toMatchObject({ name: 'Pro', active: true, metadata: { tier: '2' } });
			expect(simulator.state.plans.has(String(first.id))).toBe(true);
		},
		refused: wrongKey,
		bad: [
			'Metadata has no key in row 1',
			{ additionalFields: { metadata: { entry: [{ key: '', value: '2' }] } } },
		],
	},
	'plan.get': {
		given: (simulator) => ({ planId: byId(simulator.create.plan({ name: 'Basic' }).id) }),
		gives: ({ first, parameters: { planId } }) =>
			expect(first).toMatchObject({ id: (planId as { value: string }).value, name: 'Basic' }),
		refused: [404, 'Plan not found', noPlan],
		bad: ['Plan ID "." is not an ID', { planId: byId('.') }],
	},
	'plan.getAll': {
		given: (simulator) => {
			simulator.create.plan({ name: 'Old', active: false });
			return { returnAll: true, filters: { active: false } };
		},
		gives: ({ output }) => {
			expect(output.length).toBeGreaterThan(0);
			expect(output.every(({ active }) => active === false)).toBe(true);
		},
		refused: wrongKey,
		bad: [
			'Active must be true or false, but it is "perhaps"',
			{ filters: { active: '={{ "perhaps" }}' } },
		],
	},
	'plan.update': {
		given: (simulator) => ({
			planId: byId(simulator.create.plan({ description: 'Old words' }).id),
			updateFields: { description: '', active: false },
		}),
		// An empty text empties the field; what is not given stays.
		gives: ({ first }) =>
			expect(first).toMatchObject({ name: 'Plan', description: '', active: false }),
		refused: [404, 'Plan not found', noPlan],
		bad: ['Update Fields is empty', { updateFields: {} }],
	},
	'price.create': {
		given: (simulator) => ({
			planId: byId(simulator.create.plan().id),
			amount: '29.90',
			currency: 'NGN',
			interval: 'month',
			additionalFields: { intervalCount: 3, trialPeriodDays: 0 },
		}),
		gives: ({ first, simulator }) => {
			expect(first).toMatchObject({ amount: '29.90', interval: 'month', intervalCount: 3 });
			expect(simulator.requests.at(-1)?.body).toMatchObject({ trialPeriodDays: 0 });
		},
		refused: [404, 'Plan not found', noPlan],
		bad: [
			'Interval Count must be a whole number above zero, but it is "1.5"',
			{ additionalFields: { intervalCount: '={{ 1.5 }}' } },
		],
	},
	'price.getAll': {
		given: (simulator) => {
			const { planId } = simulator.create.price({ amount: '1' });
			simulator.create.price({ planId, amount: '2' });
			simulator.create.price({ amount: '3' });
			return { planId: byId(planId) };
		},
		gives: ({ output }) => expect(output.map(({ amount }) => amount)).toEqual(['2', '1']),
		refused: [404, 'Plan not found', noPlan],
		bad: ['Plan is empty', { planId: byId(nothing) }],
	},
	'price.update': {
		given: (simulator) => ({
			priceId: byId(simulator.create.price({ amount: '10' }).id),
			updateFields: { amount: '12.50' },
		}),
		gives: ({ first }) => expect(first).toMatchObject({ amount: '12.50', currency: 'NGN' }),
		refused: [404, 'Price not found', { priceId: byId('nothing') }],
		bad: ['Amount must be a number, but it is "12,50"', { updateFields: { amount: '12,50' } }],
	},
};

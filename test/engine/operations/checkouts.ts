import type { Simulator } from '../../../simulator';
import { byId } from '../../support/engine';
import { nothing, type Cases } from './case';

const MOST = (2n ** 256n - 1n).toString();

/** A checkout session of a subscription, put there as Create would. */
function opened({ state, create }: Simulator): string {
	const { id: subscriptionId, customerId } = create.subscription({ status: 'INCOMPLETE' });
	const id = `session_${state.subscriptionCheckouts.size}`;
	state.subscriptionCheckouts.set(id, {
		id,
		status: 'pending',
		approval_url: `https://checkout.kuvarpay.com/approve/${id}`,
		expires_at: '2031-01-01T00:00:00.000Z',
	});
	state.checkoutLinks.set(id, { subscriptionId, customerId, purpose: 'start' });
	return id;
}

export const checkouts: Cases = {
	'subscriptionCheckout.create': {
		given: () => ({
			billingMode: 'METERED',
			targetAmount: '15000',
			targetCurrency: 'NGN',
			customerEmail: 'ada@example.com',
			additionalFields: { customerFirstName: 'Ada', strategy: 'liberal' },
		}),
		gives: ({ first, simulator }) => {
			expect(first).toMatchObject({
				checkoutSession: {
					status: 'pending',
					approval_url: expect.stringMatching(/\/approve\/session_/),
				},
				customer: { email: 'ada@example.com' },
			});
			expect(simulator.requests.at(-1)?.body).toMatchObject({
				targetPrice: { targetAmount: '15000', targetCurrency: 'NGN' },
				customer: { firstName: 'Ada' },
			});
		},
		refused: [404, 'Price not found', { billingMode: 'FIXED', priceId: byId('nothing') }],
		bad: ['Target Amount is empty', { targetAmount: nothing }],
	},
	'subscriptionCheckout.get': {
		given: (simulator) => ({ sessionId: opened(simulator) }),
		gives: ({ first, parameters: { sessionId } }) =>
			expect(first).toMatchObject({ id: sessionId, status: 'pending' }),
		refused: [404, 'Checkout session not found', { sessionId: 'nothing' }],
		bad: ['Session ID is empty', { sessionId: nothing }],
	},
	'subscriptionCheckout.confirm': {
		given: (simulator) => ({
			sessionId: opened(simulator),
			walletAddress: '0x71C7656EC7ab88b098defB751B7401B5f6d8976F',
			tokenId: 'tok_usdt_bep20',
			capAmount: MOST,
			maxPerCharge: '5000000000000000000',
			periodSeconds: 2592000,
			nextDue: '2031-01-01T00:00:00Z',
			expiry: 1956528000,
		}),
		gives: ({ first, simulator }) => {
			expect(first).toMatchObject({ allowance: { requiredAllowanceUnits: MOST } });
			expect(simulator.requests.at(-1)?.body).toMatchObject({
				limits: { capAmount: MOST },
				schedule: { periodSeconds: 2592000, nextDue: 1924992000, expiry: 1956528000 },
			});
		},
		refused: [404, 'Token not found', { tokenId: 'nothing' }],
		bad: [
			'Max per Charge must be a whole number of the token\'s smallest units, but it is "0.5"',
			{ maxPerCharge: '0.5' },
		],
	},
};

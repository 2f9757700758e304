import type { Simulator } from '../../../simulator';
import { byId } from '../../support/engine';
import { nothing, wrongKey, type Case, type Cases } from './case';

const noSubscription = { subscriptionId: byId('nothing') };
const notFound: Case['refused'] = [404, 'Subscription not found', noSubscription];
const empty: Case['bad'] = ['Subscription is empty', { subscriptionId: byId(nothing) }];

const running = (simulator: Simulator, fields = {}) => {
	const { id } = simulator.create.subscription(fields);
	return { subscriptionId: byId(id) };
};
const stateOf = (simulator: Simulator, { subscriptionId }: Record<string, unknown>) =>
	simulator.state.subscriptions.get((subscriptionId as { value: string }).value)!;

/** One that the subscriber has allowed to be charged. */
const authorized = (simulator: Simulator) => {
	const { id, createdAt, updatedAt } = simulator.create.subscription();
	simulator.state.authorizations.set(id, {
		...{ subscriptionId: id, createdAt, updatedAt },
		...{ authId: '0x8f1d', status: 'ACTIVE', txHash: null },
	});
	return { subscriptionId: byId(id) };
};

export const subscriptions: Cases = {
	'subscription.create': {
		given: (simulator) => ({
			customerId: simulator.create.customer({ email: 'ada@example.com' }).id,
			priceId: byId(simulator.create.price().id),
			additionalFields: { trialEnd: '2031-01-01T00:00:00Z' },
		}),
		gives: ({ first }) =>
			expect(first).toMatchObject({ status: 'TRIALING', trialEnd: '2031-01-01T00:00:00.000Z' }),
		refused: [404, 'Price not found', { priceId: byId('nothing') }],
		bad: ['Customer ID is empty', { customerId: nothing }],
	},
	'subscription.get': {
		given: running,
		gives: ({ first, simulator, parameters }) =>
			expect(first).toMatchObject({ id: stateOf(simulator, parameters).id, status: 'ACTIVE' }),
		refused: notFound,
		bad: empty,
	},
	'subscription.getAll': {
		given: (simulator) => {
			const { customerId } = simulator.create.subscription({
				customerId: simulator.create.customer({ email: 'list@example.com' }).id,
			});
			simulator.create.subscription();
			return { filters: { customerId, status: 'ACTIVE' }, returnAll: true };
		},
		gives: ({ output, parameters }) => {
			const { customerId } = parameters.filters as { customerId: string };
			expect(new Set(output.map((entry) => entry.customerId))).toEqual(new Set([customerId]));
		},
		refused: wrongKey,
		bad: [
			'Limit must be a whole number above zero, but it is "2.5"',
			{ returnAll: false, limit: 2.5 },
		],
	},
	'subscription.update': {
		given: (simulator) => ({ ...running(simulator), updateFields: { status: 'PAUSED' } }),
		gives: ({ simulator, parameters }) =>
			expect(stateOf(simulator, parameters).status).toBe('PAUSED'),
		refused: notFound,
		bad: ['Status is empty', { updateFields: { status: '' } }],
	},
	'subscription.cancel': {
		given: (simulator) => ({
			...running(simulator),
			additionalFields: { cancelAtPeriodEnd: true, reason: 'Customer asked' },
		}),
		gives: ({ simulator, parameters }) =>
			expect(stateOf(simulator, parameters)).toMatchObject({
				status: 'ACTIVE',
				cancelAtPeriodEnd: true,
				cancellationReason: 'Customer asked',
			}),
		refused: notFound,
		bad: empty,
	},
	'subscription.confirmCancellation': {
		given: (simulator) => running(simulator, { status: 'CANCELED' }),
		gives: ({ first }) => expect(first.status).toBe('CANCELED'),
		refused: notFound,
		bad: empty,
	},
	'subscription.renew': {
		given: running,
		gives: ({ first, simulator, parameters }) => {
			expect(first.renewalFor).toBe(stateOf(simulator, parameters).id);
			expect(first.checkoutSession).toMatchObject({
				approval_url: expect.stringMatching(/\/approve\/session_/),
			});
		},
		refused: notFound,
		bad: empty,
	},
	'subscription.upgrade': {
		given: (simulator) => ({
			...running(simulator),
			priceId: byId(simulator.create.price({ amount: '9999' }).id),
		}),
		gives: ({ first, simulator, parameters }) =>
			expect(first).toMatchObject({ renewalFor: stateOf(simulator, parameters).id }),
		refused: [404, 'Price not found', { priceId: byId('nothing') }],
		bad: ['Price is empty', { priceId: byId(nothing) }],
	},
	'subscription.downgrade': {
		given: (simulator) => ({
			...running(simulator),
			priceId: byId(simulator.create.price({ amount: '9' }).id),
		}),
		gives: ({ first, simulator, parameters }) =>
			expect(stateOf(simulator, parameters).pendingPriceId).toBe(first.priceId),
		refused: notFound,
		bad: ['Price is empty', { priceId: byId(nothing) }],
	},
	'subscriptionInvoice.create': {
		given: (simulator) => ({
			...running(simulator),
			amount: '12.50',
			additionalFields: { dueDate: '2031-02-03T04:05:06Z', description: 'Set-up' },
		}),
		gives: ({ first }) =>
			expect(first).toMatchObject({
				amount: '12.50',
				description: 'Set-up',
				due_date: '2031-02-03T04:05:06.000Z',
			}),
		refused: notFound,
		bad: ['Amount must be a number, but it is "1,5"', { amount: '1,5' }],
	},
	'subscriptionInvoice.createMetered': {
		given: (simulator) => ({
			...running(simulator, { billingMode: 'METERED' }),
			amount: '0.000000000000000001',
			currency: 'USDT',
			usageDescription: '1,250 API calls',
		}),
		gives: ({ first }) => {
			expect(first.invoice ?? first).toMatchObject({ amount: '0.000000000000000001' });
			expect(JSON.stringify(first)).toContain('1,250 API calls');
		},
		refused: notFound,
		bad: ['Usage Description is empty', { usageDescription: nothing }],
	},
	'subscriptionInvoice.get': {
		given: (simulator) => {
			const { id } = simulator.create.subscription();
			const invoice = simulator.create.subscriptionInvoice(id, { amount: '7.00' });
			return { subscriptionId: byId(id), invoiceId: byId(invoice.id) };
		},
		gives: ({ first }) => expect(first).toMatchObject({ amount: '7.00', status: 'DRAFT' }),
		refused: [404, 'Invoice not found', { invoiceId: byId('nothing') }],
		bad: ['Invoice is empty', { invoiceId: byId(nothing) }],
	},
	'subscriptionInvoice.getAll': {
		given: (simulator) => {
			const { id } = simulator.create.subscription();
			simulator.create.subscriptionInvoice(id, { amount: '7.00' });
			return { subscriptionId: byId(id), filters: { status: 'DRAFT' } };
		},
		gives: ({ output }) =>
			expect(output.map(({ amount, status }) => [amount, status])).toEqual([['7.00', 'DRAFT']]),
		refused: notFound,
		bad: empty,
	},
	'subscriptionInvoice.getChargeAttempts': {
		given: (simulator) => {
			const { id } = simulator.create.subscription();
			const invoice = simulator.create.subscriptionInvoice(id);
			simulator.settleInvoice(invoice.id, 'FAILED');
			simulator.settleInvoice(invoice.id, 'SUCCEEDED');
			return { subscriptionId: byId(id), invoiceId: byId(invoice.id) };
		},
		gives: ({ output }) =>
			expect(output.map(({ status }) => status)).toEqual(['SUCCEEDED', 'FAILED']),
		refused: [404, 'Invoice not found', { invoiceId: byId('nothing') }],
		bad: empty,
	},
	'subscriptionAuthorization.create': {
		given: (simulator) => ({
			...running(simulator),
			body: '{"authId": "0x8f1d", "walletAddress": "0x71C7", "signature": "0x1b2c"}',
		}),
		gives: ({ first }) =>
			expect(first).toMatchObject({ authId: '0x8f1d', walletAddress: '0x71C7', status: 'ACTIVE' }),
		refused: notFound,
		bad: ['Body is empty', { body: '{}' }],
	},
	'subscriptionAuthorization.getStatus': {
		given: authorized,
		gives: ({ first }) => expect(first).toMatchObject({ authId: '0x8f1d', status: 'ACTIVE' }),
		refused: notFound,
		bad: empty,
	},
	'subscriptionAuthorization.renew': {
		given: authorized,
		gives: ({ first, simulator, parameters }) =>
			expect(first.renewalFor).toBe(stateOf(simulator, parameters).id),
		refused: notFound,
		bad: ['Body is not valid JSON', { additionalFields: { body: '{limits}' } }],
	},
	'subscriptionAuthorization.revoke': {
		given: authorized,
		gives: ({ first, simulator }) => {
			expect(first).toMatchObject({ status: 'REVOKED' });
			expect(simulator.state.authorizations.get(String(first.subscriptionId))?.status).toBe(
				'REVOKED',
			);
		},
		refused: notFound,
		bad: [
			'Body must be a JSON object, but it is "revoke"',
			{ additionalFields: { body: '"revoke"' } },
		],
	},
};

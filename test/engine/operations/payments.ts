import { byId } from '../../support/engine';
import { nothing, wrongKey, type Cases } from './case';

const target = { fromCurrency: 'USDT', fromNetwork: 'TRON', toCurrency: 'NGN', toAmount: '50000' };
const ada = { customerEmail: 'ada@example.com', customerName: 'Ada Obi' };
const noTransaction = { transactionId: byId('nothing') };

export const payments: Cases = {
	'transaction.calculateAmount': {
		given: () => target,
		gives: ({ first }) =>
			// 50,000 NGN at 1,600 for a dollar, and a fee of 1 %.
			expect(first).toMatchObject({ toAmount: 50000, fromAmount: 31.5625, fees: 0.3125 }),
		refused: wrongKey,
		bad: ['To Amount must be above zero, but it is "0"', { toAmount: '0' }],
	},
	'transaction.create': {
		given: () => ({ ...target, ...ada, additionalFields: { externalId: 'order-1042' } }),
		gives: ({ first, simulator }) => {
			expect(first).toMatchObject({ status: 'PENDING', externalId: 'order-1042', ...ada });
			expect(simulator.state.transactions.get(String(first.id))).toMatchObject({ toAmount: 50000 });
		},
		refused: [
			404,
			'Checkout session not found',
			{ additionalFields: { checkoutSessionId: 'nothing' } },
		],
		bad: ['Customer Name is empty', { customerName: nothing }],
	},
	'transaction.get': {
		given: (simulator) => ({ transactionId: byId(simulator.createTransaction(ada).id) }),
		gives: ({ first, parameters }) => {
			const { value } = parameters.transactionId as { value: string };
			expect(first).toMatchObject({
				id: value,
				status: 'PENDING',
				customerEmail: ada.customerEmail,
			});
		},
		refused: [404, 'Transaction not found', noTransaction],
		bad: ['Transaction is empty', { transactionId: byId(nothing) }],
	},
	'transaction.getAll': {
		given: (simulator) => {
			const { id } = simulator.createTransaction({});
			simulator.createTransaction({});
			simulator.setTransactionStatus(id, 'FAILED');
			return { returnAll: true, filters: { status: 'FAILED' } };
		},
		gives: ({ output, simulator }) => {
			const failed = [...simulator.state.transactions.values()].filter(
				({ status }) => status === 'FAILED',
			);
			expect(output.map(({ id }) => id).sort()).toEqual(failed.map(({ id }) => id).sort());
		},
		refused: wrongKey,
		bad: [
			'Start Date must be a date, but it is "last week"',
			{ filters: { startDate: 'last week' } },
		],
	},
	'transaction.waitForUpdate': {
		given: (simulator) => ({ transactionId: byId(simulator.createTransaction({}).id) }),
		meanwhile: (simulator, { transactionId }) =>
			simulator.setTransactionStatus((transactionId as { value: string }).value, 'COMPLETED'),
		gives: ({ first }) =>
			expect(first).toMatchObject({
				resource: 'transaction',
				status: 'COMPLETED',
				previousStatus: 'PENDING',
				isFinal: true,
				timedOut: false,
			}),
		refused: [404, 'Transaction not found', noTransaction],
		bad: ['Timeout must be a whole number above zero, but it is "0.5"', { timeout: 0.5 }],
	},
	'checkoutSession.create': {
		given: () => ({ amount: '25000.50', currency: 'NGN' }),
		gives: ({ first, simulator }) => {
			expect(first).toMatchObject({ status: 'PENDING', amount: 25000.5, currency: 'NGN' });
			expect(first.authToken).toBe(simulator.state.authTokens.get(String(first.sessionId)));
		},
		refused: wrongKey,
		bad: ['Currency is empty', { currency: nothing }],
	},
	'checkoutSession.get': {
		given: (simulator) => ({ sessionId: simulator.createSession({ amount: 7 }).sessionId }),
		gives: ({ first, parameters: { sessionId } }) =>
			expect(first).toMatchObject({ sessionId, amount: 7, status: 'PENDING' }),
		refused: [404, 'Checkout session not found', { sessionId: 'nothing' }],
		bad: ['Session ID ".." is not an ID', { sessionId: '..' }],
	},
	'checkoutSession.waitForUpdate': {
		given: (simulator) => ({
			sessionId: simulator.createSession().sessionId,
			waitFor: 'statuses',
			statuses: ['PROCESSING'],
		}),
		meanwhile: (simulator, { sessionId }) =>
			simulator.setSessionStatus(String(sessionId), 'PROCESSING'),
		gives: ({ first, parameters: { sessionId } }) =>
			expect(first).toMatchObject({ id: sessionId, status: 'PROCESSING', isFinal: false }),
		refused: [404, 'Checkout session not found', { sessionId: 'nothing' }],
		bad: ['Statuses is empty', { statuses: '={{ [] }}' }],
	},
	'transferFee.getOptimal': {
		given: () => ({
			filters: { amount: '100000', paymentMethod: 'MOBILE_MONEY', currency: 'KES' },
		}),
		gives: ({ first }) =>
			expect(first).toMatchObject({ currency: 'KES', feeType: 'PERCENTAGE', totalFee: 1500 }),
		refused: wrongKey,
		bad: ['Amount must be a number, but it is "much"', { filters: { amount: 'much' } }],
	},
	'sandbox.forceScenario': {
		given: (simulator) => ({
			transactionId: byId(simulator.createTransaction({}).id),
			scenario: 'PARTIAL_PAYMENT',
		}),
		gives: ({ first }) => expect(first.status).toBe('PARTIAL_PAYMENT'),
		refused: [422, 'Unknown scenario', { scenario: 'RAIN' }],
		bad: ['Scenario is empty', { scenario: nothing }],
	},
	'sandbox.forceStatus': {
		given: (simulator) => ({
			transactionId: byId(simulator.createTransaction({}).id),
			status: 'REFUNDED',
		}),
		gives: ({ first, simulator }) =>
			expect(simulator.state.transactions.get(String(first.id))?.status).toBe('REFUNDED'),
		refused: [404, 'Transaction not found', noTransaction],
		bad: ['Transaction is empty', { transactionId: byId(nothing) }],
	},
	'invoice.create': {
		given: () => ({
			...ada,
			itemsSource: 'fields',
			items: {
				item: [
					{ description: 'Shirt', quantity: '2', unitPrice: '4500', currency: 'NGN' },
					{ description: 'Hat', quantity: '1', unitPrice: '1000', currency: 'NGN' },
				],
			},
			additionalFields: { discountAmount: '500' },
		}),
		gives: ({ first }) => expect(first).toMatchObject({ subtotal: 10000, totalAmount: 9500 }),
		refused: wrongKey,
		bad: [
			'Items, row 1: Quantity must be a number, but it is "two"',
			{
				items: {
					item: [{ description: 'Shirt', quantity: 'two', unitPrice: '1', currency: 'NGN' }],
				},
			},
		],
	},
	'invoice.sendEmail': {
		given: (simulator) => ({
			invoiceId: simulator.create.invoice().id,
			additionalFields: { recipientEmail: 'books@example.com', subject: 'Invoice' },
		}),
		gives: ({ first, simulator, parameters: { invoiceId } }) => {
			expect(first).toMatchObject({ invoiceId, recipientEmail: 'books@example.com' });
			expect(simulator.state.invoiceEmails.at(-1)).toMatchObject({ invoiceId, subject: 'Invoice' });
		},
		refused: [404, 'Invoice not found', { invoiceId: 'nothing' }],
		bad: [
			'Invoice ID has a line break or another control character',
			{ invoiceId: '={{ "a\\tb" }}' },
		],
	},
	'paymentLink.create': {
		given: (simulator) => ({
			title: 'Workshop ticket',
			allowCustomAmount: false,
			amount: '25000',
			currency: 'NGN',
			additionalFields: { slug: `workshop-${simulator.state.paymentLinks.size}` },
		}),
		gives: ({ first }) => {
			expect(first).toMatchObject({ title: 'Workshop ticket', amount: '25000', isActive: true });
			expect(first.paymentUrl).toMatch(/workshop-\d+$/);
		},
		refused: [
			422,
			'minAmount is above maxAmount',
			{ additionalFields: { minAmount: '5', maxAmount: '4' } },
		],
		bad: ['Amount is empty', { amount: nothing }],
	},
	'currency.getAll': {
		given: () => ({ filters: { network: 'BEP20', ticker: 'USDT' } }),
		gives: ({ output }) =>
			expect(output).toEqual([expect.objectContaining({ id: 'tok_usdt_bep20', decimals: 18 })]),
		refused: wrongKey,
		bad: ['Limit must be a whole number above zero, but it is "0"', { limit: 0 }],
	},
	'currency.getSupported': {
		given: () => ({}),
		gives: ({ output }) => {
			expect(output).toHaveLength(7);
			expect(output[0]).toMatchObject({ code: 'NGN', symbol: '₦' });
		},
		refused: wrongKey,
		bad: [
			'Query Parameters must be a JSON object, but it is a list',
			{ options: { queryParameters: '[]' } },
		],
	},
	'currency.getSubscriptionCurrencies': {
		given: () => ({}),
		gives: ({ output }) => {
			expect(output.length).toBeGreaterThan(2);
			expect(new Set(output.map(({ ticker }) => ticker))).toEqual(new Set(['USDT', 'USDC']));
		},
		refused: wrongKey,
		bad: [
			'Query Parameters is not valid JSON',
			{ options: { queryParameters: '{"network": BEP20}' } },
		],
	},
	'currency.getNetworks': {
		given: () => ({}),
		gives: ({ output }) =>
			expect(output.map(({ network }) => network)).toEqual(['TRON', 'BEP20', 'POLYGON']),
		refused: wrongKey,
		bad: [
			'Path Override "../networks" is not a path',
			{ options: { pathOverride: '../networks' } },
		],
	},
	'currency.getSubscriptionNetworks': {
		given: () => ({}),
		gives: ({ output }) =>
			expect(output.map(({ network }) => network)).toEqual(['BEP20', 'POLYGON']),
		refused: wrongKey,
		bad: [
			'Max Retries must be a whole number of zero or more, but it is "-1"',
			{ options: { maxRetries: -1 } },
		],
	},
};

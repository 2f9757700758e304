import {
	CONFIDENCE_LEVELS,
	confidenceProblems,
	lessSure,
	partsOf,
	type Confidence,
} from '../../scripts/confidence';
import { loadContract, operations, serverObjects, type Contract } from '../../scripts/contract';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- plain JSON of many shapes
type Json = Record<string, any>;

const contract = loadContract();

const operationOf = (id: string, of: Contract) => operations(of).find((one) => one.id === id)!;

/** How sure the part at each place of an operation is, places as `/responses/400/content/...`. */
function confidences(id: string, of: Contract = contract): Map<string, Confidence> {
	const { definition, confidence } = operationOf(id, of);
	const parts = partsOf(of, definition, { place: '', confidence });
	return new Map(parts.map((part) => [part.place, part.confidence]));
}

const BODY = '/requestBody/content/application/json/schema';
const ANSWER = '/responses/200/content/application/json/schema';

describe('the labels', () => {
	it('keep the rules', () => {
		expect(confidenceProblems(contract)).toEqual([]);
	});

	it.each(operations(contract))('nowhere in $id are surer than it', ({ id, confidence }) => {
		const surer = [...confidences(id)].filter(([, level]) => lessSure(level, confidence) !== level);
		expect(surer).toEqual([]);
	});

	it.each<[string, string, Confidence]>([
		['checkoutSession.create', '', 'documented-older'],
		['checkoutSession.create', `${BODY}/properties/amount`, 'client'],
		['checkoutSession.create', `${BODY}/properties/refundAddress`, 'inferred-medium'],
		['checkoutSession.create', ANSWER, 'client'],
		['checkoutSession.create', '/responses/404', 'inferred-high'],
		['checkoutSession.create', '/responses/409', 'inferred-medium'],
		['checkoutSession.get', `${ANSWER}/allOf/1/properties/data/allOf/1`, 'documented-older'],
		['checkoutSession.get', '/responses/400', 'inferred-medium'],
		['checkoutSession.get', '/responses/404', 'documented'],
		['transaction.get', `${ANSWER}/allOf/1/properties/data/properties/fees`, 'inferred-high'],
		['transaction.create', `${BODY}/properties/toAmount`, 'inferred-medium'],
		['plan.update', '/parameters/0', 'inferred-medium'],
		['plan.create', '/parameters/0', 'inferred-high'],
		['plan.create', `${BODY}/properties/chain`, 'observed'],
		['invoice.create', `${BODY}/properties/customerName`, 'documented-older'],
		['subscription.upgrade', '/responses/200', 'inferred-medium'],
		['subscriptionCheckout.create', `${BODY}/properties/priceUid`, 'client'],
		['subscriptionCheckout.create', `${BODY}/properties/priceId`, 'inferred-medium'],
		['subscriptionCheckout.create', `${BODY}/properties/billingMode`, 'guide'],
		['subscriptionCheckout.create', ANSWER, 'inferred-high'],
		['subscriptionInvoice.createMetered', `${BODY}/properties/charge_schedule`, 'guide'],
	])('of %s%s come to %s', (id, place, expected) => {
		expect(confidences(id).get(place)).toBe(expected);
	});

	it('of hosts and webhooks are those of their sources', () => {
		const { payments, business } = serverObjects(contract);
		expect([payments['x-confidence'], business['x-confidence']]).toEqual([
			'documented-older',
			'documented-older',
		]);
		const levels = Object.entries(contract.webhooks).map(([name, { post }]) => [
			name,
			post!['x-confidence'],
		]);
		expect(Object.fromEntries(levels)).toEqual({
			'checkout_session.completed': 'documented',
			'checkout_session.failed': 'documented',
			'checkout_session.expired': 'client',
			'checkout_session.payment_received': 'client',
			'checkout_session.cancelled': 'observed',
			'payment.completed': 'documented',
			'subscription.created': 'observed',
			'invoice.paid': 'observed',
			'webhook.test': 'documented',
		});
	});

	it('do not claim the naming convention for titles that do not follow it', () => {
		const byHand = [
			...['transaction.calculateAmount', 'sandbox.forceScenario', 'sandbox.forceStatus'],
			...['invoice.sendEmail', 'subscription.confirmCancellation', 'subscription.upgrade'],
			...['subscription.downgrade', 'subscriptionAuthorization.renew'],
			...['subscriptionAuthorization.revoke', 'subscriptionAuthorization.getStatus'],
			...['currency.getNetworks', 'currency.getSubscriptionNetworks'],
		];
		const sources = byHand.map((id) => operationOf(id, contract).source);
		expect(new Set(sources)).toEqual(new Set(['menu title', 'analogy']));
	});
});

it('of two labels the less sure one counts', () => {
	expect(CONFIDENCE_LEVELS).toHaveLength(8);
	expect(lessSure('documented', 'guide')).toBe('guide');
	expect(lessSure('inferred-low', 'observed')).toBe('inferred-low');
});

describe('what has no label', () => {
	it('is as sure as what it stands in', () => {
		const changed = loadContract();
		const { refundAddress } = (changed.components.schemas.CreateCheckoutSessionRequest as Json)
			.properties as Json;
		delete refundAddress['x-confidence'];
		const place = `${BODY}/properties/refundAddress`;
		expect(confidences('checkoutSession.create', changed).get(place)).toBe('client');
	});

	it('falls with its operation', () => {
		const changed = loadContract();
		operationOf('checkoutSession.get', changed).definition['x-confidence'] = 'inferred-low';
		expect(new Set(confidences('checkoutSession.get', changed).values())).toEqual(
			new Set(['inferred-low']),
		);
	});
});

describe('the rules see', () => {
	it.each<[string, (contract: Json) => void, string]>([
		[
			'an operation that says nothing of itself',
			({ paths }) => delete paths['/api/v1/invoices'].post['x-confidence'],
			'/paths//api/v1/invoices/post: has no x-confidence',
		],
		[
			'a host that says nothing of itself',
			({ servers }) => delete servers[0]['x-confidence'],
			'/servers/0: has no x-confidence',
		],
		[
			'a shared part that says nothing of itself',
			({ components: { schemas } }) => delete schemas.Plan['x-confidence'],
			'/components/schemas/Plan: has no x-confidence',
		],
		[
			'an unknown label',
			({ components: { schemas } }) => (schemas.Plan['x-confidence'] = 'certain'),
			'/components/schemas/Plan: unknown x-confidence certain',
		],
		[
			'a label without a source',
			({ components: { schemas } }) => delete schemas.Plan.properties.active['x-source'],
			'/components/schemas/Plan/properties/active: x-confidence without x-source',
		],
		[
			'a source without a label',
			({ components: { schemas } }) => delete schemas.Plan.properties.active['x-confidence'],
			'/components/schemas/Plan/properties/active: x-source without x-confidence',
		],
		[
			'an unknown source',
			({ components: { parameters } }) =>
				(parameters.Page['x-source'] = 'common practice; a friend'),
			'/components/parameters/Page: unknown x-source common practice; a friend',
		],
		[
			'a label that is surer than its source',
			({ components: { parameters } }) => (parameters.Page['x-confidence'] = 'inferred-high'),
			'/components/parameters/Page: inferred-high is surer than its source, common practice',
		],
		[
			'an older page that is taken for a current one',
			({ components: { schemas } }) => (schemas.ChargeLimits['x-confidence'] = 'documented'),
			'/components/schemas/ChargeLimits: documented is surer than its source, https://developers.kuvarpay.com/confirm-subscription-checkout-session-21224699e0',
		],
		[
			'a field that is surer than its object',
			({ components: { schemas } }) =>
				Object.assign(schemas.Subscription.properties.id, {
					'x-confidence': 'inferred-high',
					'x-source': 'analogy',
				}),
			'/components/schemas/Subscription/properties/id: inferred-high, but stands in what is inferred-medium',
		],
	])('%s', (_what, change, problem) => {
		const changed = loadContract();
		change(changed);
		expect(confidenceProblems(changed)).toContain(problem);
	});
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import OpenAPIBackend from 'openapi-backend';
import { contractOf, loadContract, operations, type Server } from '../../scripts/contract';
import seedSession from './seed-session.json';

// Ships only as ES modules, which jest cannot load, and has no part in the quick mode used here.
jest.mock('@apidevtools/json-schema-ref-parser', () => {
	const asIs = async (document: unknown) => document;
	return { parse: asIs, dereference: asIs, resolve: asIs };
});

const OPERATION_IDS = [
	'transaction.calculateAmount',
	'transaction.create',
	'transaction.get',
	'transaction.getAll',
	'transaction.waitForUpdate',
	'checkoutSession.create',
	'checkoutSession.get',
	'checkoutSession.waitForUpdate',
	'transferFee.getOptimal',
	'sandbox.forceScenario',
	'sandbox.forceStatus',
	'invoice.create',
	'invoice.sendEmail',
	'paymentLink.create',
	'plan.create',
	'plan.get',
	'plan.getAll',
	'plan.update',
	'price.create',
	'price.getAll',
	'price.update',
	'subscriptionCheckout.create',
	'subscriptionCheckout.get',
	'subscriptionCheckout.confirm',
	'subscription.create',
	'subscription.get',
	'subscription.getAll',
	'subscription.update',
	'subscription.cancel',
	'subscription.confirmCancellation',
	'subscription.renew',
	'subscription.upgrade',
	'subscription.downgrade',
	'subscriptionInvoice.create',
	'subscriptionInvoice.createMetered',
	'subscriptionInvoice.get',
	'subscriptionInvoice.getAll',
	'subscriptionInvoice.getChargeAttempts',
	'subscriptionAuthorization.create',
	'subscriptionAuthorization.getStatus',
	'subscriptionAuthorization.renew',
	'subscriptionAuthorization.revoke',
	'currency.getAll',
	'currency.getSupported',
	'currency.getSubscriptionCurrencies',
	'currency.getNetworks',
	'currency.getSubscriptionNetworks',
];

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- plain JSON of many shapes
type Json = Record<string, any>;

const contract = loadContract();
const all = operations(contract);

/** Runs one of the project's scripts as npm would. */
function script(name: string, ...args: string[]) {
	const root = join(__dirname, '../..');
	const command = [require.resolve('tsx/cli'), join(root, 'scripts', name), ...args];
	return spawnSync(process.execPath, command, { cwd: root, encoding: 'utf8' });
}

const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema({ $id: 'contract:', ...contract });

/** A validator for the schema at this place of the contract. */
function validatorAt(path: string[]) {
	const escaped = path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1'));
	const validate = ajv.getSchema(`contract:#/${escaped.map(encodeURIComponent).join('/')}`);
	if (!validate) throw new Error(`No schema at ${path.join(' > ')}`);
	return validate;
}

/** Every example of the contract: those beside a schema, and those in one. */
function* examples(node: unknown, path: string[] = []): Generator<[string, string[], unknown]> {
	if (typeof node !== 'object' || node === null) return;
	const object = node as Json;
	if (object.schema && 'example' in object) {
		yield [path.join(' > '), [...path, 'schema'], object.example];
	}
	if (Array.isArray(object.examples)) {
		for (const example of object.examples) yield [path.join(' > '), path, example];
	}
	for (const [key, value] of Object.entries(object)) {
		if (key !== 'example' && key !== 'examples') yield* examples(value, [...path, key]);
	}
}

function resolve(node: Json): Json {
	if (typeof node.$ref !== 'string') return node;
	return node.$ref
		.slice(2)
		.split('/')
		.reduce((found: Json, key: string) => found[key], contract as Json);
}

describe('the contract', () => {
	it('has nothing that the linter reports', () => {
		const { stdout, stderr, status } = script('lint-contract.ts');
		expect({ output: stdout + stderr, status }).toEqual({ output: '', status: 0 });
	});

	it('has exactly the operations that the node has', () => {
		expect(OPERATION_IDS).toHaveLength(47);
		expect(all.map(({ id }) => id).sort()).toEqual([...OPERATION_IDS].sort());
	});

	it.each(all)('places $id', ({ summary, server, id }) => {
		expect(summary).not.toBe('');
		expect(server).toBe(/^(invoice|paymentLink)\./.test(id) ? 'business' : 'payments');
	});

	it('gives an example of every answer and every body', () => {
		const missing: string[] = [];
		for (const { id, definition } of all) {
			const { requestBody, responses } = definition as Json;
			const places = [requestBody, responses['200'], responses['201']];
			for (const place of places.filter(Boolean)) {
				const [media] = Object.values(resolve(place).content) as Json[];
				if (media.example === undefined) missing.push(id);
			}
		}
		expect(missing).toEqual([]);
	});

	it('lets writes carry an idempotency key, and nothing else', () => {
		for (const { method, path, definition } of all) {
			const { parameters = [] } = definition as Json;
			const offered = parameters.some(
				(parameter: Json) => resolve(parameter).name === 'Idempotency-Key',
			);
			expect([method, path, offered]).toEqual([method, path, method !== 'GET']);
		}
	});

	it.each([...examples(contract)])('has a valid example at %s', (_place, path, example) => {
		const validate = validatorAt(path);
		validate(example);
		expect(validate.errors ?? []).toEqual([]);
	});

	it('has its generated documents up to date', () => {
		const { stderr, status } = script('docs.ts', '--check');
		expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
	});
});

describe('what the documentation draws', () => {
	const schemas = contract.components.schemas as Json;
	const typesOf = (name: string): Record<string, string[]> =>
		Object.fromEntries(
			Object.entries<Json>(schemas[name].properties).map(([field, schema]) => [
				field,
				[resolve(schema).type].flat(),
			]),
		);

	it('is a valid checkout session', () => {
		const validate = validatorAt(['components', 'schemas', 'CheckoutSessionResponse']);
		validate(seedSession);
		expect(validate.errors ?? []).toEqual([]);
	});

	it.each([
		['CheckoutSession', seedSession.data],
		['Transaction', seedSession.data.transactions[0]],
	])('has the same fields and types as %s', (name, drawn) => {
		const types = typesOf(name);
		expect(Object.keys(types).sort()).toEqual(Object.keys(drawn).sort());
		for (const [field, value] of Object.entries(drawn)) {
			expect([field, types[field]]).toEqual([
				field,
				expect.arrayContaining([Array.isArray(value) ? 'array' : typeof value]),
			]);
		}
	});

	it('is an event stream at the drawn path', () => {
		expect(all.find(({ id }) => id === 'checkoutSession.waitForUpdate')).toMatchObject({
			method: 'GET',
			path: '/api/v1/sse/session/{sessionId}',
			confidence: 'documented',
		});
	});
});

const CHECKOUTS = '/api/v1/subscriptions/checkout-sessions';
const customer = { email: 'ada@example.com' };
const link = { title: 'Ticket', currency: 'NGN' };
const buyer = { customerName: 'Ada', customerEmail: 'ada@example.com' };

describe.each<Server>(['payments', 'business'])('as the referee of the %s host', (server) => {
	// quick: it would check the document itself by the rules of OpenAPI 3.0 only.
	const referee = new OpenAPIBackend({
		definition: contractOf(server) as never,
		strict: true,
		quick: true,
		customizeAjv: (its) => addFormats(its as never) as never,
	});
	const request = (method: string, path: string, body?: unknown, query = {}) =>
		referee.validator.validateRequest({
			method,
			path: path.replace(/\{\w+\}/g, 'abc'),
			headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
			query,
			body: body as never,
		});

	beforeAll(() => referee.init());

	it('takes every example, and query parameters that it does not know', () => {
		const refused: unknown[] = [];
		for (const { operationId, method, path, requestBody, responses } of referee.getOperations()) {
			const id = operationId as string;
			const body = (requestBody as Json | undefined)?.content['application/json'].example;
			const asked = request(method, path, body, { page: '2', somethingNew: '1' });
			if (!asked.valid) refused.push([id, asked.errors]);
			for (const [status, response] of Object.entries<Json>(responses as Json)) {
				const example = response.content?.['application/json']?.example;
				if (example === undefined) continue;
				const code = status === 'default' ? 500 : Number(status);
				const answered = referee.validator.validateResponse(example, id, code);
				if (!answered.valid) refused.push([id, status, answered.errors]);
			}
		}
		expect(refused).toEqual([]);
	});

	/** What no source forbids: other names that were published, and amounts of zero and less. */
	const lenient: Record<Server, Array<[string, string, unknown]>> = {
		payments: [
			['post', '/api/v1/checkout-sessions', { toAmount: 5, toCurrency: 'NGN' }],
			['post', '/api/v1/checkout-sessions', { amount: 0, currency: 'NGN', paymentTolerance: -1 }],
			[
				'post',
				'/api/v1/transactions',
				{
					fromCurrency: 'USDT',
					fromNetwork: 'TRON',
					toCurrency: 'NGN',
					toAmount: 0.5,
				},
			],
			['post', CHECKOUTS, { customer, priceUid: 'price_1' }],
			['post', CHECKOUTS, { customer, price_id: 'price_1', billingMode: 'FIXED' }],
			['post', '/api/v1/subscriptions/sub_1/upgrade', { price_id: 'price_1' }],
			[
				'post',
				'/api/v1/subscriptions/plans/plan_1/prices',
				{ amount: '0', currency: 'NGN', interval: 'MONTHLY' },
			],
			['post', '/api/v1/subscriptions/sub_1/subscription-invoices', { amount: '-1.50' }],
			[
				'post',
				'/api/v1/subscriptions/sub_1/metered-invoices',
				{ amount: '0.00', currency: 'NGN', usage_description: 'None' },
			],
		],
		business: [
			['post', '/api/v1/payment-links', { ...link, amount: '0' }],
			[
				'post',
				'/api/v1/invoices',
				{ ...buyer, discountAmount: -5, items: [{ description: '', quantity: 0, unitPrice: -5 }] },
			],
		],
	};

	it.each(lenient[server])('takes %s %s with %j', (method, path, body) => {
		expect(request(method, path, body)).toMatchObject({ valid: true });
	});

	const wrong: Record<Server, Array<[string, string, unknown, object, string]>> = {
		payments: [
			['post', '/api/v1/checkout-sessions', { currency: 'NGN' }, {}, 'amount'],
			['post', '/api/v1/checkout-sessions', { currency: 'NGN', amount: '5' }, {}, 'number'],
			['get', '/api/v1/transactions', undefined, { limit: 'many' }, 'integer'],
			['post', CHECKOUTS, { billingMode: 'METERED', customer, priceId: 'p' }, {}, 'targetPrice'],
			['post', CHECKOUTS, { billingMode: 'FIXED', customer }, {}, 'priceId'],
			['post', CHECKOUTS, { customer }, {}, 'priceUid'],
			['post', '/api/v1/subscriptions/sub_1/upgrade', { price: 'p' }, {}, 'newPriceId'],
			[
				'post',
				'/api/v1/subscriptions/sub_1/subscription-invoices',
				{ amount: 'much' },
				{},
				'must match pattern',
			],
		],
		business: [
			['post', '/api/v1/payment-links', { title: 'Ticket', currency: 'NGN' }, {}, 'amount'],
			['post', '/api/v1/payment-links', { ...link, amount: 'free' }, {}, 'pattern'],
			['post', '/api/v1/invoices', { ...buyer, items: {} }, {}, 'array'],
		],
	};

	it.each(wrong[server])('refuses %s %s with %j %j', (method, path, body, query, reason) => {
		const { valid, errors } = request(method, path, body, query);
		expect(valid).toBe(false);
		expect(JSON.stringify(errors)).toContain(reason);
	});
});

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import OpenAPIBackend from 'openapi-backend';
import { CONFIDENCE_LEVELS, contractOf, loadContract, operations } from '../../scripts/contract';
import type { Server } from '../../scripts/contract';
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

	it.each(all)(
		'says how sure $id is',
		({ confidence, source, alternatives, summary, server, id }) => {
			expect(CONFIDENCE_LEVELS).toContain(confidence);
			expect(source).toMatch(
				/^(https:\/\/developers\.kuvarpay\.com.*|naming convention|public client)$/,
			);
			for (const alternative of alternatives) {
				expect(alternative).toMatch(/^(GET|POST|PATCH|DELETE) \/api\/v1\//);
			}
			expect(summary).not.toBe('');
			expect(server).toBe(/^(invoice|paymentLink)\./.test(id) ? 'business' : 'payments');
		},
	);

	it('gives an example of every answer and every body', () => {
		const missing: string[] = [];
		for (const { id, method, path } of all) {
			const operation = (contract.paths[path] as Json)[method.toLowerCase()] as Json;
			const places = [
				operation.requestBody,
				operation.responses['200'],
				operation.responses['201'],
			];
			for (const place of places.filter(Boolean)) {
				const [media] = Object.values(resolve(place).content) as Json[];
				if (media.example === undefined) missing.push(id);
			}
		}
		expect(missing).toEqual([]);
	});

	it('lets writes carry an idempotency key, and nothing else', () => {
		const reference = { $ref: '#/components/parameters/IdempotencyKey' };
		for (const { method, path } of all) {
			const { parameters = [] } = (contract.paths[path] as Json)[method.toLowerCase()] as Json;
			const offered = parameters.some((parameter: Json) => parameter.$ref === reference.$ref);
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

	const wrong: Record<Server, Array<[string, string, unknown, object, string]>> = {
		payments: [
			['post', '/api/v1/checkout-sessions', { currency: 'NGN' }, {}, 'amount'],
			['post', '/api/v1/checkout-sessions', { currency: 'NGN', amount: 0 }, {}, '> 0'],
			['get', '/api/v1/transactions', undefined, { limit: '500' }, '<= 100'],
			[
				'post',
				'/api/v1/subscriptions/checkout-sessions',
				{ billingMode: 'METERED', customer: { email: 'ada@example.com' }, priceId: 'price_1' },
				{},
				'targetPrice',
			],
			[
				'post',
				'/api/v1/subscriptions/checkout-sessions',
				{ billingMode: 'FIXED', customer: { email: 'ada@example.com' } },
				{},
				'priceId',
			],
			[
				'post',
				'/api/v1/subscriptions/sub_1/subscription-invoices',
				{ amount: '0.00' },
				{},
				'must match pattern',
			],
		],
		business: [
			['post', '/api/v1/payment-links', { title: 'Ticket', currency: 'NGN' }, {}, 'amount'],
			[
				'post',
				'/api/v1/payment-links',
				{ title: 'T', currency: 'NGN', amount: '0' },
				{},
				'pattern',
			],
			[
				'post',
				'/api/v1/invoices',
				{ customerName: 'Ada', customerEmail: 'ada@example.com', items: [] },
				{},
				'fewer than 1',
			],
		],
	};

	it.each(wrong[server])('refuses %s %s with %j %j', (method, path, body, query, reason) => {
		const { valid, errors } = request(method, path, body, query);
		expect(valid).toBe(false);
		expect(JSON.stringify(errors)).toContain(reason);
	});
});

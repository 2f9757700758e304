import type { INodeTypeDescription } from 'n8n-workflow';
import { operations, type Operation } from '../../scripts/contract';
import type { RecordedRequest } from '../../simulator';
import { Bench } from '../support/engine';
import { Judge, fieldsOf } from './judge';
import { offered, type Parameters } from './parameters';
import { pay, prepare, waysToRun } from './prepared';

const all = operations();

const OTHER_PRICE_NAMES = ['newPriceId', 'priceUid', 'price_id'];

/** What the contract knows and the node does not offer as a field, and why. */
const NOT_OFFERED: Record<string, string[]> = {
	// Name and email are offered on their own; the others are old names of amount and currency.
	'checkoutSession.create': ['customer', 'toAmount', 'toCurrency'],
	// Other names of the price, which one field of the node stands for.
	'subscriptionCheckout.create': ['priceUid', 'price_id'],
	'subscription.upgrade': OTHER_PRICE_NAMES,
	'subscription.downgrade': OTHER_PRICE_NAMES,
	// The body is one JSON parameter: it is signed, and its fields are a guess.
	'subscriptionAuthorization.create': ['message', 'permit', 'subscriber'],
	'subscriptionAuthorization.renew': ['schedule'],
	'subscriptionAuthorization.revoke': ['signature'],
};

let bench: Bench;
let judge: Judge;
let description: INodeTypeDescription;

beforeAll(async () => {
	bench = await Bench.start('newest', { heartbeat: 0 });
	judge = await Judge.start();
	description = await bench.host.describe('kuvarPay');
});
afterAll(async () => {
	await bench.host.stop();
	await bench.simulator.waitFor(({ openSockets }) => openSockets === 0);
	await bench.simulator.close();
});
beforeEach(() => bench.reset());

/** Runs an operation and returns the requests that left, or fails with the node's error. */
async function requestsOf(
	operation: Operation,
	everything: boolean,
	optionsFor: (way: number) => Parameters = () => ({}),
) {
	const { id } = operation;
	const count = waysToRun(description, id, {}, everything).length;
	const sent: RecordedRequest[][] = [];
	for (let way = 0; way < count; way++) {
		const known = prepare(bench.simulator, id);
		const parameters = waysToRun(description, id, known, everything)[way];
		bench.simulator.requests.length = 0;
		const running = bench.output(id, { ...parameters, options: optionsFor(way) });
		const paid = operation.operation === 'waitForUpdate' && pay(bench.simulator, known);
		await Promise.all([running, paid]);
		sent.push([...bench.simulator.requests]);
	}
	return sent;
}

/** No document says how a list's next page is asked for: the node tries, and a server ignores it. */
const TRIAL = /^query (offset|skip|cursor|after|pageToken) is not in the contract$/;

function expectLawful(operation: Operation, ways: RecordedRequest[][]): void {
	for (const requests of ways) {
		const verdicts = requests.map((request) => judge.verdict(request));
		const faults = verdicts.flatMap((verdict) => verdict.faults);
		expect(faults.filter((fault) => !TRIAL.test(fault))).toEqual([]);
		expect(verdicts.map((verdict) => verdict.operation)).toContain(operation.id);
		for (const { headers, method } of requests) {
			expect(headers.authorization).toBe(bench.simulator.apiKey);
			expect(typeof headers['idempotency-key']).toBe(method === 'GET' ? 'undefined' : 'string');
		}
	}
	expect(bench.simulator.contractViolations).toEqual([]);
}

describe('the node and the contract', () => {
	it('have the same 47 operations', () => {
		expect(offered(description).sort()).toEqual(all.map(({ id }) => id).sort());
		expect(all).toHaveLength(47);
	});

	it('would not agree with one more on either side', () => {
		const missing = (have: string[], want: string[]) => want.filter((id) => !have.includes(id));
		const [node, contract] = [offered(description), all.map(({ id }) => id)];
		expect(missing([...node, 'refund.create'], contract)).toEqual([]);
		expect(missing(contract, [...node, 'refund.create'])).toEqual(['refund.create']);
		expect(missing(node, [...contract, 'refund.create'])).toEqual(['refund.create']);
	});
});

describe.each(all)('$id', (operation) => {
	it('sends with required fields only what the contract wants', async () => {
		expectLawful(operation, await requestsOf(operation, false));
	});

	it('sends with every field filled in what the contract knows, and all of it', async () => {
		const isWrite = operation.method !== 'GET';
		const keyFor = (way: number) => `${operation.id}-${way}`;
		const ways = await requestsOf(operation, true, (way) =>
			isWrite ? { idempotencyKey: keyFor(way), timeout: 20 } : { timeout: 20 },
		);
		expectLawful(operation, ways);

		if (isWrite)
			expect(ways.map(([{ headers }]) => headers['idempotency-key'])).toEqual(
				ways.map((_way, index) => keyFor(index)),
			);
		const requests = ways.flat().filter(({ operationId }) => operationId === operation.id);
		const sent = new Set(
			requests.flatMap(({ query, body }) => [...Object.keys(query), ...Object.keys(body ?? {})]),
		);
		const unsent = fieldsOf(operation.path, operation.method).filter((name) => !sent.has(name));
		expect(unsent.sort()).toEqual(NOT_OFFERED[operation.id] ?? []);
	});
});

it('the judge sees what is wrong with a request', async () => {
	const good = (
		await requestsOf(
			all.find(({ id }) => id === 'paymentLink.create')!,
			true,
		)
	)[0][0];
	expect(judge.verdict(good)).toEqual({ operation: 'paymentLink.create', faults: [] });
	const faultsOf = (changes: Partial<RecordedRequest>) =>
		judge.verdict({ ...good, ...changes }).faults.join();
	const body = good.body as Parameters;

	expect(faultsOf({ host: 'payments' })).toContain('payments has no POST');
	expect(faultsOf({ method: 'PATCH' })).toContain('business has no PATCH');
	expect(faultsOf({ rawPath: '/api/v1/payment-link' })).toContain('business has no POST');
	expect(faultsOf({ body: { ...body, title: undefined } })).toContain('title');
	expect(faultsOf({ body: { ...body, minAmount: '500' } })).toContain('must be number');
	expect(faultsOf({ body: { ...body, sucessUrl: 'https://a.example' } })).toContain('sucessUrl');
	expect(faultsOf({ query: { pages: '1' } })).toContain('query pages');
	expect(faultsOf({ headers: { ...good.headers, 'x-other': '1' } })).toContain('header x-other');
	expect(faultsOf({ headers: { ...good.headers, 'idempotency-key': '' } })).not.toBe('');
});

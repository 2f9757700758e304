import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { resources } from '../../nodes/KuvarPay/resources';
import { SCHEMA_FOLDER, outputSchemas } from '../../scripts/schemas';
import { Bench, ENGINES, byId } from '../support/engine';

/** Where the lists that depend on another choice are opened. */
const ofPrices = { resource: 'price', operation: 'getAll' };
const ofInvoices = { resource: 'subscriptionInvoice', operation: 'getAll' };
const ofSubscription = { resource: 'subscription', operation: 'create' };

describe.each(ENGINES)('lists in the editor on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => {
		bench = await Bench.start(engine);
		bench.simulator.seedSamples();
	});
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());
	afterEach(() => expect(bench.simulator.contractViolations).toEqual([]));

	const asked = (method: string, parameters: object = {}) => ({
		type: 'kuvarPay',
		method,
		parameters: parameters as INodeParameters,
		credentials: bench.credentials,
	});
	const search = async (method: string, more: object = {}, parameters: object = {}) =>
		await bench.host.listSearch({ ...asked(method, parameters), ...more });
	const options = async (method: string) => await bench.host.loadOptions(asked(method));
	const names = ({ results }: INodeListSearchResult) => results.map(({ name }) => name);

	describe('searches', () => {
		it('show transactions by what people know them by, page by page', async () => {
			for (let n = 0; n < 120; n++)
				bench.simulator.createTransaction({ toAmount: 1000 + n, toCurrency: 'NGN' });
			const total = bench.simulator.state.transactions.size;
			const found: INodeListSearchResult['results'] = [];
			let paginationToken: string | undefined;
			let pages = 0;
			do {
				const page = await search('searchTransactions', { paginationToken });
				found.push(...page.results);
				paginationToken = page.paginationToken as string | undefined;
				pages += 1;
			} while (paginationToken !== undefined);
			expect(pages).toBe(Math.floor(total / 50) + 1);
			expect(new Set(found.map(({ value }) => value)).size).toBe(total);
			expect(found[0].name).toMatch(/: 1119 NGN, Pending/);
		});

		it('filter by any part that is shown, and by ID', async () => {
			const { id } = bench.simulator.createTransaction({ customerEmail: 'Zoe@Example.com' });
			const byEmail = await search('searchTransactions', { filter: ' zoe@example ' });
			expect(byEmail.results.map(({ value }) => value)).toEqual([id]);
			expect((await search('searchTransactions', { filter: id.slice(-9) })).results).toHaveLength(
				1,
			);
			expect((await search('searchTransactions', { filter: 'nobody@' })).results).toEqual([]);
		});

		it('show plans by name', async () => {
			const plans = names(await search('searchPlans'));
			expect(plans).toEqual(expect.arrayContaining(['Basic', 'Pro']));
			expect(plans).toEqual([...plans].sort((one, other) => one.localeCompare(other)));
		});

		it('show the prices of the chosen plan, and want one where there is one to choose', async () => {
			const [plan] = (await search('searchPlans', { filter: 'Pro' })).results;
			const ofPlan = await search('searchPrices', {}, { ...ofPrices, planId: byId(plan.value) });
			expect(names(ofPlan)).toEqual(['9999 NGN / month']);
			await expect(
				search('searchPrices', {}, { ...ofPrices, planId: byId('') }),
			).rejects.toMatchObject({
				message: expect.stringContaining('Choose a plan first'),
				description: 'You can still choose By ID and enter the ID.',
			});
		});

		it('show the prices of all plans where no plan is chosen', async () => {
			const shown = names(await search('searchPrices', {}, ofSubscription));
			expect(shown).toEqual(
				expect.arrayContaining(['Basic: 2999 NGN / month', 'Pro: 9999 NGN / month']),
			);
			const filtered = await search('searchPrices', { filter: 'pro: 9' }, ofSubscription);
			expect(names(filtered)).toEqual(['Pro: 9999 NGN / month']);
		});

		it('show subscriptions, and the invoices of the chosen one', async () => {
			const { results } = await search('searchSubscriptions', { filter: 'active' });
			expect(results.length).toBeGreaterThan(1);
			const billed = [...bench.simulator.state.invoicesOf].find(([, list]) => list.length > 0)!;
			const invoices = await search(
				'searchSubscriptionInvoices',
				{},
				{ ...ofInvoices, subscriptionId: byId(billed[0]) },
			);
			expect(invoices.results.map(({ value }) => value)).toEqual(billed[1].map(({ id }) => id));
			expect(names(invoices)[0]).toMatch(/^\d+ NGN, Paid|^\d+ NGN: Paid/);
			await expect(
				search('searchSubscriptionInvoices', {}, { ...ofInvoices, subscriptionId: byId('') }),
			).rejects.toMatchObject({ message: expect.stringContaining('Choose a subscription first') });
		});
	});

	describe('options', () => {
		it('name each crypto currency once, with its networks', async () => {
			const found = await options('getCryptoCurrencies');
			expect(found.map(({ value }) => value)).toEqual(['BNB', 'USDC', 'USDT']);
			expect(found.find(({ value }) => value === 'USDT')).toMatchObject({
				name: 'USDT (Tether USD)',
				description: 'On BEP20, POLYGON, TRON',
			});
		});

		it.each([
			['getFiatCurrencies', 'NGN', 'NGN (Nigerian Naira)'],
			['getNetworks', 'TRON', 'TRON'],
			['getSubscriptionNetworks', 'BEP20', 'BEP20 (BNB Smart Chain)'],
			['getSubscriptionCurrencies', 'tok_usdt_bep20', 'USDT on BEP20'],
		])('%s gives %s as "%s"', async (method, value, name) => {
			const found = await options(method);
			expect(found.find((option) => option.value === value)?.name).toBe(name);
			const shown = found.map((option) => option.name);
			expect(shown).toEqual([...shown].sort((one, other) => one.localeCompare(other)));
		});
	});

	describe('that cannot be loaded', () => {
		const locatorWay = 'You can still choose By ID and enter the ID.';
		const optionsWay = 'You can still set the value with an expression.';

		it('say why, and that the ID can be entered all the same', async () => {
			bench.simulator.faults.add({ kind: 'status', status: 403 });
			await expect(search('searchPlans')).rejects.toMatchObject({
				message: expect.stringMatching(/^The list could not be loaded: KuvarPay answered 403/),
				description: expect.stringContaining(locatorWay),
			});
			await expect(options('getNetworks')).rejects.toMatchObject({
				description: expect.stringContaining(optionsWay),
			});
		});

		it('say so of a server that cannot be reached, too', async () => {
			const unreachable = { ...bench.simulator.credential, baseUrl: 'http://127.0.0.1:9' };
			const failing = bench.host.listSearch({
				...asked('searchTransactions'),
				credentials: { kuvarPayApi: unreachable },
			});
			await expect(failing).rejects.toMatchObject({
				message: expect.stringMatching(/could not be reached at 127\.0\.0\.1:9: .*refused/),
				description: expect.stringContaining(locatorWay),
			});
		});

		it('never show the key', async () => {
			bench.simulator.faults.add({ kind: 'echoKey' });
			const error: unknown = await search('searchPlans').catch((reason: unknown) => reason);
			expect(error).toMatchObject({ message: expect.stringContaining('***') });
			expect(JSON.stringify(error)).not.toContain(bench.simulator.apiKey);
		});
	});
});

describe('sample outputs', () => {
	const schemas = outputSchemas();

	it('are there for every operation, and up to date', () => {
		const files = readdirSync(SCHEMA_FOLDER, { recursive: true, encoding: 'utf8' })
			.map((file) => file.replaceAll('\\', '/'))
			.filter((file) => file.endsWith('.json'));
		const all = resources.flatMap(({ value, operations }) =>
			operations.map((operation) => `${value}/${operation.value}.json`),
		);
		expect(files.sort()).toEqual([...all].sort());
		for (const [path, text] of schemas)
			expect([path, readFileSync(join(SCHEMA_FOLDER, path), 'utf8')]).toEqual([path, text]);
	});

	it('of Simplify have at most ten fields', () => {
		const simple = resources.flatMap(({ value, operations }) =>
			operations
				.filter(({ simplify }) => simplify)
				.map((operation) => `${value}/${operation.value}.json`),
		);
		expect(simple.sort()).toEqual([
			...['checkoutSession/get.json', 'transaction/get.json', 'transaction/getAll.json'],
		]);
		for (const path of simple) {
			const { properties } = JSON.parse(schemas.get(path)!) as { properties: object };
			expect(Object.keys(properties).length).toBeLessThanOrEqual(10);
		}
	});
});

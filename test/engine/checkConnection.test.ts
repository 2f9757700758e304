import { Simulator, type SimulatorOptions } from '../../simulator';
import type { EngineHost } from '../../engine';
import { hostOf } from '../support/engine';

describe('Check Connection', () => {
	let host: EngineHost;
	beforeAll(async () => (host = await hostOf('newest')));
	afterAll(async () => await host.stop());

	/** Runs it at a KuvarPay as a newcomer's credential leaves it. */
	const check = async (options: SimulatorOptions, credential: object = {}) => {
		const simulator = await Simulator.start({ heartbeat: 0, ...options });
		try {
			const { sessionId } = simulator.createSession({ customerEmail: 'ada@example.com' });
			simulator.createTransaction({
				checkoutSessionId: sessionId,
				customerName: 'Ada Obi',
				customerEmail: 'ada@example.com',
			});
			const { apiKey, baseUrl, businessBaseUrl } = simulator.credential;
			const result = await host.run({
				node: {
					type: 'kuvarPay',
					name: 'KuvarPay',
					parameters: { resource: 'api', operation: 'checkConnection', report: true },
				},
				items: [{ json: {} }],
				credentials: { kuvarPayApi: { apiKey, baseUrl, businessBaseUrl, ...credential } },
			});
			await simulator.waitFor(({ openSockets }) => openSockets === 0);
			const rows = result.items.map(({ json }) => json as Record<string, string>);
			const of = (name: string) => rows.find(({ check: each }) => each === name)!;
			return { ...result, simulator, rows, of, apiKey };
		} finally {
			await simulator.close();
		}
	};

	it('tells of each thing what it found, and that all is as expected', async () => {
		const { error, rows, of } = await check({});
		expect(error).toBeUndefined();
		expect(rows.map(({ check: name, result }) => [name, result])).toEqual([
			['API key', 'ok'],
			['Transactions', 'ok'],
			['Currencies', 'ok'],
			['Local currencies', 'ok'],
			['Networks', 'ok'],
			['Subscription currencies', 'ok'],
			['Subscription networks', 'ok'],
			['Plans', 'ok'],
			['Subscriptions', 'ok'],
			['Transfer fee', 'ok'],
			['One transaction', 'ok'],
			['Event stream of a transaction', 'ok'],
			['One checkout session', 'ok'],
			['Event stream of a checkout session', 'ok'],
			['Host of invoices and payment links', 'ok'],
			['Report', 'ok'],
		]);
		for (const row of rows) {
			expect(Object.keys(row)).toEqual(['check', 'result', 'detail', 'hint']);
			expect(row.detail).not.toBe('');
		}
		expect(of('Transactions').detail).toMatch(/^\/api\/v1\/transactions in \d+ ms; /);
	});

	it('only reads, and leaves no stream open', async () => {
		const { simulator } = await check({});
		expect(new Set(simulator.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
		expect(simulator.writes).toEqual([]);
		expect(simulator.streams.open).toBe(0);
	});

	it('tells what differs from what is documented', async () => {
		const { of } = await check({
			dialect: {
				key: { forms: ['bearer'] },
				streams: { openedBy: ['token'], token: 'get' },
				paths: { 'currency.getNetworks': 'GET /api/v1/networks' },
			},
		});
		expect(of('API key')).toMatchObject({
			result: 'differs',
			detail: expect.stringContaining('Authorization: Bearer key: 200'),
		});
		expect(of('Networks')).toMatchObject({
			result: 'differs',
			detail: expect.stringContaining('/api/v1/networks in '),
		});
		expect(of('Event stream of a checkout session')).toMatchObject({
			result: 'differs',
			detail: expect.stringContaining("with the session's token: 200, a stream"),
		});
	});

	it('tells why where the key is refused, and what to do', async () => {
		const { error, of } = await check({}, { apiKey: 'wrong-key-1' });
		expect(error).toBeUndefined();
		expect(of('API key')).toMatchObject({
			result: 'refused',
			hint: expect.stringContaining('copied whole'),
		});
	});

	it('writes a report without secrets and without anything of a customer', async () => {
		const { of, items, apiKey, simulator } = await check({});
		const { detail } = of('Report');
		const all = JSON.stringify(items);
		expect(detail).toContain('n8n-nodes-kuvarpay');
		expect(detail.split('\n').length).toBeGreaterThan(14);
		expect(all).not.toContain(apiKey);
		for (const [id] of simulator.state.transactions) expect(all).not.toContain(id);
		for (const token of simulator.state.authTokens.values()) expect(all).not.toContain(token);
		expect(all).not.toMatch(/ada@example|Ada Obi/);
	});
});

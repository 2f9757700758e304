import { ENGINES, useBench, type Bench } from '../support/engine';
import { readExample, runnable } from './workflows';

const NAME = 'pay-page-shop';
const ORDER = { name: 'Ada Obi', email: 'ada@example.com' };

describe.each(ENGINES)('the shop without a website on the %s engine', (engine) => {
	let bench: Bench;
	useBench(engine, (started) => (bench = started));

	/** What the browser is answered. */
	const visit = async (startNode: string, body: object) => {
		const items = [{ json: { headers: {}, params: {}, query: {}, body } }];
		const { credentials } = bench;
		const workflow = runnable(NAME);
		const { error, ...result } = await bench.host.run({ workflow, startNode, items, credentials });
		if (error) throw new Error(`${error.node}: ${error.message}`);
		return { text: String(result.items[0].json.responseBody), nodes: Object.keys(result.nodes) };
	};

	it('serves a page with the publishable key, and asks KuvarPay nothing for it', async () => {
		const requests = bench.simulator.requests.length;
		const { text, nodes } = await visit('Shop Opened', {});
		expect(nodes).toContain('Send the Page');
		expect(text).toContain('<script src="https://pay.kuvarpay.com/kuvarpay-sdk.js"></script>');
		expect(text).toContain('apiKey: "YOUR PUBLISHABLE KEY"');
		expect(text).toContain('baseUrl: new URL("https://pay.kuvarpay.com/kuvarpay-sdk.js").origin');
		expect(text).toContain('25,000 NGN');
		expect(text).not.toMatch(/[{}]{2}|undefined|\[object/);
		expect(text).not.toContain(bench.simulator.apiKey);
		expect(bench.simulator.requests).toHaveLength(requests);
	});

	it('answers an order with what the browser SDK needs, at the price of the shop', async () => {
		const { text } = await visit('Order Placed', { ...ORDER, price: '1', currency: 'KES' });
		const [session] = [...bench.simulator.state.sessions.values()].slice(-1);
		const { sessionId } = session;
		const authToken = bench.simulator.authTokenOf(sessionId);
		expect(JSON.parse(text)).toEqual({ sessionId, authToken });
		expect(session).toMatchObject({
			amount: 25000,
			currency: 'NGN',
			customerName: 'Ada Obi',
			customerEmail: 'ada@example.com',
			description: expect.stringMatching(/^Order shop-\w+: Cotton shirt, blue$/),
		});
	});

	it('fulfils what was paid in this shop, and nothing else', async () => {
		await visit('Order Placed', ORDER);
		const { simulator, credentials } = bench;
		const [{ sessionId: ours }] = [...simulator.state.sessions.values()].slice(-1);
		const { sessionId: other } = simulator.createSession({ description: 'Invoice 1' });
		const payments = [{}, { checkoutSessionId: other }, { checkoutSessionId: ours }].map((fields) =>
			simulator.createTransaction(fields),
		);
		const workflow = runnable(NAME);
		const startNode = 'Payment Completed';
		const trigger = await bench.host.activate({ workflow, startNode, credentials });
		await simulator.waitFor(({ streams }) => streams.open === payments.length);
		for (const { id } of payments) simulator.setTransactionStatus(id, 'COMPLETED');
		const lasts = [];
		for (const _ of payments) lasts.push(await trigger.nextExecution());
		await trigger.close();
		const emails = lasts.flatMap(({ items }) => items.filter(({ json }) => json.toEmail));
		expect(lasts.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
		expect(emails).toMatchObject([
			{
				json: {
					toEmail: 'ada@example.com',
					subject: expect.stringContaining('Order shop-'),
					text: expect.stringContaining('your payment of 25000 NGN has arrived'),
				},
			},
		]);
	});
});

it('holds no key but a placeholder', () => {
	const { nodes } = readExample(NAME);
	const { assignments } = nodes.find(({ name }) => name === 'Shop')!.parameters as {
		assignments: { assignments: Array<{ name: string; value: string }> };
	};
	const values = Object.fromEntries(
		assignments.assignments.map(({ name, value }) => [name, value]),
	);
	expect(Object.keys(values)[0]).toBe('sdkAddress');
	expect(values.publishableKey).toBe('YOUR PUBLISHABLE KEY');
});

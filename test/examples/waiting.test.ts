import { ENGINES, useBench, type Bench } from '../support/engine';
import { runExample, runnable } from './workflows';

describe.each(ENGINES)('a wait of days on the %s engine', (engine) => {
	let bench: Bench;
	useBench(engine, (started) => (bench = started));
	const newest = () => [...bench.simulator.state.sessions.values()].at(-1)!;

	it('gives the session its own resume address, and waits again until it has ended', async () => {
		const { simulator } = bench;
		const running = runExample(bench, 'payment-wait-for-days');
		const looks = () =>
			simulator.requests.filter(({ operationId }) => operationId === 'checkoutSession.get').length;
		await simulator.waitFor(() => looks() >= 2);
		simulator.setSessionStatus(newest().sessionId, 'COMPLETED');
		const { nodes } = await running;
		expect(newest().callbackUrl).toMatch(/^http:\/\/localhost:5678\/webhook-waiting\/\w+/);
		expect(nodes.Wait.runs).toBeGreaterThan(1);
		expect(nodes['Get Checkout Session'].runs).toBe(nodes.Wait.runs);
		expect(nodes.Paid.runs).toBe(1);
		expect(nodes).not.toHaveProperty('Not Paid');
		expect(nodes['Send the Link'].outputs[0][0].json).toMatchObject({
			toEmail: 'ada@example.com',
			text: expect.stringContaining(`/pay?session=${newest().sessionId}`),
		});
	});

	it('is woken by the second workflow, which calls no other address', async () => {
		const { simulator, host, credentials } = bench;
		const own = 'http://localhost:5678/webhook-waiting/42?signature=abc';
		const addresses = [own, 'https://shop.example.com/hooks', undefined];
		const sessions = addresses.map((callbackUrl) => simulator.createSession({ callbackUrl }));
		const payments = sessions.map(({ sessionId: checkoutSessionId }) =>
			simulator.createTransaction({ checkoutSessionId }),
		);
		const workflow = runnable('payment-wait-wake-up');
		const trigger = await host.activate({ workflow, credentials });
		await simulator.waitFor(({ streams }) => streams.open === payments.length);
		for (const { id } of payments) simulator.setTransactionStatus(id, 'COMPLETED');
		const calls = [];
		for (const _ of sessions) {
			const { status, items } = await trigger.nextExecution();
			expect(status).toBe('success');
			calls.push(...items.filter(({ json }) => json.url).map(({ json }) => json));
		}
		await trigger.close();
		expect(calls).toEqual([{ method: 'POST', url: own }]);
	});
});

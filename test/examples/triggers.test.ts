import { ENGINES, useBench, type Bench } from '../support/engine';
import { runnable } from './workflows';

describe.each(ENGINES)('the examples that a trigger starts on the %s engine', (engine) => {
	let bench: Bench;
	useBench(engine, (started) => (bench = started));

	it('start once when a payment is received, fulfil and email', async () => {
		const { id } = bench.simulator.createTransaction({
			toAmount: 50000,
			externalId: 'order-1042',
			customerName: 'Ada Obi',
			customerEmail: 'ada@example.com',
		});
		const trigger = await bench.host.activate({
			workflow: runnable('payment-received-fulfil-and-email'),
			credentials: bench.credentials,
		});
		await bench.simulator.waitFor(({ streams }) => streams.open === 1);
		bench.simulator.setTransactionStatus(id, 'PROCESSING');
		bench.simulator.setTransactionStatus(id, 'COMPLETED');
		const { status, items } = await trigger.nextExecution();
		await trigger.close();

		expect(bench.simulator.state.transactions.get(id)).toMatchObject({ status: 'COMPLETED' });
		expect({ status, started: trigger.emissions.length }).toEqual({
			status: 'success',
			started: 1,
		});
		expect(items).toMatchObject([
			{
				json: {
					toEmail: 'ada@example.com',
					subject: 'We got your payment for order order-1042',
					text: expect.stringContaining('your payment of 50000 NGN has arrived'),
				},
			},
		]);
	});

	it('remind a subscriber whose payment becomes past due, and no other', async () => {
		const { simulator, host, credentials } = bench;
		const { create, state } = simulator;
		const [late, good] = ['late', 'good'].map((name) =>
			create.customer({ email: `${name}@example.com` }),
		);
		const { id } = create.subscription({ customerId: late.id, status: 'ACTIVE' });
		create.subscription({ customerId: good.id, status: 'ACTIVE' });
		const workflow = runnable('subscription-past-due-remind');
		const trigger = workflow.nodes.find(({ name }) => name === 'Subscription Past Due')!;
		expect(trigger.parameters?.options).toEqual({ discoveryInterval: 3600 });
		trigger.parameters = { ...trigger.parameters, options: { discoveryInterval: 1 } };

		const active = await host.activate({ workflow, credentials });
		Object.assign(state.subscriptions.get(id)!, {
			status: 'PAST_DUE',
			updatedAt: new Date().toISOString(),
		});
		const { status, items } = await active.nextExecution();
		await active.close();
		const [checkout, ...others] = state.subscriptionCheckouts.values();
		expect([status, others]).toEqual(['success', []]);
		expect(state.checkoutLinks.get(checkout.id)).toMatchObject({
			subscriptionId: id,
			purpose: 'renew',
		});
		expect(items).toMatchObject([
			{
				json: {
					toEmail: 'late@example.com',
					text: expect.stringContaining(checkout.approval_url),
				},
			},
		]);
	});
});

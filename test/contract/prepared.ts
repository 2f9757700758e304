import { randomUUID } from 'node:crypto';
import type { INodeTypeDescription } from 'n8n-workflow';
import type { Simulator } from '../../simulator';
import { waysToFill, type Parameters } from './parameters';

/** Brings about what an operation needs, and gives the values that name it. */
export function prepare(simulator: Simulator, id: string): Parameters {
	const metered = id === 'subscriptionInvoice.createMetered';
	const subscription = simulator.create.subscription(metered ? { billingMode: 'METERED' } : {});
	subscription.cancelAtPeriodEnd = id === 'subscription.confirmCancellation';
	const { id: subscriptionId, createdAt, updatedAt } = subscription;
	const authId = `auth-${subscriptionId}`;
	simulator.state.authorizations.set(subscriptionId, {
		...{ subscriptionId, createdAt, updatedAt },
		...{ authId, status: 'ACTIVE' },
	});
	const price = simulator.create.price({ amount: '1' });
	const { sessionId } = simulator.createSession();
	return {
		transactionId: simulator.createTransaction().id,
		sessionId: id.startsWith('subscriptionCheckout.')
			? simulator.create.subscriptionCheckout().id
			: sessionId,
		checkoutSessionId: sessionId,
		// With one of the user's own the key is not tried.
		authToken: '',
		subscriptionId,
		customerId: subscription.customerId,
		planId: price.planId,
		priceId: price.id,
		invoiceId: id.startsWith('invoice.')
			? simulator.create.invoice().id
			: simulator.create.subscriptionInvoice(subscriptionId).id,
		itemsJson: '[{"description":"Shirt","quantity":2,"unitPrice":4500,"currency":"NGN"}]',
		slug: `slug-${randomUUID()}`,
		nextDue: '2031-05-06T07:08:09',
		expiry: '2032-05-06T07:08:09',
	};
}

/** {@link waysToFill}, with something to change in an update: one of nothing is refused. */
export function waysToRun(
	description: INodeTypeDescription,
	id: string,
	known: Parameters,
	everything: boolean,
): Parameters[] {
	const ways = waysToFill(description, id, known, everything);
	if (id.endsWith('.update'))
		for (const way of ways)
			way.updateFields ??= { metadata: { entry: [{ key: 'a', value: '1' }] } };
	return ways;
}

/** Lets the payment complete as soon as somebody listens. */
export async function pay(simulator: Simulator, known: Parameters): Promise<void> {
	const opened = simulator.streams.opened;
	await simulator.waitFor(({ streams }) => streams.opened > opened);
	complete(simulator, known);
}

export function complete(simulator: Simulator, { sessionId, transactionId }: Parameters): void {
	simulator.setTransactionStatus(String(transactionId), 'COMPLETED');
	simulator.setSessionStatus(String(sessionId), 'COMPLETED');
}

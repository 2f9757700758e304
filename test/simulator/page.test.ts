import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { useVisitor, Visitor } from './browser';
import { ask, listen, SESSION } from './client';

let simulator: Simulator;
let visitor: Visitor;

useVisitor((started, its) => {
	simulator = started;
	visitor = its;
});

const TRON = { token: 'tok_usdt_tron' };

/** A session whose page is open, with a deposit address. */
async function atDeposit() {
	const session = simulator.createSession({ ...SESSION, description: 'Order 1042' });
	await visitor.open(`/checkout/${session.sessionId}`);
	await visitor.send(TRON);
	return session;
}

const done = async (id: string, status: string) =>
	await simulator.waitFor(({ state }) => state.sessions.get(id)?.status === status);

it('shows what is to be paid, and makes a transaction once the customer has chosen a coin', async () => {
	const { sessionId } = simulator.createSession({ ...SESSION, description: 'Order 1042' });
	await visitor.open(`/checkout/${sessionId}`);
	expect(visitor.html).toContain('Order 1042');
	expect(visitor.html).toContain('5,000 NGN');
	expect(simulator.state.transactions.size).toBe(0);

	await visitor.send(TRON);
	await visitor.send(TRON);
	const [transaction, ...others] = simulator.state.transactions.values();
	expect(others).toEqual([]);
	expect(transaction).toMatchObject({
		checkoutSessionId: sessionId,
		fromCurrency: 'USDT',
		fromNetwork: 'TRON',
		toAmount: 5000,
		toCurrency: 'NGN',
		status: 'PENDING',
	});
	expect(visitor.html).toContain(String(transaction.depositAddress));
	expect(visitor.html).toContain(`data-until="${String(transaction.expiresAt)}"`);
	expect(visitor.html).toMatch(/<svg[^>]+viewBox/);
});

it('takes a payment, and page, REST, streams and webhooks tell the same', async () => {
	const { sessionId } = await atDeposit();
	await visitor.send({ do: 'PAY' });
	expect(visitor.status).toBe('PROCESSING');
	await done(sessionId, 'COMPLETED');
	expect((await visitor.open(visitor.path)).status).toBe('COMPLETED');

	const { json } = await ask(simulator, `/api/v1/checkout-sessions/${sessionId}`);
	expect(json.data).toMatchObject({
		status: 'COMPLETED',
		transactions: [{ status: 'COMPLETED', payoutStatus: 'PAID' }],
	});
	const told = simulator.streams.log('session', sessionId).map(({ data }) => data);
	expect(
		told.map((text) => (JSON.parse(text) as { data: { status: string } }).data.status),
	).toEqual(['PENDING', 'PROCESSING', 'COMPLETED']);
});

it('leaves a payment to the customer who has opened its page, where payments move by themselves', async () => {
	const options: SimulatorOptions = { heartbeat: 0 };
	const other = await startSimulator(options);
	const { sessionId } = other.createSession(SESSION);
	const customer = await new Visitor(other).open(`/checkout/${sessionId}`);
	options.autoPay = { afterMs: 1, steps: ['PROCESSING', 'COMPLETED'], everyMs: 1 };
	await customer.send(TRON);
	// Its clock starts later, so the other one's first step has come and gone when it is complete.
	const unattended = other.createSession(SESSION);
	await other.waitFor(() => unattended.status === 'COMPLETED');
	expect(other.state.sessions.get(sessionId)?.status).toBe('PENDING');
	await customer.send({ do: 'PAY' });
	await other.waitFor(({ state }) => state.sessions.get(sessionId)?.status === 'COMPLETED');
	await other.close();
});

it.each([
	['PAY_LESS', 'PARTIAL_PAYMENT', ['PAY', 'CANCEL', 'EXPIRE'], 'PAY', 'COMPLETED'],
	['PAY_MORE', 'EXCESS_PAYMENT', ['KEEP', 'REFUND'], 'KEEP', 'COMPLETED'],
	['PAY_MORE', 'EXCESS_PAYMENT', ['KEEP', 'REFUND'], 'REFUND', 'REFUNDED'],
	['PAY_LESS', 'PARTIAL_PAYMENT', ['PAY', 'CANCEL', 'EXPIRE'], 'EXPIRE', 'EXPIRED'],
])('lets the customer %s, then %s: %j, and %s', async (first, status, choices, second, end) => {
	const { sessionId } = await atDeposit();
	await visitor.send({ do: first });
	expect([visitor.status, visitor.choices]).toEqual([status, choices]);
	await visitor.send({ do: second });
	await done(sessionId, end);
	expect(simulator.state.sessions.get(sessionId)?.transactions[0].status).toBe(end);
});

it.each([
	['CANCEL', 'CANCELLED'],
	['EXPIRE', 'EXPIRED'],
])('ends a payment with %s, before and after a coin is chosen, and for good', async (name, end) => {
	const { sessionId } = simulator.createSession(SESSION);
	await visitor.open(`/checkout/${sessionId}`);
	await visitor.send({ do: name });
	expect(visitor.status).toBe(end);
	await visitor.send(TRON);
	expect(simulator.state.transactions.size).toBe(0);

	const { transactions } = await atDeposit();
	await visitor.send({ do: name });
	await visitor.send({ do: 'PAY' });
	expect([visitor.status, transactions[0].status, visitor.choices]).toEqual([end, end, []]);
});

it('does not go on with a payment that somebody else has moved meanwhile', async () => {
	const { sessionId, transactions } = await atDeposit();
	await visitor.send({ do: 'PAY' });
	simulator.setTransactionStatus(transactions[0].id, 'COMPLIANCE_HOLD');
	const other = await atDeposit();
	await visitor.send({ do: 'PAY' });
	// The second payment was made later, so the first one's time is over by then.
	await done(other.sessionId, 'COMPLETED');
	expect(simulator.state.sessions.get(sessionId)?.status).toBe('COMPLIANCE_HOLD');
});

it('keeps an open page up to date, and one that returns', async () => {
	const { sessionId } = simulator.createSession(SESSION);
	const path = `/checkout/${sessionId}`;
	const { html } = await visitor.open(path);
	const live = await listen(simulator, `${path}/live`);
	await live.until(({ events }) => events.length === 1);
	const parse = (data: string) => JSON.parse(data) as { version: string; view: string };
	const [first] = live.events.map(({ data }) => parse(data));
	// What the page shows already: its script need not put it in once more.
	expect(html).toContain(`data-version="${first.version}"`);
	simulator.createSession();
	simulator.setSessionStatus(sessionId, 'COMPLETED');
	await live.until(({ events }) => events.length === 2);
	expect(parse(live.events[1].data).view).toContain('data-status="COMPLETED"');
	live.close();
	await simulator.waitFor(({ openSockets }) => openSockets === 0);
	simulator.setSessionStatus(sessionId, 'REFUNDED');
	expect(live.events).toHaveLength(2);
});

it('escapes every text, links to no script, and allows none but its own', async () => {
	const evil = '<script>alert("1")</script>';
	const { sessionId } = simulator.createSession({
		...SESSION,
		currency: evil,
		description: evil,
		customerName: evil,
		customerEmail: `"${evil}`,
		redirectUrl: 'javascript:alert(1)',
	});
	await visitor.open(`/checkout/${sessionId}`);
	const first = visitor.html;
	await visitor.send({ do: 'CANCEL' });
	for (const html of [first, visitor.html]) {
		expect(html).not.toContain('<script>');
		expect(html).not.toContain('javascript:');
	}
	expect(visitor.answer.headers['content-security-policy']).toContain("script-src 'self'");
});

it('leads back to the shop', async () => {
	const redirectUrl = 'https://shop.example.com/thanks?order=1042';
	const { sessionId } = simulator.createSession({ ...SESSION, redirectUrl });
	simulator.setSessionStatus(sessionId, 'COMPLETED');
	await visitor.open(`/checkout/${sessionId}`);
	expect(visitor.html).toContain('href="https://shop.example.com/thanks?order&#61;1042"');
});

it('opens with the token of the session or without one, and not with another', async () => {
	const { sessionId } = simulator.createSession(SESSION);
	const token = simulator.authTokenOf(sessionId)!;
	const path = `/checkout/${sessionId}`;
	const status = async (query: string) => (await visitor.open(path + query)).answer.status;
	expect(await status('')).toBe(200);
	expect(await status(`?embedded&token=${token}`)).toBe(200);
	expect((await visitor.send(TRON)).path).toBe(`${path}?embedded&token=${token}`);
	expect(await status('?token=wrong')).toBe(403);
	expect(visitor.status).toBe('REFUSED');
	expect((await visitor.open('/checkout/cs_unknown')).answer.status).toBe(404);
	expect((await ask(simulator, '/checkout/cs_unknown/live')).status).toBe(404);
	expect(
		(await visitor.open(path).then(async (at) => await at.send({ token: 'x' }))).answer.status,
	).toBe(422);
});

it('serves its styles and scripts, and the stand-in for the browser SDK', async () => {
	const { sessionId } = simulator.createSession(SESSION);
	const { html } = await visitor.open(`/checkout/${sessionId}?theme=dark`);
	expect(html).toContain('data-theme="dark"');
	const files = [...html.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)].map(([, path]) => path);
	expect(files).toHaveLength(4);
	for (const path of [...files, '/kuvarpay-sdk.js']) {
		const { status, headers } = await ask(simulator, path, { anonymous: true });
		expect([path, status]).toEqual([path, 200]);
		expect(headers['content-type']).toMatch(path.endsWith('.css') ? /^text\/css/ : /javascript/);
	}
	// Pages are the customer's, not requests of the client.
	expect(simulator.requests).toEqual([]);
});

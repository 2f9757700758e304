import { startSimulator, type DialectOptions, type Simulator } from '../../simulator';
import { ask, listen, SESSION, type Listening } from './client';

let simulator: Simulator;
let open: Listening[] = [];

async function start(streams: DialectOptions['streams'], heartbeat = 0): Promise<void> {
	simulator = await startSimulator({ heartbeat, dialect: { streams } });
}

afterEach(async () => {
	for (const stream of open) stream.close();
	open = [];
	await simulator.close();
});

async function to(path: string, headers = {}): Promise<Listening> {
	const stream = await listen(simulator, `/api/v1/sse/${path}`, headers);
	open.push(stream);
	return stream;
}

/** What the two streams of one payment answer to the key and to the session's token. */
async function statuses(): Promise<Record<string, number>> {
	const { sessionId } = simulator.createSession();
	const { id } = simulator.createTransaction({ checkoutSessionId: sessionId });
	const headers = { authorization: `Bearer ${simulator.authTokenOf(sessionId)}` };
	return {
		sessionByKey: (await to(`session/${sessionId}`)).status,
		sessionByToken: (await to(`session/${sessionId}`, headers)).status,
		transactionByKey: (await to(`transaction/${id}`)).status,
		transactionByToken: (await to(`transaction/${id}`, headers)).status,
	};
}

it.each([
	[{}, 200, 200],
	[{ openedBy: ['key'] }, 200, 401],
	[{ openedBy: ['token'] }, 401, 200],
	[{ openedBy: ['token'], refusal: 403 }, 403, 200],
	[{ openedBy: [], refusal: 404 }, 404, 404],
] as Array<[DialectOptions['streams'], number, number]>)(
	'with %j a stream answers %d to the key and %d to the token',
	async (streams, byKey, byToken) => {
		await start(streams);
		expect(await statuses()).toEqual({
			sessionByKey: byKey,
			sessionByToken: byToken,
			transactionByKey: byKey,
			transactionByToken: byToken,
		});
	},
);

it('does not open to the token of another session', async () => {
	await start({});
	const [one, other] = simulator.seed(2);
	const headers = { authorization: `Bearer ${simulator.authTokenOf(other.sessionId)}` };
	expect((await to(`session/${one.sessionId}`, headers)).status).toBe(401);
	const { id } = simulator.createTransaction({ checkoutSessionId: one.sessionId });
	expect((await to(`transaction/${id}`, headers)).status).toBe(401);
});

it.each([
	['create', true, false],
	['get', false, true],
	['both', true, true],
	['never', false, false],
] as const)('tells the token on %s', async (token, onCreate, onGet) => {
	await start({ token });
	const created = await ask(simulator, '/api/v1/checkout-sessions', { body: SESSION });
	expect('authToken' in created.json.data).toBe(onCreate);
	const { sessionId } = created.json.data;
	const read = await ask(simulator, `/api/v1/checkout-sessions/${sessionId}`);
	expect('authToken' in read.json.data).toBe(onGet);
	if (onGet) expect(read.json.data.authToken).toBe(simulator.authTokenOf(sessionId));
});

/** What a session's stream says when it opens and then hears of one update. */
async function heard(streams: DialectOptions['streams']): Promise<Listening> {
	await start(streams);
	const [{ sessionId }] = simulator.seed(1);
	const stream = await to(`session/${sessionId}`);
	simulator.setSessionStatus(sessionId, 'PROCESSING');
	await stream.until(({ text }) => text.includes('PROCESSING') || text.includes('updated"'));
	return stream;
}

it.each(['message', 'payment.updated', 'status'])('calls its events %s', async (name) => {
	const stream = await heard({ event: { session: name, transaction: name } });
	expect(stream.events).toMatchObject([{ id: '1', event: name }]);
});

it('sends events without a name and without a number', async () => {
	const stream = await heard({ event: { session: '', transaction: '' }, ids: false });
	expect(stream.text).toMatch(/^data: \{.+\n\n$/);
});

it.each([
	['event', 'event: connected\ndata: {}\n\n'],
	['message', 'data: {"type":"connected"}\n\n'],
] as const)('greets with %s', async (greeting, text) => {
	const stream = await heard({ greeting });
	expect(stream.text.startsWith(text)).toBe(true);
	expect(stream.events).toHaveLength(2);
});

it('begins with the present state', async () => {
	const stream = await heard({ snapshot: true });
	expect(stream.events.map(({ data }) => JSON.parse(data).data.status)).toEqual([
		'PENDING',
		'PROCESSING',
	]);
});

it('sends the object itself', async () => {
	const [event] = (await heard({ payload: 'flat' })).events;
	expect(JSON.parse(event.data)).toMatchObject({ status: 'PROCESSING' });
	expect(JSON.parse(event.data)).not.toHaveProperty('data');
});

it('sends no more than a hint', async () => {
	const [event] = (await heard({ payload: 'hint' })).events;
	expect(event).toMatchObject({ event: 'session_update', data: '{"type":"updated"}' });
});

it.each([
	[{ heartbeat: 'comment' }, /^: heartbeat .+\n\n/],
	[{ heartbeat: 'event' }, /^event: heartbeat\ndata: \n\n/],
	[
		{ heartbeat: 'json', heartbeatEvent: 'ping' },
		/^event: ping\ndata: \{"type":"heartbeat",.+\n\n/,
	],
	[{ heartbeat: 'json', heartbeatEvent: '' }, /^data: \{"type":"heartbeat",.+\n\n/],
] as Array<[DialectOptions['streams'], RegExp]>)(
	'keeps alive with %j',
	async (streams, pattern) => {
		await start(streams, 20);
		const stream = await to(`session/${simulator.createSession().sessionId}`);
		await stream.until(({ text }) => text.includes('\n\n'));
		expect(stream.text).toMatch(pattern);
	},
);

it('does not keep alive at all', async () => {
	await start({ heartbeat: 'none' }, 5);
	const { sessionId } = simulator.createSession();
	const stream = await to(`session/${sessionId}`);
	const beats = simulator.requests.length;
	// Twenty answers later a heart of 5 ms would have been heard.
	while (simulator.requests.length < beats + 20) await ask(simulator, '/api/v1/currencies');
	simulator.setSessionStatus(sessionId, 'COMPLETED');
	await stream.until(({ text }) => text.includes('COMPLETED'));
	expect(stream.events).toHaveLength(1);
	expect(stream.text).not.toContain('heartbeat');
});

it('spells what it sends as REST does', async () => {
	simulator = await startSimulator({
		heartbeat: 0,
		dialect: { answers: { statuses: 'lower', id: 'uid', times: false } },
	});
	const { id } = simulator.createTransaction();
	const stream = await to(`transaction/${id}`);
	simulator.setTransactionStatus(id, 'COMPLETED');
	await stream.until(({ events }) => events.length === 1);
	const { data } = JSON.parse(stream.events[0].data);
	const read = (await ask(simulator, `/api/v1/transactions/${id}`)).json.data;
	expect(data).toEqual(read);
	expect(data).toMatchObject({ uid: id, status: 'completed' });
});

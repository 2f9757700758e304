import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { ask, listen, SESSION } from './client';

let simulator: Simulator;

async function start(options: SimulatorOptions = {}): Promise<void> {
	simulator = await startSimulator({ heartbeat: 0, ...options });
}

afterEach(async () => {
	await simulator.close();
});

const PATH = '/api/v1/transactions';

it.each([
	['as it is', (key: string) => ({ authorization: key })],
	['as a bearer token', (key: string) => ({ authorization: `Bearer ${key}` })],
	['in x-api-key', (key: string) => ({ 'x-api-key': key })],
])('takes the key %s', async (_name, headers) => {
	await start();
	const anonymous = true;
	const good = await ask(simulator, PATH, { anonymous, headers: headers(simulator.apiKey) });
	expect(good.status).toBe(200);
	const bad = await ask(simulator, PATH, { anonymous, headers: headers('wrong') });
	expect(bad.status).toBe(401);
	expect(bad.json).toEqual({ success: false, error: 'Invalid API key' });
	const none = await ask(simulator, PATH, { anonymous });
	expect(none.json).toEqual({ success: false, error: 'API key is missing' });
});

it('accepts the key that it was given', async () => {
	await start({ apiKey: 'my-key', webhookSecret: 'my-secret', businessId: 'my-business' });
	expect(simulator.credential).toEqual({
		apiKey: 'my-key',
		baseUrl: simulator.baseUrl,
		businessBaseUrl: simulator.businessBaseUrl,
		authorizationFormat: 'raw',
		webhookSecret: 'my-secret',
		businessId: '',
	});
	expect((await ask(simulator, PATH)).status).toBe(200);
});

it('asks for the business id when told to', async () => {
	await start({ requireBusinessId: true });
	expect(simulator.credential.businessId).toBe(simulator.businessId);
	expect((await ask(simulator, PATH)).status).toBe(403);
	const headers = { 'x-business-id': simulator.businessId };
	expect((await ask(simulator, PATH, { headers })).status).toBe(200);
	headers['x-business-id'] = 'another';
	expect((await ask(simulator, PATH, { headers })).status).toBe(403);
});

describe('the token of a session', () => {
	it('opens this session and its stream, and nothing else', async () => {
		await start();
		const created = await ask(simulator, '/api/v1/checkout-sessions', { body: SESSION });
		const { sessionId, authToken } = created.json.data as Record<string, string>;
		expect(authToken).toBe(simulator.authTokenOf(sessionId));
		expect(authToken.split('.')).toHaveLength(3);
		const other = simulator.createSession();
		const headers = { authorization: `Bearer ${authToken}` };
		const status = async (path: string) => (await ask(simulator, path, { headers })).status;

		expect(await status(`/api/v1/checkout-sessions/${sessionId}`)).toBe(200);
		const stream = await listen(simulator, `/api/v1/sse/session/${sessionId}`, headers);
		expect(stream.status).toBe(200);
		stream.close();
		expect(await status(`/api/v1/checkout-sessions/${other.sessionId}`)).toBe(401);
		expect(await status(`/api/v1/sse/session/${other.sessionId}`)).toBe(401);
		expect(await status(PATH)).toBe(401);
		const raw = await ask(simulator, `/api/v1/checkout-sessions/${sessionId}`, {
			headers: { authorization: authToken },
		});
		expect(raw.status).toBe(401);
	});

	it('is not part of what a session reads like later', async () => {
		await start();
		const { sessionId } = simulator.createSession();
		const { text } = await ask(simulator, `/api/v1/checkout-sessions/${sessionId}`);
		expect(text).not.toContain('authToken');
	});
});

import { Bench, ENGINES } from '../support/engine';

describe.each(ENGINES)('the credential test on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => (bench = await Bench.start(engine)));
	afterAll(async () => await bench.stop());

	const test = async (changes: Record<string, unknown> = {}) =>
		await bench.host.testCredential('kuvarPayApi', { ...bench.simulator.credential, ...changes });

	it('accepts a right key in every format', async () => {
		for (const authorizationFormat of ['raw', 'bearer', 'legacy'])
			expect(await test({ authorizationFormat })).toMatchObject({ status: 'OK' });
	});

	it('tells a wrong key from a server that cannot be reached', async () => {
		const wrong = await test({ apiKey: 'wrong-key-1' });
		const away = await test({ baseUrl: 'http://127.0.0.1:9' });
		expect([wrong.status, away.status]).toEqual(['Error', 'Error']);
		expect(wrong.message).not.toBe(away.message);
		expect(away.message).toMatch(/ECONNREFUSED|refused the connection/);
		// n8n before 2.25 shows its own text for every 401.
		if (engine === 'newest') expect(wrong.message).toContain('tried every form');
	});

	it.each(['http://payment.example.com', 'http://127.0.0.1.example.com', 'ftp://127.0.0.1'])(
		'does not send the key to %s',
		async (baseUrl) => {
			const { status, message } = await test({ baseUrl });
			expect(status).toBe('Error');
			expect(message).toContain('must start with https://');
		},
	);
});

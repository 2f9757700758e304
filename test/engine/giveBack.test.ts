import { startEngine, type EngineHost, type EngineProcess } from '../../engine';
import { Simulator } from '../../simulator';
import { ENGINES, packed } from '../support/packages';

// The tests hand processes from file to file. What one file did must mean nothing to the next.
describe.each(ENGINES)('a process of the %s engine that is given back', (engine) => {
	const echo = packed(engine, 'echo').packageDir;
	let host: EngineHost;
	beforeAll(async () => (host = await startEngine({ engine, packageDir: echo, hurry: 5 })));
	afterAll(async () => await host.stop());

	const again = async (packageDir = echo) => {
		const process = (await host.giveBack()) as EngineProcess;
		expect(process.child.pid).toBe(host.pid);
		host = await startEngine({ engine, packageDir, process });
	};
	const run = async (operation: string, executionId?: string) =>
		await host.run({ node: { type: 'echo', parameters: { operation } }, executionId });

	it('has forgotten what the package kept, and the host', async () => {
		const atStart = [...host.logs];
		const table = {
			type: 'n8n-nodes-base.dataTable',
			parameters: {
				operation: 'insert',
				dataTableId: { __rl: true, mode: 'name', value: 'table' },
				columns: { mappingMode: 'autoMapInputData' },
			},
		};
		const row = async () =>
			(await host.run({ node: table, items: [{ json: { a: 1 } }] })).items[0].json.id;
		// Fails until the package has seen the execution three times.
		const tries = async () => (await run('flaky', 'same')).items[0]?.json.tries;
		const all = async () => [await tries(), await tries(), await tries(), await row(), await row()];

		const before = [await all(), (await run('echo')).executionId];
		expect(before).toEqual([[undefined, undefined, 3, 1, 2], '3']);
		await run('log');

		const first = host;
		await again();
		expect(host.logs).toEqual(atStart);
		expect([await all(), (await run('echo')).executionId]).toEqual(before);
		await expect(first.run({ node: { type: 'echo' } })).rejects.toThrow('was given back');
	});

	it('can have another package, which learns anew what its server is like', async () => {
		const simulator = await Simulator.start({ dialect: { key: { forms: ['bearer'] } } });
		const { packageDir } = packed(engine);
		const statuses = async () => {
			simulator.requests.length = 0;
			const { authorizationFormat: _unset, ...credential } = simulator.credential;
			const { error } = await host.run({
				node: { type: 'kuvarPay', parameters: { resource: 'plan', operation: 'getAll' } },
				credentials: { kuvarPayApi: credential },
			});
			expect(error).toBeUndefined();
			return simulator.requests.map(({ status }) => status);
		};
		try {
			await again(packageDir);
			const asked = await statuses();
			expect(asked).toContain(401);
			expect(await statuses()).toEqual([200]);
			await again(packageDir);
			expect(await statuses()).toEqual(asked);
		} finally {
			await simulator.close();
		}
		await again();
		expect(host.packageName).toBe('n8n-nodes-echo');
	});

	it('is not given back while something of the package is under way', async () => {
		const trigger = await host.activate({ node: { type: 'echoTrigger' } });
		expect(await host.giveBack()).toBeUndefined();
		await trigger.close();
		const webhook = await host.webhook({ node: { type: 'echoWebhook' } });
		expect(await host.giveBack()).toBeUndefined();
		await webhook.close();
		const cancel = new AbortController();
		const running = host.run({
			node: { type: 'echo', parameters: { operation: 'hang' } },
			signal: cancel.signal,
		});
		await host.waitForLog('hanging');
		expect(await host.giveBack()).toBeUndefined();
		cancel.abort();
		await running;
		await again();
	});

	it('is not given back once an error was not caught', async () => {
		await run('reject');
		expect(await host.giveBack()).toBeUndefined();
		expect((await run('echo')).status).toBe('success');
	});
});

// The engine host itself, on both engines, with a small package that is made for it.
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineHost, type EngineName, readState, startEngine } from '../../engine';
import { packed } from '../support/packages';

/** The versions of n8n-core and n8n-workflow of each engine. */
const VERSIONS: Record<EngineName, [core: string, workflow: string]> = {
	newest: ['2.41.1', '2.41.0'],
	oldest: ['2.8.1', '2.8.0'],
	'1.x': ['1.122.48', '1.120.31'],
};
const engines = Object.keys(VERSIONS) as EngineName[];

/** A server on a free port; everything it saw is in `requests`. */
async function serve(listener: RequestListener) {
	const requests: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		requests.push(request);
		listener(request, response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	};
	return { server, requests, port, url: `http://127.0.0.1:${port}`, close };
}

describe.each(engines)('the engine host on the %s engine', (engine) => {
	const pack = packed(engine, 'echo');
	let host: EngineHost;
	let folder: string;
	let stateFile: string;
	const takesKey = engine === 'newest';

	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'engine-host-test-'));
		stateFile = join(folder, 'state.jsonl');
		host = await startEngine({ engine, packageDir: pack.packageDir, stateFile });
	}, 60_000);

	afterAll(async () => {
		await host?.stop();
		rmSync(folder, { recursive: true, force: true });
	});

	const echo = (operation: string, extra: object = {}) => ({
		type: 'echo',
		parameters: { operation, ...extra },
	});

	/** Activates the fixture's trigger and gives a way to make it emit; resolves with its answer. */
	const trigger = async (
		params: Partial<Parameters<EngineHost['activate']>[0]> = {},
		on: EngineHost = host,
	) => {
		const after = on.logs.length;
		const active = await on.activate({ node: { type: 'echoTrigger' }, ...params });
		const { meta } = await on.waitForLog('listening', { after });
		const { port } = meta as { port: number };
		const tell = async (body: object) => {
			const response = await fetch(`http://127.0.0.1:${port}`, {
				method: 'POST',
				body: JSON.stringify(body),
			});
			return await response.text();
		};
		return { active, tell };
	};

	it('loads the package into the right engine', async () => {
		expect([host.engineVersion, host.workflowVersion]).toEqual(VERSIONS[engine]);
		expect(host.nodeTypes).toEqual([
			'n8n-nodes-echo.echo',
			'n8n-nodes-echo.echoTrigger',
			'n8n-nodes-echo.echoWebhook',
		]);
		expect(host.credentialTypes).toEqual(['echoApi']);
		expect((await host.describe('echo')).displayName).toBe('Echo');
		expect(pack.files).toContain('nodes/Echo.node.js');
	});

	it('refuses a package that would not see the engine’s own error classes', async () => {
		const other = engine === 'newest' ? 'oldest' : 'newest';
		await expect(startEngine({ engine: other, packageDir: pack.packageDir })).rejects.toThrow(
			'use packAndUnpack({ engine })',
		);
	});

	describe('run', () => {
		it('feeds items to a node and resolves its expressions', async () => {
			const result = await host.run({
				node: echo('echo', { text: '={{ $json.a }}!' }),
				items: [{ json: { a: 1 } }, { json: { a: 2 } }],
			});
			expect(result).toMatchObject({
				status: 'success',
				lastNode: 'Echo',
				items: [
					{ json: { a: 1, text: '1!', index: 0 }, pairedItem: { item: 0 } },
					{ json: { a: 2, text: '2!', index: 1 }, pairedItem: { item: 1 } },
				],
			});
			expect(result.error).toBeUndefined();
			expect(result.nodes.Echo).toMatchObject({ runs: 1, status: 'success' });
		});

		it('runs a workflow with the stand-ins for n8n’s own nodes', async () => {
			const link = (node: string) => [{ node, type: 'main' as const, index: 0 }];
			const result = await host.run({
				workflow: {
					nodes: [
						{ type: 'n8n-nodes-base.stickyNote', name: 'Note', parameters: { content: 'Hi' } },
						{ type: 'n8n-nodes-base.scheduleTrigger', name: 'Schedule' },
						{
							type: 'n8n-nodes-base.set',
							name: 'Edit',
							parameters: {
								assignments: {
									assignments: [
										{ id: '1', name: 'order.id', value: '={{ 40 + 2 }}', type: 'number' },
										{ id: '2', name: 'paid', value: true, type: 'boolean' },
										{ id: '3', name: 'tags', value: '["a"]', type: 'array' },
									],
								},
							},
						},
						{
							type: 'n8n-nodes-base.if',
							name: 'Paid?',
							parameters: {
								conditions: {
									combinator: 'and',
									conditions: [
										{
											leftValue: '={{ $json.paid }}',
											rightValue: '',
											operator: { type: 'boolean', operation: 'true' },
										},
										{
											leftValue: '={{ $json.tags[0] }}',
											rightValue: 'a',
											operator: { type: 'string', operation: 'equals' },
										},
									],
								},
							},
						},
						{ type: 'echo', name: 'Yes', parameters: { text: '={{ $("Edit").item.json.paid }}' } },
						{ type: 'n8n-nodes-base.noOp', name: 'No' },
					],
					connections: {
						Schedule: { main: [link('Edit')] },
						Edit: { main: [link('Paid?')] },
						'Paid?': { main: [link('Yes'), link('No')] },
					},
				},
			});
			expect(result.error).toBeUndefined();
			expect(result.items).toEqual([
				{
					json: { order: { id: 42 }, paid: true, tags: ['a'], text: true, index: 0 },
					pairedItem: { item: 0 },
				},
			]);
			expect(Object.keys(result.nodes)).toEqual(['Schedule', 'Edit', 'Paid?', 'Yes']);
		});

		it('takes items as the output of the workflow’s trigger', async () => {
			const main = [[{ node: 'Out', type: 'main' as const, index: 0 }]];
			const { items } = await host.run({
				workflow: {
					nodes: [
						{ type: 'n8n-nodes-base.manualTrigger', name: 'First' },
						{ type: 'echoTrigger', name: 'In' },
						{ type: 'echo', name: 'Out', parameters: { text: '={{ $json.a }}' } },
					],
					connections: { In: { main } },
				},
				startNode: 'In',
				items: [{ json: { a: 'given' } }],
			});
			expect(items[0].json).toMatchObject({ text: 'given' });
		});

		it('tells a node’s errors as n8n does', async () => {
			const failed = await host.run({ node: echo('fail') });
			expect(failed.status).toBe('error');
			expect(failed.error).toMatchObject({
				name: 'NodeOperationError',
				message: 'It is broken',
				description: 'Mend it',
				itemIndex: 0,
				node: 'Echo',
			});
			expect(failed.error?.stack).toContain('Echo.node.js');
			expect((await host.run({ node: echo('apiFail') })).error).toMatchObject({
				name: 'NodeApiError',
				httpCode: '418',
			});
			expect((await host.run({ node: echo('typeError') })).error).toMatchObject({
				name: 'TypeError',
				message: expect.stringContaining('null') as string,
			});
		});

		it('rejects a workflow that n8n would not start', async () => {
			await expect(host.run({ node: echo('echo', { needed: '' }) })).rejects.toMatchObject({
				name: 'WorkflowHasIssuesError',
			});
			await expect(host.run({ node: { type: 'unknown' } })).rejects.toThrow(
				'n8n-nodes-echo.unknown',
			);
		});

		it('repeats a failed node within the same execution', async () => {
			const node = { ...echo('flaky'), retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
			const { items, error } = await host.run({ node, executionId: '777' });
			expect(error).toBeUndefined();
			expect(items[0].json).toEqual({ tries: 3, executionId: '777' });
		});

		it('goes on after an error, if the node says so', async () => {
			const node = { ...echo('fail'), onError: 'continueRegularOutput' as const };
			const { status, items } = await host.run({ node, items: [{ json: {} }, { json: {} }] });
			expect(status).toBe('success');
			expect(items.map(({ json }) => json)).toEqual([
				{ error: 'It is broken' },
				{ error: 'It is broken' },
			]);
			expect(items[1].error).toMatchObject({ name: 'NodeOperationError', itemIndex: 1 });
		});

		it('cancels through the execution’s own signal', async () => {
			const after = host.logs.length;
			const canceler = new AbortController();
			const running = host.run({ node: echo('hang'), signal: canceler.signal });
			await host.waitForLog('hanging', { after });
			canceler.abort();
			const result = await running;
			expect(result.status).toBe('canceled');
			expect(result.items[0].json).toEqual({ canceled: true });
			expect(result.logs.map(({ message }) => message)).toContain('canceled');

			const by = host.run({ node: echo('hang'), runId: 'mine' });
			await host.waitForLog('hanging', { after: host.logs.length - 1 });
			await expect(host.cancel('mine')).resolves.toBe(true);
			expect((await by).status).toBe('canceled');
			await expect(host.cancel('mine')).resolves.toBe(false);
		});

		it('bounds a run in time', async () => {
			const runId = 'bounded';
			await expect(host.run({ node: echo('hang'), runId, timeoutMs: 100 })).rejects.toThrow(
				'run did not end within 0.1 s',
			);
			await host.cancel(runId);
		});

		it('reports what would have ended n8n', async () => {
			expect(host.uncaught).toEqual([]);
			await host.run({ node: echo('reject') });
			while (host.uncaught.length < 2) await host.openHandles();
			expect(host.uncaught.map(({ message }) => message).sort()).toEqual([
				'nobody listens',
				'out of the blue',
			]);
		});
	});

	describe('requests and credentials', () => {
		it('adds what the credential says to a request', async () => {
			const api = await serve((_request, response) => {
				response.setHeader('content-type', 'application/json').end('{"ok":true}');
			});
			const { items } = await host.run({
				node: echo('request', { text: `${api.url}/hello` }),
				credentials: { echoApi: { key: 'secret' } },
			});
			expect(items[0].json).toEqual({ ok: true });
			expect(api.requests[0].headers).toMatchObject({ 'x-key': 'Key secret', 'x-fixed': 'yes' });
			await api.close();
		});

		it('counts the sockets that are open to a port', async () => {
			let arrived: () => void;
			const waiting = new Promise<void>((resolve) => (arrived = resolve));
			const api = await serve(() => arrived());
			const gone = new Promise<void>((resolve) =>
				api.server.once('connection', (socket) => socket.once('close', () => resolve())),
			);
			const canceler = new AbortController();
			const running = host.run({
				node: echo('request', { text: api.url }),
				credentials: { echoApi: { key: 'k' } },
				signal: canceler.signal,
			});
			await waiting;
			expect(await host.openHandles(api.port)).toMatchObject({ sockets: 1 });
			expect(await host.openHandles(1)).toMatchObject({ sockets: 0 });
			canceler.abort();
			await running;
			await gone;
			const { sockets, heapUsed } = await host.openHandles(api.port);
			expect(sockets).toBe(0);
			expect(heapUsed).toBeGreaterThan(1_000_000);
			await api.close();
		});

		it('tests a credential as n8n does', async () => {
			const api = await serve((request, response) => {
				const status = { 'Key bad': 401, 'Key odd': 500 }[String(request.headers['x-key'])] ?? 200;
				const state = request.headers['x-key'] === 'Key locked' ? 'locked' : 'open';
				response.writeHead(status, { 'content-type': 'application/json' });
				response.end(JSON.stringify({ state }));
			});
			const test = (key: string, url = api.url) => host.testCredential('echoApi', { key, url });
			expect(await test('good')).toEqual({ status: 'OK', message: 'Connection successful!' });
			expect(await test('locked')).toEqual({ status: 'Error', message: 'The account is locked' });
			const failures = [
				await test('bad'),
				await test('odd'),
				await test('x', 'http://127.0.0.1:1'),
			];
			expect(failures.map(({ status }) => status)).toEqual(['Error', 'Error', 'Error']);
			// The oldest engine loses the cause of its errors, so that no rule for a status applies.
			expect(failures.map(({ message }) => message)).toEqual(
				engine === 'newest'
					? ['The key is not valid', 'Internal Server Error', 'ECONNREFUSED']
					: [
							'Authorization failed - please check your credentials',
							'The service was not able to process your request',
							'The service refused the connection - perhaps it is offline',
						],
			);
			await api.close();
		});

		it('fills pickers', async () => {
			const options = await host.loadOptions({
				type: 'echo',
				method: 'colours',
				parameters: { text: 'T' },
				credentials: { echoApi: { key: 'k' } },
			});
			expect(options).toEqual([{ name: 'T k', value: 'red' }]);
			const found = await host.listSearch({
				type: 'echo',
				method: 'things',
				filter: 'f',
				paginationToken: 'p',
			});
			expect(found).toEqual({ results: [{ name: 'f/p', value: 1 }], paginationToken: 'next' });
		});
	});

	describe('activate', () => {
		it('lets the nodes of an execution see the static data that was saved last', async () => {
			const workflow = {
				nodes: [
					{ type: 'echoTrigger', name: 'In' },
					{ ...echo('shared'), name: 'Out' },
				],
				connections: { In: { main: [[{ node: 'Out', type: 'main' as const, index: 0 }]] } },
			};
			const { active, tell } = await trigger({ node: undefined, workflow, workflowId: 'shared' });
			for (const shared of [1, 2]) {
				await tell({ shared });
				const { items } = await active.nextExecution();
				expect(items[0].json).toEqual({ seen: { shared }, again: true });
			}
			await active.close();
		});

		it('hands emissions over in order, settles their promises, and keeps static data', async () => {
			const { active, tell } = await trigger();
			expect(await tell({ a: 1 })).toBe('success');
			await tell({ a: 2 });
			const [first, second] = [await active.next(), await active.next()];
			expect(first.items).toEqual([{ json: { a: 1, emitTakes: takesKey ? 4 : 3 } }]);
			expect(second.items[0].json.a).toBe(2);
			expect(await active.staticData()).toEqual({ count: 2 });
			const after = host.logs.length;
			await active.close();
			expect((await host.waitForLog('closed', { after })).level).toBe('info');
		});

		it('runs the rest of the workflow for each emission', async () => {
			const workflow = {
				id: 'two-nodes',
				nodes: [
					{ type: 'echoTrigger', name: 'In' },
					{ type: 'echo', name: 'Out', parameters: { text: '={{ $json.a }}' } },
				],
				connections: { In: { main: [[{ node: 'Out', type: 'main' as const, index: 0 }]] } },
			};
			const { active, tell } = await trigger({ node: undefined, workflow });
			await tell({ a: 'x' });
			const { executionId } = await active.next();
			expect(await active.nextExecution()).toMatchObject({
				executionId,
				status: 'success',
				items: [{ json: { a: 'x', text: 'x' } }],
			});
			await active.close();
		});

		it('skips a repeated deduplication key where n8n has one', async () => {
			const { active, tell } = await trigger({ workflowId: 'keys' });
			expect(await tell({ a: 1, key: 'same' })).toBe('success');
			expect(await tell({ a: 2, key: 'same' })).toBe(takesKey ? 'skipped' : 'success');
			// The report of it travels beside the trigger's answer.
			await active.until(() => active.duplicates.length + active.emissions.length === 2);
			expect(active.emissions.map(({ deduplicationKey }) => deduplicationKey)).toEqual(
				takesKey ? ['same'] : [undefined, undefined],
			);
			expect(active.duplicates).toEqual(takesKey ? ['same'] : []);
			await active.close();
		});

		it('rejects with the activation’s error', async () => {
			const node = { type: 'echoTrigger', parameters: { refuse: true } };
			await expect(host.activate({ node })).rejects.toMatchObject({
				name: 'NodeOperationError',
				message: 'The door is shut',
				description: 'Open it first',
			});
		});

		it('takes a trigger down when it reports an error, and only then', async () => {
			const { active, tell } = await trigger();
			// n8n 1.x has no failed executions that a trigger reports.
			if (engine !== '1.x') {
				await tell({ failed: 'one message is bad' });
				await active.until(() => active.failedExecutions.length > 0);
				expect(active.failedExecutions[0].message).toBe('one message is bad');
			}
			await tell({ a: 1 });
			const after = host.logs.length;
			await tell({ error: 'the line is dead' }).catch(() => {});
			await expect(active.nextError()).resolves.toMatchObject({ message: 'the line is dead' });
			await host.waitForLog('closed', { after });
			await active.next();
			await expect(active.next()).rejects.toThrow('the line is dead');
			await active.close();
		});

		it('lets only n8n’s own kind of close error pass', async () => {
			const closing = async (onClose: string) => {
				const node = { type: 'echoTrigger', parameters: { onClose } };
				const { active } = await trigger({ node });
				await active.close();
			};
			await expect(closing('closeError')).resolves.toBeUndefined();
			await expect(closing('throw')).rejects.toThrow('It will not close');
		});

		it('says so when nothing is emitted', async () => {
			const { active } = await trigger();
			await expect(active.next(50)).rejects.toThrow('trigger emitted nothing within 0.05 s');
			await active.close();
		});

		it('takes the first emission of a test in the editor', async () => {
			const { active, tell } = await trigger({ mode: 'manual' });
			const told = tell({ a: 1 }).catch(() => {});
			expect((await active.next()).items[0].json).toEqual({ a: 1 });
			expect((await active.nextExecution()).status).toBe('success');
			await told;

			const { active: idle } = await trigger({ mode: 'manual' });
			const after = host.logs.length;
			await idle.close();
			await host.waitForLog('closed', { after });
		});

		it('takes thousands of emissions at once', async () => {
			const node = { type: 'echoTrigger', parameters: { burst: 5000 } };
			const active = await host.activate({ node, workflowId: 'burst' });
			await active.until(() => active.executions.length === 5000, 20_000);
			expect(active.emissions[4999].items[0].json.i).toBe(4999);
			const { executions } = readState(stateFile);
			expect(executions.filter(({ workflowId }) => workflowId === 'burst')).toHaveLength(5000);
			await active.close();
		});
	});

	describe('after a crash', () => {
		it('knows the executions and the static data from before', async () => {
			const killedFile = join(folder, 'killed.jsonl');
			const options = { engine, packageDir: pack.packageDir, stateFile: killedFile };
			const first = await startEngine(options);
			const { active, tell } = await trigger({ workflowId: 'kept', holdExecutions: true }, first);
			const answer = tell({ a: 1, key: 'once' }).catch(() => 'died');
			const { executionId } = await active.next();
			const nothing = active.next();
			await Promise.all([
				expect(nothing).rejects.toThrow('The engine process has ended (SIGKILL)'),
				first.kill(),
			]);
			expect(await answer).toBe('died');
			await expect(first.run({ node: echo('echo') })).rejects.toThrow('has ended');
			expect(readState(killedFile)).toMatchObject({
				executions: [{ id: executionId, workflowId: 'kept', status: 'running' }],
				staticData: { kept: { 'node:Echo Trigger': { count: 1 } } },
			});

			const second = await startEngine(options);
			const again = await trigger({ workflowId: 'kept' }, second);
			expect(await again.tell({ a: 1, key: 'once' })).toBe(takesKey ? 'skipped' : 'success');
			await again.tell({ a: 2, key: 'twice' });
			const ids = readState(killedFile).executions.map(({ id }) => id);
			expect(ids).toEqual(takesKey ? ['1', '2'] : ['1', '2', '3']);
			expect(await again.active.staticData()).toEqual({ count: 3 });
			await second.stop();
		});

		it('lets held executions go', async () => {
			const { active, tell } = await trigger({ holdExecutions: true });
			const answer = tell({ a: 1 });
			await active.next();
			expect(active.executions).toEqual([]);
			await active.release();
			expect(await answer).toBe('success');
			await active.close();
		});

		it.each(['staticData', 'execution'] as const)(
			'can die right after it wrote the %s',
			async (after) => {
				const diedFile = join(folder, `window-${after}.jsonl`);
				const packageDir = pack.packageDir;
				const dying = await startEngine({ engine, packageDir, stateFile: diedFile });
				const crash = { emission: 2, after };
				const { active, tell } = await trigger({ crash }, dying);
				await tell({ a: 1 });
				await tell({ a: 2 }).catch(() => {});
				await expect(active.until(() => false)).rejects.toThrow('SIGKILL');
				const { executions, staticData } = readState(diedFile);
				const { count } = staticData.engineHostWorkflow['node:Echo Trigger'] as { count: number };
				expect([executions.length, count]).toEqual(after === 'staticData' ? [1, 2] : [2, 1]);
			},
		);
	});

	describe('webhook', () => {
		it('hands the raw body to the node and starts the workflow', async () => {
			const webhook = await host.webhook({
				node: { type: 'echoWebhook' },
				workflowId: 'hooked',
				staticData: { count: 10 },
			});
			expect(webhook.existed).toBe(false);
			expect(await webhook.staticData()).toEqual({ count: 10, url: webhook.url });
			const reply = await webhook.request({ rawBody: '{ "a": 1 }', query: 'q=1' });
			expect(reply).toMatchObject({ status: 200, body: '{"message":"Workflow was started"}' });
			const json = { raw: '{ "a": 1 }', body: { a: 1 }, query: { q: '1' }, mode: 'webhook' };
			expect(reply.items).toEqual([{ json }]);
			expect((await webhook.next()).items).toEqual([{ json }]);
			// n8n takes what webhook() writes for saved while it stores the execution.
			expect(await webhook.staticData()).toMatchObject({ count: 10 });

			const refused = await webhook.request({ headers: { 'x-refuse': '1' } });
			expect(refused).toMatchObject({ status: 401, body: '{"message":"No"}' });
			expect(refused.items).toBeUndefined();
			const ignored = await webhook.request({ headers: { 'x-ignore': '1' } });
			expect(ignored).toMatchObject({ status: 200, body: 'ignored' });
			const broken = await webhook.request({ headers: { 'x-throw': '1' } });
			expect(broken).toMatchObject({ status: 500, error: { message: 'Broken webhook' } });
			expect((await webhook.request({ rawBody: '{"a":' })).status).toBe(422);
			expect((await webhook.request({ method: 'GET' })).status).toBe(404);
			expect(webhook.emissions).toHaveLength(1);

			const direct = await fetch(webhook.url, { method: 'POST', body: 'plain text' });
			expect(direct.status).toBe(200);
			expect((await webhook.next()).items[0].json).toMatchObject({ raw: 'plain text' });

			const after = host.logs.length;
			await webhook.close();
			await host.waitForLog('deleted', { after });
			await expect(fetch(webhook.url, { method: 'POST' })).rejects.toThrow();
		});

		it('is not created if it exists, and fails to activate if it cannot be', async () => {
			const there = { type: 'echoWebhook', parameters: { exists: true, refuse: true } };
			const webhook = await host.webhook({ node: there });
			expect(webhook.existed).toBe(true);
			await webhook.close();
			const refused = { type: 'echoWebhook', parameters: { refuse: true } };
			await expect(host.webhook({ node: refused })).rejects.toThrow('No webhooks here');
		});

		it('listens once in a test in the editor', async () => {
			const webhook = await host.webhook({ node: { type: 'echoWebhook' }, mode: 'manual' });
			expect(webhook.url).toContain('/webhook-test/');
			expect((await webhook.request({ rawBody: '{}' })).items?.[0].json.mode).toBe('manual');
			expect((await webhook.request({ rawBody: '{}' })).status).toBe(404);
			await webhook.close();
		});
	});
});

import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import type { Webhook } from '../../engine';
import { signature } from '../../simulator';
import { Bench, ENGINES } from '../support/engine';

describe.each(ENGINES)('the KuvarPay Webhook Trigger on the %s engine', (engine) => {
	let bench: Bench;
	const opened: Webhook[] = [];
	beforeAll(async () => (bench = await Bench.start(engine)));
	afterAll(async () => await bench.stop());
	afterEach(async () => {
		for (const webhook of opened.splice(0)) await webhook.close();
		expect(bench.host.uncaught).toEqual([]);
		expect(JSON.stringify(bench.host.logs)).not.toContain(bench.simulator.webhookSecret);
	});

	/** A workflow of its own for each test, as static data belongs to it. */
	const activate = async (
		parameters: Record<string, unknown> = {},
		options: Record<string, unknown> = {},
	): Promise<Webhook> => {
		const webhook = await bench.host.webhook({
			node: { type: 'kuvarPayWebhookTrigger', name: 'Webhook', parameters },
			credentials: bench.credentials,
			workflowId: randomUUID(),
			...options,
		});
		opened.push(webhook);
		return webhook;
	};

	const body = (event: string, more = {}) =>
		JSON.stringify({
			event,
			timestamp: new Date().toISOString(),
			data: { id: randomUUID() },
			...more,
		});

	/** What KuvarPay posts; a header given as undefined is left out. */
	const delivery = (rawBody: string, headers: Record<string, string | undefined> = {}) => {
		const all = {
			'x-kuvarpay-event': JSON.parse(rawBody).event as string,
			'x-kuvarpay-delivery': randomUUID(),
			'x-kuvarpay-signature': signature(bench.simulator.webhookSecret, rawBody),
			...headers,
		};
		return {
			rawBody,
			headers: Object.fromEntries(
				Object.entries(all).filter(([, value]) => value !== undefined),
			) as Record<string, string>,
		};
	};

	const expectExecutions = async (webhook: Webhook, count: number) => {
		// A delivery of our own at the end: what was started before it has been reported by then.
		const last = body('payment.completed');
		const { items } = await webhook.request(delivery(last));
		expect(items).toHaveLength(1);
		await webhook.until(() => webhook.executions.length > count);
		expect(webhook.executions).toHaveLength(count + 1);
		expect(webhook.executions.map(({ status }) => status)).not.toContain('error');
	};

	it('starts one execution with the event of a valid delivery', async () => {
		const webhook = await activate();
		const rawBody = body('checkout_session.completed');
		const sent = delivery(rawBody, { authorization: 'Basic c2VjcmV0', cookie: 'session=1' });
		const { status, items } = await webhook.request(sent);

		expect(status).toBe(200);
		expect(items).toEqual([
			expect.objectContaining({
				json: {
					event: 'checkout_session.completed',
					deliveryId: sent.headers['x-kuvarpay-delivery'],
					receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
					body: JSON.parse(rawBody),
					headers: expect.objectContaining({ 'x-kuvarpay-event': 'checkout_session.completed' }),
				},
			}),
		]);
		const { headers } = items![0].json as { headers: Record<string, unknown> };
		for (const name of ['x-kuvarpay-signature', 'authorization', 'cookie'])
			expect(headers).not.toHaveProperty(name);
		await expectExecutions(webhook, 1);
	});

	it('takes what the simulator posts by itself', async () => {
		const webhook = await activate();
		const { sessionId } = bench.simulator.createSession();
		const event = 'checkout_session.completed';
		const status = await bench.simulator.sendWebhook(
			event,
			{ event, data: { sessionId } },
			{ url: webhook.url },
		);
		expect(status).toBe(200);
		const { items } = await webhook.next();
		expect(items[0].json).toMatchObject({ event, body: { data: { sessionId } } });
	});

	it('reads the bytes, not the text: a body with odd spacing and characters is valid', async () => {
		const webhook = await activate();
		const rawBody = '{ "event" :"payment.completed",\r\n\t"data":{"name":"Zoë 💶","n":1.10} }';
		const { status, items } = await webhook.request(delivery(rawBody));
		expect(status).toBe(200);
		expect(items?.[0].json.body).toEqual(JSON.parse(rawBody));
	});

	it.each([
		['a wrong signature', { 'x-kuvarpay-signature': `sha256=${'0'.repeat(64)}` }],
		['no signature', { 'x-kuvarpay-signature': undefined }],
		['an empty signature', { 'x-kuvarpay-signature': '' }],
		['a short signature', { 'x-kuvarpay-signature': 'sha256=00' }],
		['another algorithm', { 'x-kuvarpay-signature': `sha512=${'0'.repeat(128)}` }],
	])('answers 401 to %s and starts nothing', async (_what, headers) => {
		const webhook = await activate();
		const reply = await webhook.request(delivery(body('payment.completed'), headers));
		expect(reply.status).toBe(401);
		expect(reply.items).toBeUndefined();
		expect(JSON.parse(reply.body)).toEqual({ error: 'The signature is missing or wrong' });
		await expectExecutions(webhook, 0);
	});

	it('answers 401 to a signature made with another secret', async () => {
		const webhook = await activate();
		const rawBody = body('payment.completed');
		const headers = { 'x-kuvarpay-signature': signature('another secret', rawBody) };
		expect((await webhook.request(delivery(rawBody, headers))).status).toBe(401);
		await expectExecutions(webhook, 0);
	});

	it('answers 401 to a body that was changed by one character', async () => {
		const webhook = await activate();
		const rawBody = body('payment.completed', { amount: 100 });
		const { headers } = delivery(rawBody);
		const reply = await webhook.request({ rawBody: rawBody.replace('100', '900'), headers });
		expect(reply.status).toBe(401);
		await expectExecutions(webhook, 0);
	});

	it('remembers nothing of a forged delivery: the true one with the same ID starts', async () => {
		const webhook = await activate();
		const sent = delivery(body('payment.completed'));
		const forged = { ...sent.headers, 'x-kuvarpay-signature': `sha256=${'a'.repeat(64)}` };
		expect((await webhook.request({ ...sent, headers: forged })).status).toBe(401);
		expect((await webhook.request(sent)).items).toHaveLength(1);
	});

	describe('a delivery that comes again', () => {
		it('with the same ID is taken and starts nothing', async () => {
			const webhook = await activate();
			const sent = delivery(body('payment.completed'));
			expect((await webhook.request(sent)).items).toHaveLength(1);
			const again = await webhook.request(sent);
			expect(again).toMatchObject({ status: 200 });
			expect(again.items).toBeUndefined();
			await expectExecutions(webhook, 1);
		});

		it('with another body under the same ID starts nothing', async () => {
			const webhook = await activate();
			const headers = { 'x-kuvarpay-delivery': randomUUID() };
			await webhook.request(delivery(body('payment.completed'), headers));
			const again = await webhook.request(delivery(body('payment.completed'), headers));
			expect(again).toMatchObject({ status: 200 });
			expect(again.items).toBeUndefined();
			await expectExecutions(webhook, 1);
		});

		it('with the same body under another ID starts: two events can have equal bodies', async () => {
			const webhook = await activate();
			const rawBody = body('checkout_session.payment_received');
			expect((await webhook.request(delivery(rawBody))).items).toHaveLength(1);
			expect((await webhook.request(delivery(rawBody))).items).toHaveLength(1);
			await expectExecutions(webhook, 2);
		});

		it('at the same moment starts one execution, and all are told so once it is stored', async () => {
			const webhook = await activate();
			const sent = delivery(body('payment.completed'));
			await webhook.storing('waits');
			const all = Promise.all(Array.from({ length: 5 }, () => webhook.request(sent)));
			await webhook.until(() => webhook.waiting === 1);
			await webhook.storing('works');
			const replies = await all;
			expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
			expect(replies.filter(({ items }) => items)).toHaveLength(1);
			expect(webhook.waiting).toBe(1);
			await expectExecutions(webhook, 1);
		});

		it('after n8n could not store it is taken', async () => {
			const webhook = await activate();
			const sent = delivery(body('payment.completed'));
			await webhook.storing('failsOnce');
			expect((await webhook.request(sent)).status).toBe(500);
			expect((await webhook.request(sent)).items).toHaveLength(1);
			expect((await webhook.request(sent)).items).toBeUndefined();
			await expectExecutions(webhook, 1);
		});

		it('while n8n fails to store it takes its place', async () => {
			const webhook = await activate();
			const sent = delivery(body('payment.completed'));
			await webhook.storing('waits');
			const all = Promise.all(Array.from({ length: 3 }, () => webhook.request(sent)));
			await webhook.until(() => webhook.waiting === 1);
			await webhook.storing('failsOnce');
			const replies = await all;
			expect(replies.map(({ status }) => status).sort()).toEqual([200, 200, 500]);
			expect(replies.filter(({ items }) => items)).toHaveLength(1);
			await expectExecutions(webhook, 1);
		});

		describe('after its sender has gone without an answer', () => {
			/** Leaves a delivery in n8n's hands; resolves when its sender is known to have gone. */
			const abandon = async (webhook: Webhook, sent: ReturnType<typeof delivery>) => {
				await webhook.storing('waits');
				const { rawBody, headers } = sent;
				const sender = request(webhook.url, {
					method: 'POST',
					headers: { ...headers, 'content-type': 'application/json' },
				});
				sender.on('error', () => undefined);
				sender.end(rawBody);
				await webhook.until(() => webhook.waiting === 1);
				sender.destroy();
				const reply = await webhook.request(sent);
				expect(reply).toMatchObject({ status: 503 });
				expect(reply.body).toContain('still storing');
			};

			it('starts nothing when n8n has stored it all the same', async () => {
				const webhook = await activate();
				const sent = delivery(body('payment.completed'));
				await abandon(webhook, sent);
				await webhook.storing('works');
				const again = await webhook.request(sent);
				expect(again).toMatchObject({ status: 200 });
				expect(again.items).toBeUndefined();
				await expectExecutions(webhook, 1);
			});

			it('is taken when n8n could not store it', async () => {
				const webhook = await activate();
				const sent = delivery(body('payment.completed'));
				await abandon(webhook, sent);
				await webhook.storing('failsOnce');
				expect((await webhook.request(sent)).items).toHaveLength(1);
				await expectExecutions(webhook, 1);
			});
		});

		it('without an ID is known by its signature and its event', async () => {
			const webhook = await activate();
			const rawBody = '{"data":{"sessionId":"s"}}';
			const sent = (event: string) =>
				delivery(rawBody, { 'x-kuvarpay-event': event, 'x-kuvarpay-delivery': undefined });
			const [received, completed] = [sent('session.received'), sent('session.completed')];
			expect((await webhook.request(received)).items?.[0].json).toMatchObject({ deliveryId: null });
			expect((await webhook.request(completed)).items).toHaveLength(1);
			expect((await webhook.request(received)).items).toBeUndefined();
			expect((await webhook.request(completed)).items).toBeUndefined();
		});

		it('in the editor starts each time, and is not remembered', async () => {
			const options = { workflowId: randomUUID(), mode: 'manual' };
			const sent = delivery(body('payment.completed'));
			for (let round = 0; round < 2; round++) {
				const webhook = await activate({}, options);
				expect((await webhook.request(sent)).items).toHaveLength(1);
				expect(await webhook.staticData()).toEqual({});
			}
		});

		it('is known after the workflow was taken down and activated again', async () => {
			const workflowId = randomUUID();
			const first = await activate({}, { workflowId });
			const sent = delivery(body('payment.completed'));
			await first.request(sent);
			await first.close();
			opened.pop();
			const second = await activate({}, { workflowId });
			expect((await second.request(sent)).items).toBeUndefined();
		});

		it('does not fill the memory: the latest are kept, also of those that came together', async () => {
			const webhook = await activate();
			for (let round = 0; round < 6; round++)
				await Promise.all(
					Array.from({ length: 100 }, () => webhook.request(delivery(body('payment.completed')))),
				);
			// The last one saves what the whole round has taken.
			const sent = delivery(body('payment.completed'));
			await webhook.request(sent);
			const { taken } = (await webhook.staticData()) as { taken: string };
			const marks = taken.split(' ');
			expect(marks).toHaveLength(601);
			expect(new Set(marks).size).toBe(601);
			expect(taken.length).toBeLessThanOrEqual(13 * 601);
		});
	});

	describe('which events start', () => {
		it.each([
			['none is chosen', {}, 'anything.else', true],
			['none is chosen, and it is the test', {}, 'webhook.test', false],
			['the test is chosen', { events: ['webhook.test'] }, 'webhook.test', true],
			['it is chosen', { events: ['invoice.paid'] }, 'invoice.paid', true],
			['another is chosen', { events: ['invoice.paid'] }, 'payment.completed', false],
			[
				'it is a custom event',
				{ customEvents: 'a.b, subscription.renewed' },
				'subscription.renewed',
				true,
			],
			['another is a custom event', { customEvents: 'a.b, subscription.renewed' }, 'a.bc', false],
			['both are', { events: ['invoice.paid'], customEvents: 'a.b' }, 'a.b', true],
		])('when %s', async (_when, parameters, event, starts) => {
			const webhook = await activate(parameters);
			const reply = await webhook.request(delivery(body(event)));
			expect(reply.status).toBe(200);
			expect(reply.items?.[0].json.event).toBe(starts ? event : undefined);
		});

		it('takes the name from the body when no header tells it', async () => {
			const webhook = await activate({ events: ['invoice.paid'] });
			const sent = delivery(body('invoice.paid'), { 'x-kuvarpay-event': undefined });
			expect((await webhook.request(sent)).items).toHaveLength(1);
		});
	});

	it('does not believe a header that names another event than the signed body', async () => {
		const webhook = await activate({ events: ['checkout_session.completed'] });
		const rawBody = body('checkout_session.expired');
		const headers = { 'x-kuvarpay-event': 'checkout_session.completed' };
		const reply = await webhook.request(delivery(rawBody, headers));
		expect(reply.status).toBe(400);
		expect(reply.body).toContain('checkout_session.expired');
		expect(webhook.emissions).toEqual([]);
	});

	it('leaves one line of a kind in the log, which says why, and nothing of the body', async () => {
		const name = `Shop ${randomUUID()}`;
		const node = { type: 'kuvarPayWebhookTrigger', name, parameters: {} };
		const webhook = await activate({}, { node });
		const rawBody = body('payment.completed', { customer: 'ada@example.com' });
		const forged = delivery(rawBody, { 'x-kuvarpay-signature': undefined });
		for (let round = 0; round < 3; round++)
			expect((await webhook.request(forged)).status).toBe(401);
		const lines = bench.host.logs.filter(({ message }) => message.includes(name));
		expect(lines).toEqual([
			expect.objectContaining({
				level: 'warn',
				message: expect.stringContaining('The signature is missing or wrong'),
			}),
		]);
		expect(lines[0].message).toContain('Webhook Secret of the credential');
		expect(lines[0].message).not.toContain('ada@example.com');
	});

	it('takes a secret that was pasted with spaces and a line break around it', async () => {
		const webhookSecret = ` ${bench.simulator.webhookSecret}\n`;
		const credentials = { kuvarPayApi: { ...bench.simulator.credential, webhookSecret } };
		const webhook = await activate({}, { credentials });
		expect((await webhook.request(delivery(body('payment.completed')))).items).toHaveLength(1);
	});

	it('refuses to activate with a secret of spaces', async () => {
		const credentials = { kuvarPayApi: { ...bench.simulator.credential, webhookSecret: ' \n' } };
		await expect(activate({}, { credentials })).rejects.toThrow('has no Webhook Secret');
	});

	describe('a body that cannot be used', () => {
		const signed = (rawBody: string, headers = {}) => ({
			rawBody,
			headers: {
				'x-kuvarpay-event': 'payment.completed',
				'x-kuvarpay-delivery': randomUUID(),
				'x-kuvarpay-signature': signature(bench.simulator.webhookSecret, rawBody),
				...headers,
			},
		});

		it('of 5 MB is answered 413', async () => {
			const webhook = await activate();
			const rawBody = body('payment.completed', { filler: 'x'.repeat(5 * 1024 * 1024) });
			const reply = await webhook.request(delivery(rawBody));
			expect(reply.status).toBe(413);
			await expectExecutions(webhook, 0);
		});

		it.each(['[1, 2]', '"text"', 'null', '42'])('%s is answered 400', async (rawBody) => {
			const webhook = await activate();
			const reply = await webhook.request(signed(rawBody));
			expect(reply.status).toBe(400);
			await expectExecutions(webhook, 0);
		});

		it('that is no JSON is answered 422 by n8n, or 400 under another content type', async () => {
			const webhook = await activate();
			expect((await webhook.request(signed('{"event": '))).status).toBe(422);
			const text = signed('not json', { 'content-type': 'application/octet-stream' });
			expect((await webhook.request(text)).status).toBe(400);
			await expectExecutions(webhook, 0);
		});

		it('without a name of its event is answered 400', async () => {
			const webhook = await activate();
			const reply = await webhook.request(signed('{"data":{}}', { 'x-kuvarpay-event': '' }));
			expect(reply.status).toBe(400);
			await expectExecutions(webhook, 0);
		});

		it('that is empty and unsigned is answered 401', async () => {
			const webhook = await activate();
			expect((await webhook.request({ rawBody: '' })).status).toBe(401);
		});
	});

	it('refuses to activate without a secret, and says where it is found', async () => {
		const credentials = {
			kuvarPayApi: { ...bench.simulator.credential, webhookSecret: '' },
		};
		const failure = await activate({}, { credentials }).catch((error) => error);
		expect(failure.message).toBe('The KuvarPay credential has no Webhook Secret');
		expect(failure.description).toContain('from the KuvarPay dashboard');
	});

	it('listens for one test event in the editor', async () => {
		const webhook = await activate({ events: ['invoice.paid'] }, { mode: 'manual' });
		const { items } = await webhook.request(delivery(body('invoice.paid')));
		expect(items?.[0].json).toMatchObject({ event: 'invoice.paid' });
	});

	it('shows the secret in no answer and no item', async () => {
		const webhook = await activate();
		const replies = [
			await webhook.request(delivery(body('payment.completed'))),
			await webhook.request(delivery(body('payment.completed'), { 'x-kuvarpay-signature': 'x' })),
			await webhook.request({ rawBody: '{' }),
		];
		const told = JSON.stringify([replies, webhook.emissions, await webhook.staticData()]);
		expect(told).not.toContain(bench.simulator.webhookSecret);
	});
});

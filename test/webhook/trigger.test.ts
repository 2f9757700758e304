import { createHmac, randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import type { IWebhookFunctions } from 'n8n-workflow';
import { KuvarPayWebhookTrigger } from '../../nodes/KuvarPay/KuvarPayWebhookTrigger.node';

const SECRET = 'whs_test';

/** n8n's response: what it holds after the node is done with it. */
class Response extends EventEmitter {
	statusCode = 200;
	writableEnded = false;
	destroyed = false;
	body: unknown;

	status(code: number): this {
		this.statusCode = code;
		return this;
	}

	json(body: unknown): this {
		this.body = body;
		return this;
	}

	end(): this {
		this.writableEnded = true;
		this.emit('finish');
		return this;
	}
}

/** A node in n8n, as far as a webhook needs it. */
class Node {
	readonly lines: string[] = [];
	readonly staticData = {};
	readonly id = randomUUID();
	secret: unknown = SECRET;
	mode = 'webhook';
	parameters: Record<string, unknown> = {};

	async receive(body: object, headers: Record<string, string> = {}, early = true) {
		const raw = Buffer.from(JSON.stringify(body));
		const response = new Response();
		const request = { rawBody: early ? raw : undefined, readRawBody: async () => {} };
		if (!early) request.readRawBody = async () => void (request.rawBody = raw);
		const context = {
			getRequestObject: () => request,
			getResponseObject: () => response,
			getHeaderData: () => ({
				'x-kuvarpay-event': 'payment.completed',
				'x-kuvarpay-signature': `sha256=${createHmac('sha256', SECRET).update(raw).digest('hex')}`,
				...headers,
			}),
			getCredentials: async () => ({ webhookSecret: this.secret }),
			getNodeParameter: (name: string, fallback: unknown) => this.parameters[name] ?? fallback,
			getWorkflowStaticData: () => this.staticData,
			getWorkflow: () => ({ id: 'w', name: 'Shop' }),
			getNode: () => ({ id: this.id, name: 'Paid' }),
			getMode: () => this.mode,
			logger: { warn: (line: string) => this.lines.push(line) },
		} as unknown as IWebhookFunctions;
		const result = await new KuvarPayWebhookTrigger().webhook.call(context);
		return { result, response, workflowData: result.workflowData };
	}
}

describe('a request to the webhook', () => {
	it('becomes an item', async () => {
		const node = new Node();
		const id = { 'x-kuvarpay-delivery': 'd1' };
		const { workflowData } = await node.receive({ data: 1 }, id);
		expect(workflowData).toEqual([
			[
				{
					json: {
						event: 'payment.completed',
						deliveryId: 'd1',
						receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
						body: { data: 1 },
						headers: { 'x-kuvarpay-event': 'payment.completed', ...id },
					},
				},
			],
		]);
		expect(node.lines).toEqual([]);
	});

	it('has no ID when it brings none', async () => {
		const { workflowData } = await new Node().receive({});
		expect(workflowData?.[0][0].json.deliveryId).toBeNull();
	});

	it('is read when n8n has not read its bytes yet', async () => {
		expect((await new Node().receive({}, {}, false)).workflowData).toBeDefined();
	});

	it('is answered without a start when nobody wants its event', async () => {
		const node = new Node();
		node.parameters.events = ['invoice.paid'];
		expect((await node.receive({})).result).toEqual({
			webhookResponse: { ignored: 'payment.completed' },
		});
		expect(node.staticData).toEqual({});
		node.parameters.customEvents = 'payment.completed';
		expect((await node.receive({})).workflowData).toBeDefined();
	});

	it.each([
		[{ 'x-kuvarpay-delivery': 'd1' }, 'd1'],
		[{}, true],
	])('that was taken is answered so', async (headers, repeated) => {
		const node = new Node();
		const { response, workflowData } = await node.receive({}, headers as never);
		expect(workflowData).toBeDefined();
		response.end();
		const again = await node.receive({}, headers as never);
		expect(again.result).toEqual({ webhookResponse: { repeated } });
	});

	it('is sent away while an earlier copy, whose sender has gone, is undecided', async () => {
		const node = new Node();
		const { response } = await node.receive({});
		response.emit('close');
		const { response: other, result } = await node.receive({});
		expect(result).toEqual({ noWebhookResponse: true });
		expect(other).toMatchObject({
			statusCode: 503,
			body: { error: 'n8n is still storing an earlier copy of this delivery' },
			writableEnded: true,
		});
		expect(node.lines[0]).toContain('It has to be sent again');
	});

	it('goes into the static data when n8n asks for the answer, which is when it is stored', async () => {
		const node = new Node();
		const { result } = await node.receive({});
		expect(node.staticData).toEqual({});
		expect(result.webhookResponse).toBeUndefined();
		expect(node.staticData).toEqual({ taken: expect.stringMatching(/^[\w-]{12}$/) });
	});

	it('makes n8n ask for it', () => {
		// With anything but an empty text n8n answers that text, without a look at what the node gives.
		const [webhook] = new KuvarPayWebhookTrigger().description.webhooks!;
		expect(webhook).toMatchObject({ responseMode: 'onReceived', responseData: '' });
	});

	it('can be repeated in the editor', async () => {
		const node = new Node();
		node.mode = 'manual';
		for (let round = 0; round < 2; round++) {
			const { response, workflowData } = await node.receive({});
			expect(workflowData).toBeDefined();
			response.end();
		}
		expect(node.staticData).toEqual({});
	});

	it('that is refused is answered and told in the log', async () => {
		const node = new Node();
		const unsigned = { 'x-kuvarpay-signature': '' };
		const { response, result } = await node.receive({}, unsigned);
		expect(result).toEqual({ noWebhookResponse: true });
		expect(response).toMatchObject({
			statusCode: 401,
			body: { error: 'The signature is missing or wrong' },
			writableEnded: true,
		});
		await node.receive({}, unsigned);
		expect(node.lines).toEqual([
			expect.stringMatching(
				/^"Paid" of the workflow "Shop" refused a delivery with 401: The signature is missing or wrong\. /,
			),
		]);
	});

	it.each([undefined, '', ' \n', 7])('is refused with the secret %j', async (secret) => {
		const node = new Node();
		node.secret = secret;
		const { response } = await node.receive({});
		expect(response).toMatchObject({
			statusCode: 401,
			body: { error: 'The credential has no Webhook Secret' },
		});
		expect(node.lines[0]).toContain('Copy the signing secret');
	});

	it('is taken with a secret that was pasted with spaces around it', async () => {
		const node = new Node();
		node.secret = `\t${SECRET} \n`;
		expect((await node.receive({})).workflowData).toBeDefined();
	});
});

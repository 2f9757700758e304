import { setStage, type Stage } from './stage';

let stage: Stage;
beforeAll(async () => {
	stage = await setStage();
});
afterAll(async () => await stage?.close());

interface Answer {
	result: {
		tools?: Array<{ name: string; inputSchema: { properties: Record<string, unknown> } }>;
		content?: Array<{ text: string }>;
	};
}

const path = 'kuvarpay-tools';
const fromAi = (name: string, description: string) =>
	`={{ $fromAI('${name}', '${description}', 'string') }}`;

/** Speaks the Model Context Protocol with n8n, as a model's program does. */
class McpClient {
	private id = 0;
	private session?: string;

	constructor(private readonly url: string) {}

	async call(method: string, params: Record<string, unknown> = {}): Promise<Answer> {
		const response = await fetch(this.url, {
			method: 'POST',
			headers: {
				'content-type': 'application/json',
				accept: 'application/json, text/event-stream',
				...(this.session && { 'mcp-session-id': this.session }),
			},
			body: JSON.stringify({ jsonrpc: '2.0', id: ++this.id, method, params }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`n8n answered ${response.status}: ${text}`);
		this.session ??= response.headers.get('mcp-session-id') ?? undefined;
		const line = text.split('\n').find((part) => part.startsWith('data:'));
		return JSON.parse(line ? line.slice('data:'.length) : text) as Answer;
	}
}

describe('the node as a tool of a model', () => {
	it('shows the fields that the model fills, and runs through n8n’s own tool execution', async () => {
		const workflow = await stage.n8n.createWorkflow({
			name: 'Tools',
			nodes: [
				{
					id: 'server',
					name: 'Server',
					type: '@n8n/n8n-nodes-langchain.mcpTrigger',
					typeVersion: 2,
					position: [0, 0],
					webhookId: '0d3b8b0e-51a6-4cf0-b0a3-3f2f0f6f7a11',
					parameters: { authentication: 'none', path },
				},
				{
					id: 'tool',
					name: 'Create Checkout Session',
					type: 'n8n-nodes-kuvarpay.kuvarPayTool',
					typeVersion: 1,
					position: [0, 200],
					parameters: {
						descriptionType: 'manual',
						toolDescription: 'Creates a page where a customer can pay',
						resource: 'checkoutSession',
						operation: 'create',
						amount: fromAi('amount', 'How much the customer pays'),
						currency: fromAi('currency', 'Currency code such as NGN'),
					},
				},
			],
			connections: {
				'Create Checkout Session': { ai_tool: [[{ node: 'Server', type: 'ai_tool', index: 0 }]] },
			},
		});
		await stage.n8n.publish(workflow);

		const client = new McpClient(`${stage.n8n.url}/mcp/${path}`);
		await client.call('initialize', {
			protocolVersion: '2025-03-26',
			capabilities: {},
			clientInfo: { name: 'test', version: '1' },
		});
		const { result } = await client.call('tools/list');
		expect(result.tools).toMatchObject([
			{ inputSchema: { properties: { amount: {}, currency: {} } } },
		]);
		const called = await client.call('tools/call', {
			name: result.tools?.[0].name,
			arguments: { amount: '5000', currency: 'NGN' },
		});
		const [session] = [...stage.simulator.state.sessions.values()];
		expect(session).toMatchObject({ amount: 5000, currency: 'NGN' });
		expect(called.result.content?.[0].text).toContain(session.sessionId);
		expect(stage.simulator.contractViolations).toEqual([]);
	});
});

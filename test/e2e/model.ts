// A language model that says what a test wrote for it: OpenAI's Responses API, as far as n8n speaks it.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What the model was asked: the conversation so far, and the tools that it may call. */
interface Question {
	input: Array<{ type?: string; output?: string; role?: string; content?: unknown }>;
	tools?: Array<{ name: string; description?: string; parameters: { properties: object } }>;
}

/** What the model says: a text, or a call of a tool. */
type Reply = string | { tool: string; arguments: Record<string, unknown> };

export class Model {
	/** What the model was asked, oldest first. */
	readonly questions: Question[] = [];
	private readonly replies: Reply[] = [];
	private readonly server = createServer((request, response) => {
		void this.answer(request).then((answer) => {
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify(answer));
		});
	});

	static async open(): Promise<Model> {
		const model = new Model();
		model.server.listen(0, '127.0.0.1');
		await once(model.server, 'listening');
		return model;
	}

	/** What n8n's credential "OpenAI" has to hold. */
	get credential() {
		const { port } = this.server.address() as AddressInfo;
		return { apiKey: 'none', url: `http://127.0.0.1:${port}/v1`, header: false };
	}

	/** What tools told the model, in the question that came last. */
	get told(): string[] {
		const input = this.questions.at(-1)?.input ?? [];
		return input.flatMap(({ output }) => (output === undefined ? [] : [output]));
	}

	/** Says these next, in turn. */
	says(...replies: Reply[]): void {
		this.replies.push(...replies);
	}

	async close(): Promise<void> {
		await new Promise((resolve) => {
			this.server.close(resolve);
			this.server.closeAllConnections();
		});
	}

	private async answer(request: IncomingMessage): Promise<object> {
		this.questions.push((await json(request)) as Question);
		const count = this.questions.length;
		const reply = this.replies.shift() ?? 'I was told to say nothing.';
		return {
			id: `resp_${count}`,
			object: 'response',
			created_at: 0,
			model: 'scripted',
			status: 'completed',
			error: null,
			output: [{ id: `item_${count}`, status: 'completed', ...itemOf(reply, count) }],
			usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
		};
	}
}

function itemOf(reply: Reply, count: number): object {
	if (typeof reply === 'string')
		return {
			...{ type: 'message', role: 'assistant' },
			content: [{ type: 'output_text', text: reply, annotations: [] }],
		};
	return {
		...{ type: 'function_call', call_id: `call_${count}`, name: reply.tool },
		arguments: JSON.stringify(reply.arguments),
	};
}

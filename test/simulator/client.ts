import http from 'node:http';

import type { Simulator } from '../../simulator';

export interface Answer {
	status: number;
	headers: http.IncomingHttpHeaders;
	text: string;
	// Tests look into answers of any shape.
	// eslint-disable-next-line @typescript-eslint/no-explicit-any
	json: any;
}

export interface Ask {
	method?: string;
	body?: unknown;
	rawBody?: string;
	headers?: http.OutgoingHttpHeaders;
	business?: boolean;
	/** Without the key. */
	anonymous?: boolean;
}

/** One request over a connection of its own, without help from fetch: no redirects, no retries, no decoding. */
export async function ask(simulator: Simulator, path: string, options: Ask = {}): Promise<Answer> {
	const { business, anonymous, body, headers } = options;
	const raw = options.rawBody ?? (body === undefined ? '' : JSON.stringify(body));
	const method = options.method ?? (raw === '' ? 'GET' : 'POST');
	return await new Promise((resolve, reject) => {
		const request = http.request(
			(business ? simulator.businessBaseUrl : simulator.baseUrl) + path,
			{
				method,
				agent: false,
				headers: {
					...(anonymous ? {} : { authorization: simulator.apiKey }),
					...(raw === ''
						? {}
						: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(raw) }),
					...headers,
				},
			},
			(response) => {
				let text = '';
				response.setEncoding('utf8');
				response.on('data', (chunk: string) => (text += chunk));
				response.on('error', reject);
				response.on('end', () => {
					resolve({
						status: response.statusCode!,
						headers: response.headers,
						text,
						json: text.startsWith('{') && text.endsWith('}') ? JSON.parse(text) : undefined,
					});
				});
			},
		);
		request.on('error', reject);
		request.end(raw);
	});
}

/** An open event stream: what came so far, byte for byte. */
export class Listening {
	readonly chunks: Buffer[] = [];
	ended = false;
	error: Error | undefined;
	private wake: (() => void)[] = [];

	constructor(
		readonly status: number,
		readonly headers: http.IncomingHttpHeaders,
		private readonly response: http.IncomingMessage,
	) {
		response.on('data', (chunk: Buffer) => {
			this.chunks.push(chunk);
			this.changed();
		});
		response.on('error', (error) => {
			this.error = error;
			this.ended = true;
			this.changed();
		});
		response.on('close', () => {
			this.ended = true;
			this.changed();
		});
	}

	get text(): string {
		return Buffer.concat(this.chunks).toString('utf8');
	}

	/** Complete events so far. */
	get events(): { id?: string; event?: string; data: string }[] {
		return this.text
			.replaceAll('\r\n', '\n')
			.split('\n\n')
			.slice(0, -1)
			.filter((block) => block.includes('data:'))
			.map((block) => {
				const fields = block.split('\n').map((line) => /^(\w+): ?(.*)$/.exec(line) ?? []);
				return Object.fromEntries(fields.map(([, name, value]) => [name, value]));
			}) as { id?: string; event?: string; data: string }[];
	}

	async until(check: (listening: this) => boolean): Promise<void> {
		while (!check(this)) {
			if (this.ended) throw new Error(`The stream ended after ${JSON.stringify(this.text)}`);
			await new Promise<void>((resolve) => this.wake.push(resolve));
		}
	}

	async untilEnd(): Promise<void> {
		while (!this.ended) await new Promise<void>((resolve) => this.wake.push(resolve));
	}

	close(): void {
		this.response.destroy();
	}

	pause(): void {
		this.response.pause();
	}

	private changed(): void {
		for (const wake of this.wake.splice(0)) wake();
	}
}

/** Opens an event stream. */
export async function listen(
	simulator: Simulator,
	path: string,
	headers: http.OutgoingHttpHeaders = {},
): Promise<Listening> {
	return await new Promise((resolve, reject) => {
		const request = http.get(
			simulator.baseUrl + path,
			{
				agent: false,
				headers: { authorization: simulator.apiKey, accept: 'text/event-stream', ...headers },
			},
			(response) => resolve(new Listening(response.statusCode!, response.headers, response)),
		);
		request.on('error', reject);
	});
}

export const SESSION = { amount: 5000, currency: 'NGN' };

export const TRANSACTION = {
	fromCurrency: 'USDT',
	fromNetwork: 'TRON',
	toCurrency: 'NGN',
	toAmount: 500_000,
	customerEmail: 'ada@example.com',
	customerName: 'Ada Obi',
};

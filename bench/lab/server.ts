// The client's end of a plain server that runs in a process of its own.
import { join } from 'node:path';
import { Child } from './child';
import type { ServerMethods } from './serverProcess';

/** A server next door that takes any key, and counts and limits by key. */
export class ServerProcess extends Child<ServerMethods> {
	baseUrl!: string;
	private keys = 0;

	static async start(): Promise<ServerProcess> {
		const server = new ServerProcess(join(__dirname, 'serverProcess.ts'));
		server.baseUrl = await server.ask('start');
		return server;
	}

	/** A credential that nobody has used: nothing is known of what the server takes. */
	credential() {
		const { baseUrl } = this;
		return { apiKey: `bench-key-${++this.keys}`, baseUrl, businessBaseUrl: baseUrl };
	}
}

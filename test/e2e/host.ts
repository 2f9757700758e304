// A real n8n with this package in it, as its users have it.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Simulator } from '../../simulator';
import { localEnvironment } from './environment';
import { installHost, n8nScript, nodeBinary } from './install';
import type { Mailbox } from './mailbox';
import { layIn, packageName } from './package';
import { launch, Program } from './processes';

const credentialType = 'kuvarPayApi';
const ready = 'Editor is now accessible via';
const portTaken = 'is already in use';

const owner = {
	email: 'owner@example.com',
	firstName: 'Ada',
	lastName: 'Obi',
	password: 'Kuvar-local-1',
};

export interface StartOptions {
	/** The KuvarPay that the credential points to; it may live in another process. */
	simulator: Pick<Simulator, 'credential'>;
	/** The mail server of all steps that send an email. Without it they have none. */
	mailbox?: Pick<Mailbox, 'credential'>;
	/** Where n8n keeps its data. Default: a temporary folder that is removed at the end. */
	dataDir?: string;
	/** Do not print n8n's own lines. Default true. */
	quiet?: boolean;
	/** Further environment variables for n8n. */
	env?: NodeJS.ProcessEnv;
}

export interface RestInit {
	method?: string;
	body?: unknown;
}

interface StoredNode {
	type: string;
	parameters: Record<string, unknown>;
	credentials?: Record<string, { id: string; name: string }>;
}

export interface StoredWorkflow {
	id: string;
	name: string;
	versionId: string;
	nodes: StoredNode[];
}

interface PublicationStatus {
	status: string;
	triggers: Array<{ errorMessage: string | null }>;
}

/** A running n8n. */
export class N8n {
	readonly email = owner.email;
	readonly password = owner.password;
	/** Every line that n8n wrote, over all starts. */
	readonly logs: string[] = [];
	/** The credential that belongs to the simulator, in the way a node refers to it. */
	credential = { id: '', name: 'KuvarPay simulator' };
	private mail?: { id: string; name: string };
	private program?: Program;
	private ports: number[] = [];
	private cookie = '';

	private constructor(
		private readonly options: StartOptions,
		readonly dataDir: string,
		private readonly temporary: boolean,
	) {}

	static async start(options: StartOptions): Promise<N8n> {
		const temporary = options.dataDir === undefined;
		const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'kuvarpay-n8n-')));
		const n8n = new N8n(options, dataDir, temporary);
		try {
			await installHost();
			await layIn(dataDir);
			await n8n.launch();
			await n8n.signIn();
			await n8n.bringCredentials();
			return n8n;
		} catch (error) {
			await n8n.stop();
			throw error;
		}
	}

	/** Address of the editor. The same after a restart, unless another program took the port. */
	get url(): string {
		return `http://127.0.0.1:${this.ports[0]}`;
	}

	/** The process, for those who mean it harm. */
	get pid(): number {
		if (this.program?.pid === undefined) throw new Error('n8n does not run');
		return this.program.pid;
	}

	/** The session cookie of the owner, for a browser that need not sign in. */
	get session(): { name: string; value: string } {
		const [name, value] = this.cookie.split('=');
		return { name, value };
	}

	/** Calls n8n's own REST interface as the owner; gives what is under `data`. */
	async rest<T = unknown>(path: string, { method, body }: RestInit = {}): Promise<T> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method: method ?? (body === undefined ? 'GET' : 'POST'),
			headers: { 'content-type': 'application/json', cookie: this.cookie },
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`n8n answered ${response.status} to ${path}: ${text}`);
		const cookie = response.headers.getSetCookie().find((line) => line.startsWith('n8n-auth='));
		if (cookie) this.cookie = cookie.split(';')[0];
		return (JSON.parse(text) as { data: T }).data;
	}

	/** Ends n8n in good order and removes what was temporary. */
	async stop(): Promise<void> {
		await this.program?.stop();
		this.program = undefined;
		if (this.temporary) await rm(this.dataDir, { recursive: true, force: true });
	}

	/** Ends n8n at once, as a power cut would. */
	async kill(): Promise<void> {
		await this.program?.kill();
		this.program = undefined;
	}

	/** Starts n8n again on the same data; ends it in good order first if it runs. */
	async restart(): Promise<void> {
		await this.program?.stop();
		await this.launch();
	}

	/** Creates a workflow; KuvarPay nodes get the simulator's credential, those that send emails the mailbox's. */
	async createWorkflow(workflow: object): Promise<StoredWorkflow> {
		const { nodes, ...others } = workflow as { nodes: StoredNode[] };
		const equipped = nodes.map((node) => ({ ...node, ...this.credentialsOf(node) }));
		return await this.rest('/workflows', { body: { settings: {}, ...others, nodes: equipped } });
	}

	/** The KuvarPay credential that was saved last. */
	async newestCredential(): Promise<{ id: string; name: string }> {
		const stored =
			await this.rest<Array<{ id: string; name: string; type: string; createdAt: string }>>(
				'/credentials',
			);
		const [newest] = stored
			.filter(({ type }) => type === credentialType)
			.sort((one, other) => other.createdAt.localeCompare(one.createdAt));
		return { id: newest.id, name: newest.name };
	}

	/** What n8n knows of a node's parameters. */
	async nodeProperties<T>(node: string): Promise<T[]> {
		const response = await fetch(`${this.url}/types/nodes.json`, {
			headers: { cookie: this.cookie },
		});
		const types = (await response.json()) as Array<{ name: string; properties: T[] }>;
		return types.find(({ name }) => name === `${packageName}.${node}`)?.properties ?? [];
	}

	/** Publishes a workflow. n8n answers before its triggers listen; this waits until they do. */
	async publish({ id, versionId }: { id: string; versionId: string }): Promise<void> {
		await this.rest(`/workflows/${id}/activate`, { body: { versionId } });
		await this.untilListening(id);
	}

	/** Changes a published workflow and publishes the change. */
	async publishAgain(id: string, change: Record<string, unknown>): Promise<void> {
		await this.publish(
			await this.rest<StoredWorkflow>(`/workflows/${id}`, { method: 'PATCH', body: change }),
		);
	}

	/** Takes a published workflow down. */
	async unpublish(id: string): Promise<void> {
		await this.rest(`/workflows/${id}/deactivate`, { method: 'POST' });
	}

	/** Waits until the triggers of a published workflow listen. */
	async untilListening(id: string): Promise<void> {
		for (;;) {
			const path = `/workflows/${id}/publication-status`;
			const { status, triggers } = await this.rest<PublicationStatus>(path);
			if (status === 'published') return;
			if (status !== 'in_progress')
				throw new Error(`Publishing ended as "${status}": ${JSON.stringify(triggers)}`);
			await setTimeout(50);
		}
	}

	/** Starts the program, on the ports that it had before where it can. */
	private async launch(): Promise<void> {
		const { program, ports } = await launch(
			async (onPorts) => {
				this.ports = onPorts;
				this.program = new Program({
					name: 'n8n',
					command: nodeBinary(),
					args: [n8nScript(), 'start'],
					env: await this.environment(),
					onLine: (line) => this.take(line),
				});
				return this.program;
			},
			{ ready, portTaken, ports: this.ports },
		);
		this.program = program;
		this.ports = ports;
	}

	private take(line: string): void {
		this.logs.push(line);
		if (this.options.quiet === false) console.log(`n8n: ${line}`);
	}

	private async environment(): Promise<NodeJS.ProcessEnv> {
		const [port, brokerPort] = this.ports;
		return {
			...localEnvironment(this.dataDir, brokerPort),
			N8N_ENCRYPTION_KEY: await this.encryptionKey(),
			N8N_PORT: String(port),
			...this.options.env,
		};
	}

	private async encryptionKey(): Promise<string> {
		const file = join(this.dataDir, 'encryption-key');
		if (!existsSync(file)) {
			await mkdir(this.dataDir, { recursive: true });
			await writeFile(file, randomBytes(24).toString('hex'), { mode: 0o600 });
		}
		return await readFile(file, 'utf8');
	}

	/** Creates the owner of a new n8n; signs in to one that has an owner. */
	private async signIn(): Promise<void> {
		const settings = await this.rest<{ userManagement: { showSetupOnFirstLoad?: boolean } }>(
			'/settings',
		);
		const { email, password } = owner;
		if (settings.userManagement.showSetupOnFirstLoad)
			await this.rest('/owner/setup', { body: owner });
		await this.rest('/login', { body: { emailOrLdapLoginId: email, password } });
	}

	private async bringCredentials(): Promise<void> {
		const { simulator, mailbox } = this.options;
		const { name } = this.credential;
		this.credential = await this.bringCredential(name, credentialType, simulator.credential);
		if (mailbox) this.mail = await this.bringCredential('Mailbox', 'smtp', mailbox.credential);
	}

	/** Creates a credential, or brings the one of an earlier start up to date. */
	private async bringCredential(name: string, type: string, data: object) {
		const body = { name, type, data };
		const stored = await this.rest<Array<{ id: string; name: string }>>('/credentials');
		const known = stored.find((credential) => credential.name === name);
		const { id } = known
			? await this.rest<{ id: string }>(`/credentials/${known.id}`, { method: 'PATCH', body })
			: await this.rest<{ id: string }>('/credentials', { body });
		return { id, name };
	}

	private credentialsOf({ type }: StoredNode): Pick<StoredNode, 'credentials'> {
		if (type.startsWith(`${packageName}.`))
			return { credentials: { [credentialType]: this.credential } };
		const sends = type.startsWith('n8n-nodes-base.emailSend');
		return sends && this.mail ? { credentials: { smtp: this.mail } } : {};
	}
}

/** Starts n8n with this package, signed in, with a credential for the simulator. */
export async function startN8n(options: StartOptions): Promise<N8n> {
	return await N8n.start(options);
}

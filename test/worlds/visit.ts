/** Tries one world as a newcomer would: the packed package, the key and the addresses, no other setting. */
import type { INodeTypeDescription } from 'n8n-workflow';
import type { EngineHost, RunResult, Trigger } from '../../engine';
import { startSimulator, type Simulator } from '../../simulator';
import type { Parameters } from '../contract/parameters';
import { prepare, waysToRun } from '../contract/prepared';
import { byId } from '../support/engine';
import type { World } from './combine';
import type { Concern } from './questions';

/** Something that did not work. */
export interface Failure {
	check: string;
	message: string;
}

export interface Visit {
	world: World;
	failures: Failure[];
	ms: number;
}

/** Rows that a list has before anybody asks: more than two pages of twenty. */
const OLD_ROWS = 45;
/** How long the package may take to notice something. It looks every second. */
const PATIENCE_MS = 20_000;
/** After so long without a look at the object itself, it is moved all the same. */
const FIRST_LOOK_MS = 4000;
const EVERY_SECOND = { discoveryInterval: 1, pollInterval: 1, emitCurrentState: false };

let visits = 0;

/** Tries a world; what fails is told, never thrown. */
export async function visit(
	host: EngineHost,
	description: INodeTypeDescription,
	world: World,
): Promise<Visit> {
	const start = performance.now();
	const simulator = await startSimulator({ heartbeat: 300, dialect: world.dialect });
	const visitor = new Visitor(host, description, simulator, world, `world-${(visits += 1)}`);
	try {
		await visitor.tryAll();
	} finally {
		await simulator.close();
	}
	return { world, failures: visitor.failures, ms: performance.now() - start };
}

class Visitor {
	readonly failures: Failure[] = [];
	private readonly credentials;
	private readonly secret: string;

	constructor(
		private readonly host: EngineHost,
		private readonly description: INodeTypeDescription,
		private readonly simulator: Simulator,
		private readonly world: World,
		private readonly id: string,
	) {
		const { apiKey, baseUrl, businessBaseUrl, businessId } = simulator.credential;
		const needed = businessId === '' ? {} : { businessId };
		this.credentials = { kuvarPayApi: { apiKey, baseUrl, businessBaseUrl, ...needed } };
		this.secret = apiKey;
	}

	async tryAll(): Promise<void> {
		await this.check('credential test', async () => await this.testCredential());
		for (const concern of this.world.concerns) {
			await this.check(concern.operation, async () => await this.perform(concern));
		}
		if (this.world.whole) await this.tryWhole();
		if (this.world.endsChange) await this.check('a status after the end', () => this.watchEnds());
		await this.check('no write twice', () => this.countWrites());
		await this.check('no key elsewhere', () => this.lookForKeys());
	}

	private async tryWhole(): Promise<void> {
		const { simulator } = this;
		for (let count = 0; count < OLD_ROWS; count++) {
			simulator.createTransaction({ status: 'COMPLETED' });
		}
		simulator.create.subscription();
		await this.check(
			'create a session',
			// A KuvarPay that demands the customer is given one.
			async () =>
				await this.perform({
					operation: 'checkoutSession.create',
					parameters: {
						additionalFields: { customerName: 'Ada Obi', customerEmail: 'ada@example.com' },
					},
				}),
		);
		await this.check(
			'get a session',
			async () => await this.perform({ operation: 'checkoutSession.get' }),
		);
		await Promise.all([
			this.check('trigger on a session', () => this.watchSession()),
			this.check('trigger on all open transactions', () => this.watchTransactions()),
			this.check('wait for a session', () => this.wait('checkoutSession')),
			this.check('wait for a transaction', () => this.wait('transaction')),
			this.check('Return All', () => this.returnAll()),
			this.check('pickers', () => this.pick()),
		]);
	}

	private async check(name: string, run: () => Promise<void> | void): Promise<void> {
		try {
			await run();
		} catch (error) {
			this.failures.push({ check: name, message: (error as Error).message });
		}
	}

	private async testCredential(): Promise<void> {
		const data = this.credentials.kuvarPayApi;
		const { status, message } = await this.host.testCredential('kuvarPayApi', data);
		if (status !== 'OK') throw new Error(message);
	}

	/** Runs an operation with what it requires and what the form adds; it must do its work once. */
	private async perform({ operation, parameters, verify, refusal }: Concern): Promise<void> {
		const known = prepare(this.simulator, operation);
		known.body = { authId: `auth-${String(known.subscriptionId)}` };
		const [way] = waysToRun(this.description, operation, known, false);
		const before = this.simulator.writes.length;
		const { error, items } = await this.run(operation, { ...way, ...parameters });
		const told = `${error?.message} ${error?.description}`;
		if (refusal) {
			if (!error) throw new Error('the refusal was taken for a success');
			if (!refusal.test(told)) throw new Error(`the server's words are missing in: ${told}`);
			return;
		}
		if (error) throw new Error(told);
		// Nobody has tried to charge the invoice yet.
		const mayBeEmpty = operation === 'subscriptionInvoice.getChargeAttempts';
		if (items.length === 0 && !mayBeEmpty) throw new Error('no item came out');
		const writes = this.simulator.writes.slice(before).map(({ operationId }) => operationId);
		const isWrite = this.simulator.requests.some(
			({ operationId, method }) => operationId === operation && method !== 'GET',
		);
		const wanted = isWrite ? [operation] : [];
		if (writes.join() !== wanted.join()) {
			throw new Error(`done was [${writes.join()}] and not [${wanted.join()}]`);
		}
		const problem = verify?.(this.simulator);
		if (problem) throw new Error(problem);
	}

	private async run(operation: string, parameters: Parameters): Promise<RunResult> {
		const [resource, name] = operation.split('.');
		const result = await this.host.run({
			node: {
				type: 'kuvarPay',
				name: 'KuvarPay',
				parameters: { resource, operation: name, ...parameters },
			},
			items: [{ json: {} }],
			credentials: this.credentials,
		});
		const { logs, ...output } = result;
		if (JSON.stringify(output).includes(this.secret)) throw new Error('the output holds the key');
		if (JSON.stringify(logs).includes(this.secret)) throw new Error('the log holds the key');
		return result;
	}

	private async watchSession(): Promise<void> {
		const { sessionId } = [...this.simulator.state.sessions.values()].at(-1)!;
		await this.watching({ watch: 'checkoutSession', sessionIds: sessionId }, async (trigger) => {
			await this.looked(sessionId);
			this.simulator.setSessionStatus(sessionId, 'PROCESSING');
			await this.emitted(trigger, sessionId, 'PROCESSING');
			this.simulator.setSessionStatus(sessionId, 'COMPLETED');
			await this.emitted(trigger, sessionId, 'COMPLETED');
		});
	}

	private async watchTransactions(): Promise<void> {
		const known = this.simulator.createTransaction().id;
		await this.watching({ watch: 'openTransactions' }, async (trigger) => {
			await this.looked(known);
			const found = this.simulator.createTransaction().id;
			await this.looked(found);
			for (const id of [known, found]) {
				this.simulator.setTransactionStatus(id, 'COMPLETED');
				await this.emitted(trigger, id, 'COMPLETED');
			}
		});
	}

	private async watchEnds(): Promise<void> {
		const { simulator } = this;
		const { sessionId } = simulator.createSession();
		const { id } = simulator.createTransaction();
		await Promise.all([
			this.watching({ watch: 'checkoutSession', sessionIds: sessionId }, async (trigger) => {
				await this.looked(sessionId);
				for (const status of ['EXPIRED', 'COMPLETED']) {
					simulator.setSessionStatus(sessionId, status);
					await this.emitted(trigger, sessionId, status);
				}
			}),
			this.watching({ watch: 'openTransactions' }, async (trigger) => {
				await this.looked(id);
				for (const status of ['COMPLETED', 'REFUNDED']) {
					simulator.setTransactionStatus(id, status);
					await this.emitted(trigger, id, status);
				}
			}),
		]);
	}

	/** With an active trigger, that is closed whatever happens. */
	private async watching(
		parameters: Parameters,
		run: (trigger: Trigger) => Promise<void>,
	): Promise<void> {
		const trigger = await this.host.activate({
			node: {
				type: 'kuvarPayTrigger',
				name: 'KuvarPay Trigger',
				parameters: { ...parameters, options: EVERY_SECOND },
			},
			credentials: this.credentials,
			workflowId: `${this.id}-${String(parameters.watch)}-${String(parameters.sessionIds ?? '')}`,
		});
		try {
			await run(trigger);
		} finally {
			await trigger.close();
		}
	}

	/** Once the package has seen the object as it is, or would have had time to. */
	private async looked(id: string): Promise<void> {
		const since = this.simulator.requests.length;
		await this.simulator
			.waitFor(({ requests }) => {
				const asked = requests.filter(({ path, status }) => path.includes(id) && status === 200);
				const lists = requests
					.slice(since)
					.filter(
						({ operationId, status }) => operationId === 'transaction.getAll' && status === 200,
					);
				// A stream that is open and a read of the state, or two rounds through the list.
				return new Set(asked.map(({ operationId }) => operationId)).size > 1 || lists.length > 6;
			}, FIRST_LOOK_MS)
			.catch(() => undefined);
	}

	private async emitted(trigger: Trigger, id: string, status: string): Promise<void> {
		const isIt = ({ json }: { json: Parameters }) =>
			json.id === id && String(json.status).toUpperCase() === status;
		await trigger.until(
			() => trigger.emissions.some(({ items }) => items.some(isIt)),
			PATIENCE_MS,
			`${status} was not emitted`,
			() => trigger.errors.at(-1),
		);
		const times = trigger.emissions.flatMap(({ items }) => items.filter(isIt)).length;
		if (times > 1) throw new Error(`${status} was emitted ${times} times`);
	}

	private async wait(resource: 'checkoutSession' | 'transaction'): Promise<void> {
		const { simulator } = this;
		const isSession = resource === 'checkoutSession';
		const id = isSession ? simulator.createSession().sessionId : simulator.createTransaction().id;
		const running = this.run(`${resource}.waitForUpdate`, {
			...(isSession ? { sessionId: id } : { transactionId: byId(id) }),
			options: { timeout: PATIENCE_MS / 1000, pollInterval: 1 },
		});
		await this.looked(id);
		if (isSession) simulator.setSessionStatus(id, 'COMPLETED');
		else simulator.setTransactionStatus(id, 'COMPLETED');
		const { error, items } = await running;
		if (error) throw new Error(`${error.message} ${error.description}`);
		const { status, timedOut } = items[0].json;
		if (String(status).toUpperCase() !== 'COMPLETED' || timedOut) {
			throw new Error(`it ended with ${JSON.stringify({ status, timedOut })}`);
		}
	}

	private async returnAll(): Promise<void> {
		const ids = [...this.simulator.state.transactions.keys()];
		const { error, items } = await this.run('transaction.getAll', { returnAll: true });
		if (error) throw new Error(`${error.message} ${error.description}`);
		const rows = items.map(({ json }) => JSON.stringify(json));
		assertAll(ids, rows.join());
		if (new Set(rows).size < rows.length) throw new Error('a row came twice');
	}

	private async pick(): Promise<void> {
		const { transactions, plans, subscriptions } = this.simulator.state;
		const search = async (method: string, ids: string[]) => {
			const found: string[] = [];
			let paginationToken: string | undefined;
			do {
				const page = await this.host.listSearch({
					type: 'kuvarPay',
					method,
					parameters: {},
					credentials: this.credentials,
					paginationToken,
				});
				found.push(...page.results.map(({ value }) => String(value)));
				paginationToken = page.paginationToken as string | undefined;
			} while (paginationToken !== undefined && found.length < 1000);
			try {
				assertAll(ids, found.join());
			} catch (error) {
				throw new Error(`${method}: ${(error as Error).message}`);
			}
		};
		await search('searchTransactions', [...transactions.keys()]);
		await search('searchPlans', [...plans.keys()]);
		await search('searchSubscriptions', [...subscriptions.keys()]);
	}

	/** Each write carries a key of its own, so none of them can have been done under two. */
	private countWrites(): void {
		const keys = this.simulator.writes.map(({ idempotencyKey }) => idempotencyKey);
		if (keys.includes(undefined)) throw new Error('a write had no idempotency key');
		if (new Set(keys).size < keys.length) throw new Error('a write was done twice');
	}

	private lookForKeys(): void {
		const { state, seenKeys } = this.simulator;
		const tokens = [...state.authTokens.values()].map((token) => `Bearer ${token}`);
		const known = new Set([this.secret, `Bearer ${this.secret}`, ...tokens]);
		const other = seenKeys.find(({ value }) => !known.has(value));
		if (other) throw new Error(`${other.header} held something else at ${other.host}`);
	}
}

function assertAll(ids: string[], text: string): void {
	const missing = ids.filter((id) => !text.includes(id));
	if (missing.length > 0) throw new Error(`${missing.length} of ${ids.length} rows are missing`);
}

import { startSimulator, type Simulator } from '../../simulator';
import { ask, type Answer } from './client';

/** What a browser without scripts does: it loads pages, sends forms, and goes where it is sent. */
export class Visitor {
	/** The path of the page that is open. */
	path = '';
	answer!: Answer;

	constructor(private readonly simulator: Simulator) {}

	/** The open page. */
	get html(): string {
		return this.answer.text;
	}

	/** The page's state, as its scripts and the browser SDK see it. */
	get status(): string | undefined {
		return /data-status="([^"]*)"/.exec(this.html)?.[1];
	}

	/** The names of the buttons that say what the customer does. */
	get choices(): string[] {
		return [...this.html.matchAll(/name="do"\s+value="(\w+)"/g)].map(([, name]) => name);
	}

	/** Opens an address, or a path of the payments host. */
	async open(address: string): Promise<this> {
		const { pathname, search, origin } = new URL(address, this.simulator.baseUrl);
		this.path = pathname + search;
		this.business = origin === this.simulator.businessBaseUrl;
		this.answer = await ask(this.simulator, this.path, { ...this.anonymous });
		return this;
	}

	/** Sends the page's form. */
	async send(fields: Record<string, string> = {}): Promise<this> {
		const sent = await ask(this.simulator, this.path, {
			...this.anonymous,
			method: 'POST',
			rawBody: new URLSearchParams(fields).toString(),
			headers: { 'content-type': 'application/x-www-form-urlencoded' },
		});
		if (sent.status !== 303) {
			this.answer = sent;
			return this;
		}
		const { simulator } = this;
		const base = this.business ? simulator.businessBaseUrl : simulator.baseUrl;
		return await this.open(new URL(String(sent.headers.location), base).href);
	}

	private business = false;

	private get anonymous() {
		return { anonymous: true, business: this.business };
	}
}

/** A simulator and a visitor of its own for each test; none may break the contract. */
export function useVisitor(take: (simulator: Simulator, visitor: Visitor) => void): void {
	let simulator: Simulator;
	beforeEach(async () => {
		simulator = await startSimulator({ heartbeat: 0 });
		take(simulator, new Visitor(simulator));
	});
	afterEach(async () => {
		expect(simulator.contractViolations).toEqual([]);
		await simulator.close();
	});
}

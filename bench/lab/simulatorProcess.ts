// A simulator in a process of its own, so that the server's work does not count as the client's.
import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { Simulator, type FaultRule, type SimulatorOptions } from '../../simulator';
import { offer } from './child';
import { now } from './clock';

let simulator: Simulator;

/** Everything that the client may ask for; see simulator.ts for what each does. */
const methods = {
	async start(options: SimulatorOptions) {
		simulator = await Simulator.start({ heartbeat: 0, validateResponses: false, ...options });
		return simulator.credential;
	},
	sessions: (count: number) => simulator.seed(count).map(({ sessionId }) => sessionId),
	transactions: (count: number) =>
		Array.from({ length: count }, () => simulator.createTransaction().id),
	faults(rules: FaultRule[]) {
		simulator.faults.clear();
		simulator.faults.add(...rules);
	},
	/** Moves sessions one after the other and tells when each was written. */
	move: (ids: string[], status: string): number[] =>
		ids.map((id) => {
			const at = now();
			simulator.setSessionStatus(id, status);
			return at;
		}),
	/** Completes payments, all in the same moment. */
	complete(ids: string[]) {
		for (const id of ids) simulator.setTransactionStatus(id, 'COMPLETED');
	},
	/** Moves all sessions, once for each status, and tells when each move of the first status was written. */
	moveAll: (ids: string[], statuses: string[]) =>
		statuses.map((status) => methods.move(ids, status))[0],
	/** Resolves when so many streams are open, and at least `opened` have been opened in all. */
	async streamsOpen(count: number, opened = 0) {
		const isSo = ({ streams }: Simulator) => streams.open === count && streams.opened >= opened;
		await simulator.waitFor(isSo, 120_000);
		return now();
	},
	requests() {
		const seen = simulator.requests.map(({ path, at, status }) => ({ path, at, status }));
		simulator.requests.length = 0;
		return seen;
	},
	restart: async (downMs: number) => {
		const at = now();
		await simulator.restart(downMs);
		return at;
	},
	cut: (fraction: number) => simulator.streams.cutAll({ fraction }),
	counts: () => ({
		opened: simulator.streams.opened,
		violations: simulator.contractViolations.slice(0, 5),
	}),
	/** All session ids by their description: what a create was asked for. */
	descriptions: () =>
		[...simulator.state.sessions.values()].map(({ sessionId, description }) => [
			sessionId,
			description,
		]),
	/** n8n's SSE Trigger can send no key: from now on who sends none is taken for the owner of ours. */
	openToAll() {
		channel('http.server.request.start').subscribe((message) => {
			const { request } = message as { request: IncomingMessage };
			request.headers.authorization ??= simulator.credential.apiKey;
		});
	},
	/** Every change of the sessions that was sent: ID and time of change. */
	changes: (ids: string[]) =>
		ids.flatMap((id) =>
			simulator.streams.log('session', id).map(({ data }) => {
				const { updatedAt } = (JSON.parse(data) as { data: { updatedAt: string } }).data;
				return `${id} ${updatedAt}`;
			}),
		),
};

export type SimulatorMethods = typeof methods;

offer(methods);

import type { INodeTypeDescription } from 'n8n-workflow';
import type { EngineHost } from '../../engine';
import { operations } from '../../scripts/contract';
import { Simulator } from '../../simulator';
import { hostOf } from '../support/engine';
import { pay, prepare, waysToRun } from './prepared';

/** What an operation takes where all is known: one request, and what its nature adds to it. */
const NEEDED: Record<string, number> = {
	// The stream, and the state that a stream may begin without.
	'checkoutSession.waitForUpdate': 2,
	'transaction.waitForUpdate': 2,
};

let host: EngineHost;
let description: INodeTypeDescription;
beforeAll(async () => {
	host = await hostOf('newest');
	description = await host.describe('kuvarPay');
});
afterAll(async () => await host.stop());

/** As a newcomer leaves it. */
const credentialFor = ({ credential: { apiKey, baseUrl, businessBaseUrl } }: Simulator) => ({
	apiKey,
	baseUrl,
	businessBaseUrl,
});

/** Runs an operation. @returns how many requests it took */
async function requestsFor(simulator: Simulator, id: string): Promise<number> {
	const [resource, operation] = id.split('.');
	const known = prepare(simulator, id);
	const [parameters] = waysToRun(description, id, known, false);
	const before = simulator.requests.length;
	const running = host.run({
		node: {
			type: 'kuvarPay',
			name: 'KuvarPay',
			parameters: { resource, operation, ...parameters },
		},
		items: [{ json: {} }],
		credentials: { kuvarPayApi: credentialFor(simulator) },
	});
	const paid = operation === 'waitForUpdate' && pay(simulator, known);
	const [{ error }] = await Promise.all([running, paid]);
	if (error) throw new Error(`${error.message}: ${error.description}`);
	return simulator.requests.length - before;
}

describe("in today's world", () => {
	it.each(operations().map(({ id }) => id))(
		'%s takes no request more than it needs, and at most two more at first contact',
		async (id) => {
			const simulator = await Simulator.start({ heartbeat: 0 });
			try {
				// n8n does so when the credential is saved.
				await host.testCredential('kuvarPayApi', credentialFor(simulator));
				const needed = NEEDED[id] ?? 1;
				expect(await requestsFor(simulator, id)).toBeLessThanOrEqual(needed + 2);
				expect(await requestsFor(simulator, id)).toBe(needed);
			} finally {
				await simulator.close();
			}
		},
	);
});

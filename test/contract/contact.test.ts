import type { INodeTypeDescription } from 'n8n-workflow';
import type { EngineHost } from '../../engine';
import { operations } from '../../scripts/contract';
import { Simulator } from '../../simulator';
import { hostOf } from '../support/engine';
import { complete, prepare, waysToRun } from './prepared';

/** What an operation takes where all is known: one request, and what its nature adds to it. */
const NEEDED: Record<string, number> = {
	// The state before the stream, the stream, and the state once it is open.
	'checkoutSession.waitForUpdate': 3,
	'transaction.waitForUpdate': 3,
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
	// Paid any sooner, it would not be read once more.
	const isRead = async () =>
		await simulator.waitFor(({ requests }) => requests.length - before >= NEEDED[id]);
	const paid = operation === 'waitForUpdate' && isRead().then(() => complete(simulator, known));
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

describe('a key that nobody has tried', () => {
	it.each([
		['raw', 0],
		['bearer', 1],
		['x-api-key', 2],
	] as const)('goes as %s after so many refusals: %i', async (form, refusals) => {
		const simulator = await Simulator.start({ dialect: { key: { forms: [form] } } });
		try {
			const items = Array.from({ length: 40 }, (_, order) => ({ json: { order } }));
			const parameters = { amount: 100, currency: 'NGN' };
			const { error } = await host.run({
				node: {
					type: 'kuvarPay',
					name: 'KuvarPay',
					parameters: { resource: 'checkoutSession', operation: 'create', ...parameters },
				},
				items,
				credentials: { kuvarPayApi: credentialFor(simulator) },
			});
			expect(error).toBeUndefined();
			const statuses = simulator.requests.map(({ status }) => status);
			expect(statuses.slice(0, refusals)).toEqual(Array.from({ length: refusals }, () => 401));
			// Nobody else is asked for it, and all others wait for the first.
			expect(statuses.slice(refusals).every((status) => status < 300)).toBe(true);
			expect(statuses).toHaveLength(items.length + refusals);
		} finally {
			await simulator.close();
		}
	});
});

import { randomUUID } from 'node:crypto';
import type { Emission, EngineName, Trigger } from '../../engine';
import { Simulator } from '../../simulator';
import { ENGINES, hostOf } from '../support/engine';

/** What the engine adds is the same for few as for many, so the many are on one of them. */
const sessionsOn = (engine: EngineName) => (engine === 'newest' ? 1_000 : 200);
const STATUSES = ['PROCESSING', 'PARTIAL_PAYMENT', 'COMPLIANCE_HOLD', 'COMPLETED'];
const RESTARTS = 5;

/** For a step of the storm, in ms. A busy machine needs long. */
const PATIENCE = 180_000;

/**
 * A thousand sessions go through four statuses, while the server restarts five times and cuts one
 * event in five in the middle.
 */
describe.each(ENGINES)('a storm on the %s engine', (engine) => {
	const count = sessionsOn(engine);
	const storm = async (replay: boolean) => {
		// A snapshot gives each client the number of the last event, from which it can resume.
		const simulator = await Simulator.start({
			replay,
			snapshotOnConnect: replay,
			retry: 50,
			seed: 7,
			record: false,
			validateResponses: false,
		});
		// After a minute of waiting for what a server that repeats still owes, the state is read instead.
		// On a clock that goes too fast for a busy machine that minute would be over too soon.
		const host = await hostOf(engine, { hurry: replay ? 2 : 5 });
		try {
			const ids = simulator.seed(count).map(({ sessionId }) => sessionId);
			const trigger = await host.activate(
				{
					node: {
						type: 'kuvarPayTrigger',
						name: 'KuvarPay Trigger',
						parameters: { watch: 'checkoutSession', sessionIds: ids.join() },
					},
					credentials: { kuvarPayApi: { ...simulator.credential } },
					workflowId: randomUUID(),
				},
				PATIENCE,
			);
			await simulator.waitFor(({ streams }) => streams.open === count, PATIENCE);
			simulator.faults.add({ kind: 'cutMidEvent', probability: 0.2 });

			// Each session goes at its own pace, whether anybody is connected or not.
			const steps = ids.flatMap((id, n) =>
				STATUSES.map((status, step) => ({ id, status, at: step * 300 + n })),
			);
			steps.sort((a, b) => a.at - b.at);
			const isDone = (id: string) => simulator.state.sessions.get(id)?.status === 'COMPLETED';
			const between = Math.ceil(steps.length / (RESTARTS + 1));
			for (const [index, { id, status }] of steps.entries()) {
				simulator.setSessionStatus(id, status);
				if (index % 50 === 0) await new Promise(setImmediate);
				// It strikes those who are back as well as those who are not.
				if (index % between === between - 1) {
					const open = ids.filter((each) => !isDone(each)).length;
					await simulator.waitFor(({ streams }) => streams.open >= open / 4, PATIENCE);
					await simulator.restart(20);
				}
			}
			simulator.faults.clear();
			await trigger.until(endsTold(trigger, count), PATIENCE, 'not every final status was told');
			await simulator.waitFor(({ streams }) => streams.open === 0, PATIENCE);
			await trigger.close();
			expect(host.uncaught).toEqual([]);
			expect(trigger.errors).toEqual([]);
			expect(trigger.failedExecutions).toEqual([]);
			return { ids, told: toldBySession(trigger), cuts: simulator.streams.opened - count };
		} finally {
			await host.stop();
			await simulator.close();
		}
	};

	it(
		'with replay: tells every status change exactly once and in order',
		async () => {
			const { ids, told, cuts } = await storm(true);
			expect(cuts).toBeGreaterThan(1.5 * count);
			for (const id of ids) expect(told.get(id)).toEqual(STATUSES);
		},
		5 * PATIENCE,
	);

	it(
		'without replay: tells every final status once, and nothing twice or after a later one',
		async () => {
			const { ids, told } = await storm(false);
			for (const id of ids) {
				const steps = (told.get(id) ?? []).map((status) => STATUSES.indexOf(status));
				expect(steps.at(-1)).toBe(STATUSES.length - 1);
				expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
			}
		},
		5 * PATIENCE,
	);
});

const itemOf = ({ items }: Emission) => items[0].json as { id: string; status: string };

/** Whether the final status of so many sessions was told. Looks at each emission once. */
function endsTold({ emissions }: Trigger, count: number): () => boolean {
	const ended = new Set<string>();
	let looked = 0;
	return () => {
		for (; looked < emissions.length; looked++) {
			const { id, status } = itemOf(emissions[looked]);
			if (status === 'COMPLETED') ended.add(id);
		}
		return ended.size === count;
	};
}

function toldBySession({ emissions }: Trigger): Map<string, string[]> {
	const told = new Map<string, string[]>();
	for (const { id, status } of emissions.map(itemOf))
		told.set(id, [...(told.get(id) ?? []), status]);
	return told;
}

import { operations } from '../../scripts/contract';
import { Bench, ENGINES } from '../support/engine';
import type { Cases, Parameters } from './operations/case';
import { checkouts } from './operations/checkouts';
import { payments } from './operations/payments';
import { plans } from './operations/plans';
import { misfits } from './operations/sample';
import { subscriptions } from './operations/subscriptions';

const cases: Cases = { ...payments, ...plans, ...checkouts, ...subscriptions };
const table = Object.entries(cases);

it('has a case for every operation of the contract', () => {
	expect(Object.keys(cases).sort()).toEqual(
		operations()
			.map(({ id }) => id)
			.sort(),
	);
});

describe.each(ENGINES)('on the %s engine', (engine) => {
	let bench: Bench;
	beforeAll(async () => (bench = await Bench.start(engine, { heartbeat: 0 })));
	afterAll(async () => await bench.stop());
	beforeEach(() => bench.reset());

	/** Runs it, and lets happen what it waits for. */
	async function output(id: string, parameters: Parameters) {
		const { simulator } = bench;
		const { meanwhile } = cases[id];
		const opened = simulator.streams.opened;
		const [items] = await Promise.all([
			bench.output(id, parameters),
			meanwhile &&
				simulator
					.waitFor(({ streams }) => streams.opened > opened)
					.then(() => meanwhile(simulator, parameters)),
		]);
		return items;
	}

	it.each(table)('%s does what it says', async (id, { given, gives }) => {
		const { simulator } = bench;
		const parameters = given(simulator);
		const items = await output(id, parameters);
		expect(items.every(({ pairedItem }) => (pairedItem as { item: number }).item === 0)).toBe(true);
		const rows = items.map(({ json }) => json);
		gives({ output: rows, first: rows[0], simulator, parameters });
		expect(rows.flatMap((row) => misfits(id, row))).toEqual([]);
		expect(simulator.contractViolations).toEqual([]);
	});

	// The oldest engine differs from the newest in none of what is below: a sample is enough.
	const sample = engine === 'newest' ? table : table.filter((_case, index) => index % 6 === 0);

	it.each(sample)(
		'%s tells what KuvarPay refuses, and the item',
		async (id, { given, refused }) => {
			const { simulator } = bench;
			const [status, says, changes] = refused;
			const { error, items } = await bench.run(
				id,
				{ ...given(simulator), ...changes },
				changes
					? {}
					: { credentials: { kuvarPayApi: { ...simulator.credential, apiKey: 'wrong-key-1' } } },
			);
			expect(items).toEqual([]);
			expect(error).toMatchObject({ name: 'NodeApiError', httpCode: String(status), itemIndex: 0 });
			expect(error?.message).toMatch(new RegExp(`^KuvarPay answered ${status}: .*\\[item 0\\]$`));
			expect(error?.message).toContain(says);
			expect(error?.description).toBeTruthy();
			expect(simulator.requests).toHaveLength(1);
		},
	);

	it.each(sample)('%s refuses what is typed wrong, unsent', async (id, { given, bad }) => {
		const [says, changes] = bad;
		const { error } = await bench.run(
			id,
			{ ...given(bench.simulator), ...changes },
			{ items: [{ json: {} }] },
		);
		expect(error).toMatchObject({ name: 'NodeOperationError', itemIndex: 0 });
		expect(error?.message).toContain(says);
		expect(error?.message).toContain('[item 0]');
		expect(bench.simulator.requests).toEqual([]);
	});
});

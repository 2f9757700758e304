import fc, { runs } from '../support/fc';
import { idempotencyKey } from '../../nodes/KuvarPay/api/idempotency';
import { InputError } from '../../nodes/KuvarPay/api/errors';
import { runItems } from '../../nodes/KuvarPay/operation/items';
import { Pace } from '../../nodes/KuvarPay/api/pace';
import { pause } from '../../nodes/KuvarPay/api/timers';
import { contextOf } from '../support/context';

const inputOf = (count: number, more = {}) =>
	contextOf(
		{},
		{ getInputData: () => Array.from({ length: count }, () => ({ json: {} })), ...more },
	);

describe('items', () => {
	it('come out in the order in which they came in, each with its own', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ rows: fc.nat({ max: 3 }), wait: fc.nat({ max: 3 }) }), {
					maxLength: 20,
				}),
				fc.integer({ min: 1, max: 8 }),
				async (plan, concurrency) => {
					const out = await runItems(
						inputOf(plan.length),
						new Pace(concurrency),
						(item) => item,
						async (item) => {
							await pause(plan[item].wait);
							return Array.from({ length: plan[item].rows }, (_, row) => ({ item, row }));
						},
					);
					const expected = plan.flatMap(({ rows }, item) =>
						Array.from({ length: rows }, (_, row) => ({
							json: { item, row },
							pairedItem: { item },
						})),
					);
					expect(out).toEqual(expected);
				},
			),
			runs(30),
		);
	});

	it('are not begun after the first failure, and what was done is told', async () => {
		const begun: number[] = [];
		const run = runItems(
			inputOf(20),
			new Pace(2),
			(item) => item,
			async (item) => {
				begun.push(item);
				await pause(2);
				if (item === 4) throw new Error('no more');
				return [];
			},
		);
		await expect(run).rejects.toMatchObject({
			message: 'no more [item 4]',
			description: expect.stringMatching(/^[45] of 20 items were done and stay done\.$/),
			context: { itemIndex: 4 },
		});
		expect(Math.max(...begun)).toBeLessThan(7);
	});

	it('are all looked at before the first is sent', async () => {
		const sent: number[] = [];
		const prepare = (item: number) => {
			if (item === 2) throw new InputError('Amount is empty', 'Enter it.');
			return item;
		};
		const perform = async (item: number) => {
			sent.push(item);
			return [{ item }];
		};
		await expect(runItems(inputOf(3), new Pace(5), prepare, perform)).rejects.toMatchObject({
			message: 'Amount is empty [item 2]',
			description: 'Enter it. No other item was done.',
		});
		expect(sent).toEqual([]);

		const out = await runItems(
			inputOf(4, { continueOnFail: () => true }),
			new Pace(5),
			prepare,
			perform,
		);
		expect(out.map(({ json }) => json.item ?? json.error)).toEqual([
			...[0, 1, 'Amount is empty [item 2]. Enter it.', 3],
		]);
	});

	it('stop when the run is stopped', async () => {
		const stop = new AbortController();
		const run = runItems(
			inputOf(9),
			new Pace(1, stop.signal),
			(item) => item,
			async (item) => {
				if (item === 2) stop.abort();
				return [];
			},
		);
		await expect(run).rejects.toMatchObject({
			message: 'The execution was stopped',
			description: '3 of 9 items were done and stay done.',
		});
	});
});

describe('the idempotency key', () => {
	const ids = fc.record({
		instance: fc.constantFrom('i1', 'i2'),
		workflow: fc.constantFrom('w1', 'w2'),
		execution: fc.constantFrom('1', '2', '12'),
		node: fc.constantFrom('n1', 'n2'),
		run: fc.constantFrom<number>(0, 1, 11),
		item: fc.constantFrom<number>(0, 1, 11),
	});
	type Ids = typeof ids extends fc.Arbitrary<infer T> ? T : never;
	const keyOf = (
		{ instance, workflow, execution, node, run, item }: Ids,
		content = {},
		tool = false,
	) =>
		idempotencyKey(
			contextOf(
				{},
				{
					getInstanceId: () => instance,
					getWorkflow: () => ({ id: workflow }),
					getExecutionId: () => execution,
					getNode: () => ({ id: node }),
					getWorkflowDataProxy: () => ({ $runIndex: run }),
					isToolExecution: () => tool,
				},
			),
			item,
			content,
		);

	it('is the same for the same item of the same run, and for no other', () => {
		fc.assert(
			fc.property(ids, ids, (one, other) => {
				const same = JSON.stringify(one) === JSON.stringify(other);
				expect(keyOf(one) === keyOf(other)).toBe(same);
				expect(keyOf(one)).toMatch(/^n8n-[0-9a-f]{40}$/);
			}),
			runs(500),
		);
	});

	it('does not depend on the content, except in the hands of an AI agent', () => {
		fc.assert(
			fc.property(ids, fc.jsonValue(), fc.jsonValue(), (one, a, b) => {
				expect(keyOf(one, { a })).toBe(keyOf(one, { a: b }));
				const same = JSON.stringify(a) === JSON.stringify(b);
				expect(keyOf(one, { a }, true) === keyOf(one, { a: b }, true)).toBe(same);
				expect(keyOf({ ...one, run: 5 }, { a }, true)).toBe(keyOf(one, { a }, true));
			}),
		);
	});
});

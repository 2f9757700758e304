import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InputError } from '../api/errors';
import { toNodeError } from '../api/nodeError';
import type { Pace } from '../api/pace';
import type { Client } from '../api/request';

/**
 * Runs a node's items: first all are prepared, so that a typing mistake in the last one is told
 * before the first request; then they are sent, as many at once as the pace allows. Output keeps the
 * input order.
 *
 * The first failure stops new work and waits for what is in flight; the error tells how much was
 * done. With Continue On Fail each item gets its own error item.
 */
export async function runItems<Prepared>(
	context: IExecuteFunctions,
	pace: Pace,
	prepare: (item: number) => Prepared,
	perform: (prepared: Prepared, pace: Pace) => Promise<IDataObject[]>,
): Promise<INodeExecutionData[]> {
	const total = context.getInputData().length;
	const keepGoing = context.continueOnFail();
	const results: INodeExecutionData[][] = [];
	let done = 0;
	let failure: { error: unknown; item: number } | undefined;

	const fail = (error: unknown, item: number) => {
		if (keepGoing) results[item] = [errorItem(toNodeError(context.getNode(), error, item), item)];
		else {
			failure ??= { error, item };
			pace.beginNoMore();
		}
	};

	const prepared: Array<{ item: number; value: Prepared }> = [];
	for (let item = 0; item < total && !failure; item++) {
		try {
			prepared.push({ item, value: prepare(item) });
		} catch (error) {
			fail(error, item);
		}
	}

	if (!failure)
		await Promise.all(
			prepared.map(async ({ item, value }) => {
				await pace.run(async (own) => {
					try {
						const rows = await perform(value, own);
						results[item] = rows.map((json) => ({ json, pairedItem: { item } }));
						done += 1;
					} catch (error) {
						fail(error, item);
					}
				});
			}),
		);

	const told = progress(done, total);
	if (pace.signal?.aborted)
		throw toNodeError(context.getNode(), new InputError('The execution was stopped', told));
	if (failure) throw toNodeError(context.getNode(), failure.error, failure.item, told);
	return results.flat();
}

/** Says that a limit of KuvarPay cut the pace of a run, where it did. */
export function tellOfLimit({ pace, log, hint }: Client): void {
	if (pace.refused === 0) return;
	const refusals = pace.refused === 1 ? 'a request' : `${pace.refused} requests`;
	const message = `KuvarPay refused ${refusals} of this step as too many (429). They were sent again later, and the step went slower.`;
	log(message);
	hint(`${message} To be refused less often, set Concurrency under Options to a smaller number.`);
}

function progress(done: number, total: number): string {
	if (total === 1) return '';
	if (done === 0) return 'No other item was done.';
	return `${done} of ${total} items were done and stay done.`;
}

function errorItem(
	error: Error & { description?: string | null },
	item: number,
): INodeExecutionData {
	const text = [error.message, error.description].filter(Boolean).join('. ');
	return { json: { error: text }, pairedItem: { item } };
}

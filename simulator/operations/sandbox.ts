import { ApiError, found, success, type Handlers } from '../answers';
import type { Core } from '../core';
import { TRANSACTION_STATUSES, type Json } from '../state';
import { setTransactionStatus } from '../transitions';

/** Scenarios beyond the statuses themselves, each a row of statuses. The real names are not known. */
const SCENARIOS: Readonly<Record<string, readonly string[]>> = {
	SUCCESS: ['PROCESSING', 'COMPLETED'],
	UNDERPAYMENT: ['PARTIAL_PAYMENT'],
	OVERPAYMENT: ['EXCESS_PAYMENT'],
	TIMEOUT: ['EXPIRED'],
	REFUND: ['PROCESSING', 'REFUNDED'],
};

/** Makes a transaction behave as a test needs it. */
export const sandbox: Handlers = {
	'sandbox.forceStatus': ({ body }, core) => {
		// The list of statuses is no more than what was seen: any other is taken too.
		return play(core, String(body.transactionId), [String(body.status).toUpperCase()]);
	},

	'sandbox.forceScenario': ({ body }, core) => {
		const name = String(body.scenario).toUpperCase();
		const steps = SCENARIOS[name] ?? (TRANSACTION_STATUSES.includes(name) ? [name] : undefined);
		if (!steps) {
			const known = [...Object.keys(SCENARIOS), ...TRANSACTION_STATUSES].join(', ');
			throw new ApiError(422, `Unknown scenario. Known: ${known}`);
		}
		return play(core, String(body.transactionId), steps);
	},
};

function play(core: Core, id: string, steps: readonly string[]): Json {
	const transaction = found(core.state.transactions, id, 'Transaction');
	for (const status of steps) setTransactionStatus(core, id, status);
	return success(transaction, { message: 'Transaction updated' });
}

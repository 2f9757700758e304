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
		const status = String(body.status).toUpperCase();
		if (!TRANSACTION_STATUSES.includes(status)) throw unknown('status', TRANSACTION_STATUSES);
		return play(core, String(body.transactionId), [status]);
	},

	'sandbox.forceScenario': ({ body }, core) => {
		const name = String(body.scenario).toUpperCase();
		const steps = SCENARIOS[name] ?? (TRANSACTION_STATUSES.includes(name) ? [name] : undefined);
		if (!steps) throw unknown('scenario', [...Object.keys(SCENARIOS), ...TRANSACTION_STATUSES]);
		return play(core, String(body.transactionId), steps);
	},
};

function play(core: Core, id: string, steps: readonly string[]): Json {
	const transaction = found(core.state.transactions, id, 'Transaction');
	for (const status of steps) setTransactionStatus(core, id, status);
	return success(transaction, { message: 'Transaction updated' });
}

function unknown(what: string, known: readonly string[]): ApiError {
	return new ApiError(422, `Unknown ${what}. Known: ${known.join(', ')}`);
}

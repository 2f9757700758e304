import type { Handlers } from '../answers';
import { checkoutSession } from './checkoutSession';
import { invoice } from './invoice';
import { transaction } from './transaction';

/** All operations, by operationId of the contract. */
export const handlers: Handlers = {
	...transaction,
	...checkoutSession,
	...invoice,
};

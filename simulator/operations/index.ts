import type { Handlers } from '../answers';
import { checkoutSession } from './checkoutSession';
import { currency } from './currency';
import { invoice } from './invoice';
import { paymentLink } from './paymentLink';
import { plan, price } from './plan';
import { sandbox } from './sandbox';
import { subscription } from './subscription';
import { subscriptionAuthorization } from './subscriptionAuthorization';
import { subscriptionCheckout } from './subscriptionCheckout';
import { subscriptionInvoice } from './subscriptionInvoice';
import { transaction } from './transaction';
import { transferFee } from './transferFee';

/** All operations, by operationId of the contract. */
export const handlers: Handlers = {
	...transaction,
	...checkoutSession,
	...transferFee,
	...sandbox,
	...invoice,
	...paymentLink,
	...plan,
	...price,
	...subscriptionCheckout,
	...subscription,
	...subscriptionInvoice,
	...subscriptionAuthorization,
	...currency,
};

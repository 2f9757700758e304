import type { EndpointId } from '../api/endpoints';
import type { FindOperation, Resource } from '../operation/types';
import { api } from './api';
import { checkoutSession } from './checkoutSession';
import { currency } from './currency';
import { invoice } from './invoice';
import { paymentLink } from './paymentLink';
import { plan } from './plan';
import { price } from './price';
import { sandbox } from './sandbox';
import { subscription } from './subscription';
import { subscriptionAuthorization } from './subscriptionAuthorization';
import { subscriptionCheckout } from './subscriptionCheckout';
import { subscriptionInvoice } from './subscriptionInvoice';
import { transaction } from './transaction';
import { transferFee } from './transferFee';

/** All that the node offers, in the order of the editor's menu, which is that of the names. */
export const resources: Resource[] = [
	checkoutSession,
	currency,
	invoice,
	api,
	paymentLink,
	plan,
	price,
	sandbox,
	subscription,
	subscriptionAuthorization,
	subscriptionCheckout,
	subscriptionInvoice,
	transaction,
	transferFee,
];

const table = new Map(
	resources.flatMap((resource) =>
		resource.operations.map((operation) => [
			`${resource.value}.${operation.value}`,
			{ id: operation.asks ?? (`${resource.value}.${operation.value}` as EndpointId), operation },
		]),
	),
);

/** The operation that the node is set to. */
export const findOperation: FindOperation = (resource, operation) =>
	table.get(`${resource}.${operation}`);

import {
	inBody,
	metadataRows,
	priceId,
	reason,
	required,
	subscriptionId,
	priceNames,
} from '../operation/fields';
import { named, subscriptionStatuses } from '../payments/statuses';
import type { Field, Resource } from '../operation/types';

const customerId: Field = {
	displayName: 'Customer ID',
	name: 'customerId',
	type: 'string',
	default: '',
	placeholder: 'e.g. cust_7e21b0',
	description: 'ID of the customer, as Create Subscription Checkout returned it',
};

const cancelAtPeriodEnd: Field = {
	displayName: 'Cancel at Period End',
	name: 'cancelAtPeriodEnd',
	type: 'boolean',
	default: true,
	description: 'Whether the subscription runs on until the end of the period that is paid for',
	send: { as: 'cancel_at_period_end' },
};

/** KuvarPay's name for the price that a subscription moves to is not documented. */
const newPrice = inBody(priceId, 'priceId', {
	names: ['newPriceId', ...priceNames.names!, 'newPriceUid'],
});

export const subscription: Resource = {
	value: 'subscription',
	name: 'Subscription',
	operations: [
		{
			value: 'cancel',
			name: 'Cancel',
			action: 'Cancel subscription',
			description:
				'Destructive: ends the subscription. Cancel at Period End chooses when; without it KuvarPay decides.',
			fields: [subscriptionId],
			optional: [cancelAtPeriodEnd, reason],
		},
		{
			value: 'confirmCancellation',
			name: 'Confirm Cancellation',
			action: 'Confirm subscription cancellation',
			description:
				'Destructive: completes the cancellation of a subscription, after its authorization was revoked on the blockchain',
			fields: [subscriptionId],
			optional: [
				reason,
				{
					displayName: 'Transaction Hash',
					name: 'txHash',
					type: 'string',
					default: '',
					placeholder: 'e.g. 0x5c504ed432cb51138bcf09aa…',
					description: 'Hash of the blockchain transaction that revoked the authorization',
				},
			],
		},
		{
			value: 'create',
			name: 'Create',
			action: 'Create subscription',
			description: 'Subscribe a customer whom KuvarPay knows to a price',
			fields: [
				{
					...required(customerId),
					send: { as: 'customer_id', spellings: { names: ['customerId', 'customerUid'] } },
				},
				inBody(priceId, 'price_id', { names: ['priceId', 'priceUid'] }),
			],
			optional: [
				metadataRows,
				{
					displayName: 'Payment Method ID',
					name: 'paymentMethodId',
					type: 'string',
					default: '',
					placeholder: 'e.g. pm_31ac77',
					description: 'ID of the payment method that is charged',
					send: { as: 'payment_method_id' },
				},
				{
					displayName: 'Trial End',
					name: 'trialEnd',
					type: 'dateTime',
					default: '',
					description: 'Until when the customer pays nothing, in the time zone of the workflow',
					send: { as: 'trial_end' },
				},
			],
		},
		{
			value: 'downgrade',
			name: 'Downgrade',
			action: 'Downgrade subscription',
			description:
				'Destructive: moves the subscription to a lower price, so the customer gets less',
			fields: [subscriptionId, newPrice],
		},
		{
			value: 'get',
			name: 'Get',
			action: 'Get subscription',
			description: 'Read one subscription with its status, price and current period',
			fields: [subscriptionId],
		},
		{
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many subscriptions',
			description: 'List subscriptions',
			paged: true,
			optional: [
				{ ...customerId, description: 'Only subscriptions of this customer' },
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'ACTIVE',
					description: 'Only subscriptions with this status. Another one can be set by expression.',
					options: named(subscriptionStatuses),
				},
			],
		},
		{
			value: 'renew',
			name: 'Renew',
			action: 'Renew subscription',
			description:
				'Start a subscription anew. Send the customer to the approval_url that is returned, to approve it.',
			fields: [subscriptionId],
		},
		{
			value: 'update',
			name: 'Update',
			action: 'Update subscription',
			description: 'Change fields of a subscription; fields that are not given stay as they are',
			fields: [subscriptionId],
			optional: [
				cancelAtPeriodEnd,
				metadataRows,
				{
					displayName: 'Status',
					name: 'status',
					type: 'options',
					default: 'PAUSED',
					required: true,
					description: 'Status to put the subscription into. Another one can be set by expression.',
					options: named(subscriptionStatuses),
				},
			],
		},
		{
			value: 'upgrade',
			name: 'Upgrade',
			action: 'Upgrade subscription',
			description:
				'Move a subscription to a higher price. Send the customer to the approval_url, if one is returned.',
			fields: [subscriptionId, newPrice],
		},
	],
};

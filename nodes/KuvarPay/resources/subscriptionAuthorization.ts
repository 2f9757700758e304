import { InputError } from '../api/errors';
import { isPlainObject } from '../api/json';
import { required, subscriptionId } from '../operation/fields';
import type { Field, Resource } from '../operation/types';
import { jsonObject, type Convert } from '../operation/values';

const notEmpty: Convert = (value, label, settings) => {
	const object = jsonObject(value, label, settings);
	if (isPlainObject(object) && Object.keys(object).length > 0) return object;
	throw new InputError(
		`${label} is empty`,
		'Enter what the wallet signed, such as {"authId": "0x8f1d…", "signature": "0x1b2c…"}.',
	);
};

/**
 * The whole body of the request. What KuvarPay takes here is not documented, and a signature may be
 * over any of it, so it is sent as it is.
 */
const body = (placeholder: string, description: string, convert = jsonObject): Field => ({
	displayName: 'Body',
	name: 'body',
	type: 'json',
	default: '{}',
	placeholder,
	description,
	send: { as: '', convert },
});

export const subscriptionAuthorization: Resource = {
	value: 'subscriptionAuthorization',
	name: 'Subscription Authorization',
	operations: [
		{
			value: 'create',
			name: 'Create',
			action: 'Create authorization',
			description:
				"Hand in the authorization that the subscriber's wallet signed, so that KuvarPay can charge it",
			fields: [
				subscriptionId,
				required(
					body(
						'e.g. {"authId": "0x8f1d…", "walletAddress": "0x71C7…", "signature": "0x1b2c…"}',
						'The authorization as a JSON object: the authId that Confirm Subscription Checkout returned, the walletAddress, and the signature of the wallet',
						notEmpty,
					),
				),
			],
		},
		{
			value: 'getStatus',
			name: 'Get Status',
			action: 'Get authorization status',
			description: 'Tell whether KuvarPay can charge the wallet of a subscriber',
			fields: [subscriptionId],
		},
		{
			value: 'renew',
			name: 'Renew',
			action: 'Renew authorization',
			description: 'Ask the subscriber for a new authorization, such as when its limit is used up',
			fields: [subscriptionId],
			optional: [
				body(
					'e.g. {"limits": {"capAmount": "60000000", "maxPerCharge": "5000000"}}',
					'New limits and schedule as a JSON object, with the names that Confirm Subscription Checkout uses. Often none is needed.',
				),
			],
		},
		{
			value: 'revoke',
			name: 'Revoke',
			action: 'Revoke authorization',
			description:
				'Destructive: ends the permission to charge the wallet of a subscriber, so that nothing more can be charged',
			fields: [subscriptionId],
			optional: [
				body(
					'e.g. {"authId": "0x8f1d…", "reason": "Customer asked"}',
					'Which authorization ends and why, as a JSON object with authId, signature or reason. Often none is needed.',
				),
			],
		},
	],
};

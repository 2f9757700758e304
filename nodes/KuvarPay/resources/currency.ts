import { picker } from '../operation/fields';
import type { Resource } from '../operation/types';

export const currency: Resource = {
	value: 'currency',
	name: 'Currency',
	operations: [
		{
			value: 'getAll',
			name: 'Get Many',
			action: 'Get many currencies',
			description: 'List the crypto currencies that customers can pay with, one for each network',
			paged: true,
			optional: [
				picker('network', 'Network', 'getNetworks', 'Only currencies on this blockchain network'),
				picker('ticker', 'Ticker', 'getCryptoCurrencies', 'Only this currency, such as USDT'),
			],
		},
		{
			value: 'getNetworks',
			list: true,
			name: 'Get Networks',
			action: 'Get networks',
			description: 'List the blockchain networks that customers can pay on',
		},
		{
			value: 'getSubscriptionCurrencies',
			list: true,
			name: 'Get Subscription Currencies',
			action: 'Get subscription currencies',
			description:
				'List the stablecoins that subscriptions can be paid with. Confirm Subscription Checkout takes their ID as the token.',
		},
		{
			value: 'getSubscriptionNetworks',
			list: true,
			name: 'Get Subscription Networks',
			action: 'Get subscription networks',
			description: 'List the blockchain networks that subscriptions can be paid on',
		},
		{
			value: 'getSupported',
			list: true,
			name: 'Get Supported',
			action: 'Get supported local currencies',
			description: 'List the local currencies that you can be paid out in',
		},
	],
};

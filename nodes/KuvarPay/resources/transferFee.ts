import { currency, picker } from '../operation/fields';
import type { Resource } from '../operation/types';
import { amountNumber } from '../operation/values';

export const transferFee: Resource = {
	value: 'transferFee',
	name: 'Transfer Fee',
	operations: [
		{
			value: 'getOptimal',
			name: 'Get Optimal',
			action: 'Get optimal transfer fee',
			description: 'Tell the best fee for a transfer',
			// KuvarPay names the path only. Amount, currency and payment method would suit a payout in
			// local money, network and ticker a transfer of crypto.
			optional: [
				{
					displayName: 'Amount',
					name: 'amount',
					type: 'string',
					default: '',
					placeholder: 'e.g. 50000',
					description: 'How much is transferred, in the currency of the transfer',
					send: { convert: amountNumber },
				},
				currency,
				picker(
					'network',
					'Network',
					'getNetworks',
					'Blockchain network of a crypto transfer, such as TRON or BEP20',
				),
				{
					displayName: 'Payment Method',
					name: 'paymentMethod',
					type: 'options',
					default: 'BANK_TRANSFER',
					description: 'How the money is paid out. Another way can be set by expression.',
					options: [
						{ name: 'Bank Transfer', value: 'BANK_TRANSFER' },
						{ name: 'Crypto Wallet', value: 'CRYPTO_WALLET' },
						{ name: 'Mobile Money', value: 'MOBILE_MONEY' },
					],
				},
				picker(
					'ticker',
					'Ticker',
					'getCryptoCurrencies',
					'Crypto currency of a crypto transfer, such as USDT',
				),
			],
		},
	],
};

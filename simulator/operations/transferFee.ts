import Big from 'big.js';

import { success, text, type Handlers } from '../answers';

/** Fee of each way to pay out, in local money or in percent of the amount. */
const FEES = {
	BANK_TRANSFER: { fee: 50, feeType: 'FIXED' },
	MOBILE_MONEY: { fee: 1.5, feeType: 'PERCENTAGE' },
	CRYPTO_WALLET: { fee: 1, feeType: 'FIXED' },
} as const;

/** What a payout costs. */
export const transferFee: Handlers = {
	'transferFee.getOptimal': ({ query }) => {
		const amount = Number(text(query, 'amount') ?? 0);
		const asked = text(query, 'paymentMethod') ?? cheapest(amount);
		const paymentMethod = asked in FEES ? (asked as keyof typeof FEES) : 'BANK_TRANSFER';
		return success({
			currency: text(query, 'currency') ?? 'NGN',
			paymentMethod,
			...FEES[paymentMethod],
			...(amount > 0 ? { amount, totalFee: cost(paymentMethod, amount) } : {}),
		});
	},
};

function cheapest(amount: number): keyof typeof FEES {
	if (amount <= 0) return 'BANK_TRANSFER';
	return cost('MOBILE_MONEY', amount) < cost('BANK_TRANSFER', amount)
		? 'MOBILE_MONEY'
		: 'BANK_TRANSFER';
}

function cost(method: keyof typeof FEES, amount: number): number {
	const { fee, feeType } = FEES[method];
	return feeType === 'FIXED' ? fee : new Big(amount).times(fee).div(100).round(2).toNumber();
}

import Big from 'big.js';

/** Local money per US dollar. Fixed, so that every run gives the same amounts. */
const PER_DOLLAR: Readonly<Record<string, number>> = {
	NGN: 1600,
	KES: 129,
	GHS: 15,
	RWF: 1440,
	UGX: 3700,
	TZS: 2600,
	ZAR: 18,
	XAF: 600,
	XOF: 600,
	USD: 1,
	EUR: 0.92,
	GBP: 0.79,
};

const FEE_PERCENT = 1;

/** How much of a crypto token pays for an amount of local money. */
export interface Quote {
	toAmount: number;
	exchangeRate: number;
	fees: number;
	fromAmount: number;
	usdtAmount: number;
}

/** Local money per token. Tokens other than dollars are worth a made-up, fixed price. */
export function exchangeRate(token: string, currency: string): number {
	const dollars = /^(usd|dai|busd)/i.test(token) ? 1 : 600;
	return Number(new Big(PER_DOLLAR[currency.toUpperCase()] ?? 1000).times(dollars));
}

/** Works out a payment, fee included, rounded up to 6 decimals as tokens are. */
export function quote(token: string, currency: string, toAmount: number): Quote {
	const rate = exchangeRate(token, currency);
	const net = new Big(toAmount).div(rate);
	const fees = net.times(FEE_PERCENT).div(100).round(6, Big.roundUp);
	const fromAmount = net.plus(fees).round(6, Big.roundUp);
	const usdtAmount = new Big(toAmount).div(exchangeRate('USDT', currency)).round(6, Big.roundUp);
	return {
		toAmount,
		exchangeRate: rate,
		fees: fees.toNumber(),
		fromAmount: fromAmount.toNumber(),
		usdtAmount: usdtAmount.toNumber(),
	};
}

/** One row of an invoice. */
export interface InvoiceItem {
	description: string;
	quantity: number;
	unitPrice: number;
	currency?: string;
}

/** The sums at the foot of an invoice, in exact decimal arithmetic. */
export interface InvoiceTotals {
	subtotal: number;
	taxAmount: number;
	discountAmount: number;
	totalAmount: number;
	rows: number[];
}

/** Adds up an invoice: tax is taken on the subtotal, then the discount goes off. */
export function invoiceTotals(
	items: readonly InvoiceItem[],
	taxRate = 0,
	discountAmount = 0,
): InvoiceTotals {
	const rows = items.map((item) => new Big(item.quantity).times(item.unitPrice));
	const subtotal = rows.reduce((sum, row) => sum.plus(row), new Big(0));
	const taxAmount = subtotal.times(taxRate).div(100).round(2, Big.roundHalfUp);
	return {
		subtotal: subtotal.toNumber(),
		taxAmount: taxAmount.toNumber(),
		discountAmount,
		totalAmount: subtotal.plus(taxAmount).minus(discountAmount).toNumber(),
		rows: rows.map((row) => row.toNumber()),
	};
}

/** Smallest units of a token as an integer string, for example 29.99 with 6 decimals: `29990000`. */
export function tokenUnits(amount: string | number, decimals: number): string {
	return new Big(amount).times(new Big(10).pow(decimals)).round(0, Big.roundUp).toFixed(0);
}

/** A token on a network. */
export interface Token {
	id: string;
	ticker: string;
	network: string;
	name: string;
	decimals: number;
	address: string;
	chainId?: number;
	/** Can subscriptions be paid with it? Only stablecoins on chains with contracts can. */
	forSubscriptions: boolean;
}

const token = (
	ticker: string,
	network: string,
	name: string,
	decimals: number,
	address: string,
	chainId?: number,
): Token => ({
	id: `tok_${ticker}_${network}`.toLowerCase(),
	ticker,
	network,
	name,
	decimals,
	address,
	chainId,
	forSubscriptions: chainId !== undefined && ticker.startsWith('USD'),
});

/** What can be paid with. */
export const TOKENS: readonly Token[] = [
	token('USDT', 'TRON', 'Tether USD', 6, 'TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t'),
	token('USDT', 'BEP20', 'Tether USD', 18, '0x55d398326f99059fF775485246999027B3197955', 56),
	token('USDC', 'BEP20', 'USD Coin', 18, '0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d', 56),
	token('BNB', 'BEP20', 'BNB', 18, '0x0000000000000000000000000000000000000000', 56),
	token('USDT', 'POLYGON', 'Tether USD', 6, '0xc2132D05D31c914a87C6611C10748AEb04B58e8F', 137),
	token('USDC', 'POLYGON', 'USD Coin', 6, '0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', 137),
];

/** The chains that the tokens live on. */
export const NETWORKS: readonly { network: string; name: string; chainId?: number }[] = [
	{ network: 'TRON', name: 'Tron' },
	{ network: 'BEP20', name: 'BNB Smart Chain', chainId: 56 },
	{ network: 'POLYGON', name: 'Polygon', chainId: 137 },
];

/** Local money that can be settled in. */
export const LOCAL_CURRENCIES = [
	['NGN', 'Nigerian Naira', 'Nigeria', '₦'],
	['KES', 'Kenyan Shilling', 'Kenya', 'KSh'],
	['GHS', 'Ghanaian Cedi', 'Ghana', 'GH₵'],
	['RWF', 'Rwandan Franc', 'Rwanda', 'FRw'],
	['UGX', 'Ugandan Shilling', 'Uganda', 'USh'],
	['TZS', 'Tanzanian Shilling', 'Tanzania', 'TSh'],
	['ZAR', 'South African Rand', 'South Africa', 'R'],
].map(([code, name, country, symbol]) => ({
	id: `cur_${code.toLowerCase()}`,
	code,
	name,
	country,
	symbol,
}));

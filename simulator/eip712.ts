import type { Json } from './state';
import type { Token } from './tokens';

/** The contracts that would collect the money. Made up, like everything here. */
export const SPENDER = '0x1111111111111111111111111111111111111111';
export const COLLECTOR = '0x2222222222222222222222222222222222222222';

/** What the subscriber's wallet signs. */
export interface AuthorizationTerms {
	merchantId: string;
	authId: string;
	subscriber: string;
	amount: string;
	periodSeconds: number;
	deadline: number;
}

const field = (name: string, type: string) => ({ name, type });

/** The typed data of an authorization, in the shape of the documentation. */
export function typedData(token: Token, terms: AuthorizationTerms): Json {
	return {
		domain: {
			name: 'SubscriptionSpender',
			version: '1',
			chainId: token.chainId,
			verifyingContract: SPENDER,
		},
		types: {
			EIP712Domain: [
				field('name', 'string'),
				field('version', 'string'),
				field('chainId', 'uint256'),
				field('verifyingContract', 'address'),
			],
			SubscriptionAuth: [
				field('merchantId', 'bytes32'),
				field('authId', 'bytes32'),
				field('subscriber', 'address'),
				field('token', 'address'),
				field('amount', 'uint256'),
				field('period', 'uint256'),
				field('deadline', 'uint256'),
			],
		},
		primaryType: 'SubscriptionAuth',
		message: {
			merchantId: terms.merchantId,
			authId: terms.authId,
			subscriber: terms.subscriber,
			token: token.address,
			amount: terms.amount,
			period: String(terms.periodSeconds),
			deadline: String(terms.deadline),
		},
	};
}

/** The business id as the 32 bytes that contracts use. */
export function merchantId(businessId: string): string {
	return `0x${Buffer.from(businessId.replaceAll('-', ''), 'utf8').toString('hex').slice(-64).padStart(64, '0')}`;
}

import { Rows, text, type Handlers } from '../answers';
import { LOCAL_CURRENCIES, NETWORKS, TOKENS } from '../tokens';

const subscriptionTokens = TOKENS.filter(({ forSubscriptions }) => forSubscriptions);
const subscriptionNetworks = NETWORKS.filter(({ network }) =>
	subscriptionTokens.some((token) => token.network === network),
);

const whole = (entries: readonly unknown[]) => new Rows(entries, false);

/** What can be paid with, settled in, and on which chains. */
export const currency: Handlers = {
	'currency.getAll': ({ query }) => {
		const network = text(query, 'network');
		const ticker = text(query, 'ticker');
		return whole(
			TOKENS.filter(
				(token) =>
					(!network || token.network === network.toUpperCase()) &&
					(!ticker || token.ticker === ticker.toUpperCase()),
			),
		);
	},

	'currency.getSupported': () => whole(LOCAL_CURRENCIES),

	'currency.getSubscriptionCurrencies': () => whole(subscriptionTokens),

	'currency.getNetworks': () => whole(NETWORKS),

	'currency.getSubscriptionNetworks': () => whole(subscriptionNetworks),
};

import { ApiError, found, given, list, success, text, type Call, type Handlers } from '../answers';
import type { Core } from '../core';
import { merchantId, typedData } from '../eip712';
import { tokenUnits } from '../money';
import { hex } from '../random';
import type { Json, SubscriptionInvoice } from '../state';
import { attemptCharge, createInvoice, iso, settle } from '../subscriptions';
import { TOKENS } from '../tokens';
import { of, running } from './subscription';

const DAY = 24 * 60 * 60_000;
const BSC_USDT = TOKENS.find(({ id }) => id === 'tok_usdt_bep20')!;

/** Bills of subscriptions, and the attempts to collect them. */
export const subscriptionInvoice: Handlers = {
	'subscriptionInvoice.create': (call, core) => {
		const invoice = createInvoice(core, running(call, core), given(call.body));
		if (call.body.due_date !== undefined) invoice.next_payment_attempt = invoice.due_date;
		return success(invoice);
	},

	'subscriptionInvoice.createMetered': (call, core) => {
		const subscription = running(call, core);
		if (subscription.billingMode !== 'METERED') {
			throw new ApiError(409, 'The subscription is not metered');
		}
		const { charge_schedule: schedule, ...fields } = given(call.body);
		const invoice = createInvoice(core, subscription, fields);
		if (schedule === 'scheduled') {
			invoice.next_payment_attempt = invoice.due_date ?? iso(Date.now() + DAY);
		} else {
			attemptCharge(core, invoice);
			const { autoPay } = core.options;
			if (autoPay) core.timers.later(autoPay.afterMs, () => settle(core, invoice, 'SUCCEEDED'));
		}
		return { success: true, invoice, eip712: chargeData(core, invoice) };
	},

	'subscriptionInvoice.get': (call, core) => success(invoiceOf(call, core)),

	'subscriptionInvoice.getAll': (call, core) => {
		const status = text(call.query, 'status')?.toUpperCase();
		const invoices = core.state.invoicesOf.get(of(call, core).id) ?? [];
		return list(invoices, status ? (entry) => entry.status === status : undefined);
	},

	'subscriptionInvoice.getChargeAttempts': (call, core) =>
		list(invoiceOf(call, core).charge_attempts),
};

function invoiceOf(call: Call, core: Core): SubscriptionInvoice {
	const subscription = of(call, core);
	const invoice = found(core.state.subscriptionInvoices, call.params.invoiceId, 'Invoice');
	if (invoice.subscription_id !== subscription.id) throw new ApiError(404, 'Invoice not found');
	return invoice;
}

/** What is signed for a metered charge: the authorization's data for this amount. */
function chargeData(core: Core, invoice: SubscriptionInvoice): Json {
	const authorization = core.state.authorizations.get(invoice.subscription_id);
	const token = TOKENS.find(({ address }) => address === authorization?.tokenAddress) ?? BSC_USDT;
	return typedData(token, {
		merchantId: merchantId(core.businessId),
		authId: authorization?.authId ?? `0x${hex(64)}`,
		subscriber: String(authorization?.walletAddress ?? `0x${'0'.repeat(40)}`),
		amount: tokenUnits(invoice.amount, token.decimals),
		periodSeconds: 0,
		deadline: Math.floor(Date.now() / 1000) + 3600,
	});
}

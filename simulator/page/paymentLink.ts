import { html } from 'ghtml';

import { ApiError } from '../answers';
import { nextMoment } from '../clock';
import type { Core } from '../core';
import type { Json, PaymentLink } from '../state';
import type { FindPage } from './page';
import { headline, money, order, sheet } from './parts';
import { payFor } from './payments';

/** `/pay/{slug}`: the `paymentUrl` of a payment link. */
export const paymentLink: FindPage = (core, slug) => {
	const link = [...core.state.paymentLinks.values()].find((one) => one.slug === slug);
	if (!link) return undefined;
	const title = String(link.title);
	return {
		title,
		view: () => {
			const amount = link.amount === null ? 'You choose' : money(link.amount, link.currency);
			return sheet(String(link.status), order(title, amount, [link.description]), stepOf(link));
		},
		act(form) {
			return isOpen(link) ? pay(core, link, form) : pathOf(link);
		},
	};
};

const pathOf = ({ slug }: PaymentLink) => `/pay/${encodeURIComponent(slug)}`;

const isOpen = ({ isActive, expiresAt }: PaymentLink) =>
	isActive === true && !(Date.parse(String(expiresAt)) <= Date.now());

function pay(core: Core, link: PaymentLink, form: URLSearchParams): string {
	const amount = amountOf(link, form);
	const onPaid = () => {
		link.transactionCount = Number(link.transactionCount) + 1;
		link.updatedAt = nextMoment(link.updatedAt);
	};
	return payFor(
		core,
		{ path: pathOf(link), label: 'Pay once more', onPaid },
		{
			amount,
			currency: link.currency,
			description: link.title,
			customerName: form.get('name'),
			customerEmail: form.get('email'),
			redirectUrl: link.successUrl ?? null,
			metadata: { ...(link.metadata as Json), paymentLinkId: link.id },
		},
	);
}

function amountOf(link: PaymentLink, form: URLSearchParams): number {
	const { minAmount, maxAmount, currency } = link;
	const amount = Number(link.allowCustomAmount ? form.get('amount') : link.amount);
	if (!(amount > 0)) throw new ApiError(422, 'Say how much you would like to pay.');
	if (amount < Number(minAmount ?? 0)) {
		throw new ApiError(422, `The least to pay here is ${money(minAmount, currency)}.`);
	}
	if (amount > Number(maxAmount ?? Infinity)) {
		throw new ApiError(422, `The most to pay here is ${money(maxAmount, currency)}.`);
	}
	return amount;
}

function stepOf(link: PaymentLink): string {
	if (!isOpen(link)) {
		return headline('bad', 'Closed', 'This link does not take payments any more.');
	}
	const { allowCustomAmount, amount, minAmount, maxAmount, currency } = link;
	const amountField = html`<label>
		Amount in ${currency}
		<input
			name="amount"
			type="number"
			step="any"
			required
			value="${amount}"
			min="${minAmount ?? 0}"
			max="${maxAmount}"
		/>
	</label>`;
	return html`<h2 tabindex="-1">Who is paying?</h2>
		<form method="post">
			!${allowCustomAmount ? amountField : ''}
			<label>Name <input name="name" autocomplete="name" required /></label>
			<label>Email <input name="email" type="email" autocomplete="email" required /></label>
			<button>Continue</button>
		</form>`;
}

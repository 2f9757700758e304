import { html } from 'ghtml';

import { nextMoment } from '../clock';
import type { Core } from '../core';
import type { Invoice, Json } from '../state';
import type { FindPage } from './page';
import { headline, money, order, sheet } from './parts';
import { payFor } from './payments';

/** `/invoice/{id}`: the `paymentUrl` of an invoice. */
export const invoice: FindPage = (core, id) => {
	const entry = core.state.invoices.get(id);
	if (!entry) return undefined;
	return {
		title: titleOf(entry),
		view: () => sheet(entry.status, orderOf(entry), stepOf(entry)),
		act() {
			return isOpen(entry) ? pay(core, entry) : pathOf(entry);
		},
	};
};

const titleOf = ({ invoiceNumber }: Invoice) => `Invoice ${invoiceNumber}`;

const pathOf = ({ id }: Invoice) => `/invoice/${id}`;

const isOpen = ({ status, totalAmount }: Invoice) =>
	!['PAID', 'CANCELLED'].includes(status) && Number(totalAmount) > 0;

function pay(core: Core, entry: Invoice): string {
	const { id, invoiceNumber, totalAmount, currency, customerName, customerEmail, metadata } = entry;
	const onPaid = () => {
		entry.status = 'PAID';
		entry.updatedAt = nextMoment(entry.updatedAt);
	};
	const origin = { path: pathOf(entry), label: 'Back to the invoice', onPaid };
	return payFor(core, origin, {
		amount: totalAmount,
		currency,
		description: titleOf(entry),
		customerName,
		customerEmail,
		metadata: { ...(metadata as Json), invoiceId: id, invoiceNumber },
	});
}

function orderOf(entry: Invoice): string {
	const { currency, subtotal, taxAmount, discountAmount, totalAmount, dueDate, notes } = entry;
	const items = (entry.items as Json[]).map(({ quantity, description, totalPrice }) => [
		`${String(quantity)} × ${String(description)}`,
		totalPrice,
	]);
	if (taxAmount || discountAmount) items.push(['Subtotal', subtotal]);
	if (taxAmount) items.push(['Tax', taxAmount]);
	if (discountAmount) items.push(['Discount', -Number(discountAmount)]);
	const rows = items.map(
		([label, amount]) =>
			html`<dt>${label}</dt>
				<dd>${money(amount, currency)}</dd>`,
	);
	const lines = [
		entry.customerName,
		entry.customerEmail,
		dueDate && `Due ${String(dueDate).slice(0, 10)}`,
		notes,
	];
	return order(titleOf(entry), money(totalAmount, currency), lines, `<dl>${rows.join('')}</dl>`);
}

function stepOf(entry: Invoice): string {
	const { status, totalAmount, currency } = entry;
	if (status === 'PAID') return headline('good', 'Paid', 'This invoice is settled. Thank you!');
	if (!isOpen(entry)) return headline('warn', 'Nothing to pay', `This invoice is ${status}.`);
	return html`<h2 tabindex="-1">Pay in crypto</h2>
		<p>You choose the coin on the next page, and see the address to send it to.</p>
		<form method="post"><button>Pay ${money(totalAmount, currency)}</button></form>`;
}

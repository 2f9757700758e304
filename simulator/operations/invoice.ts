import { ApiError, found, success, type Handlers } from '../answers';
import { nextMoment } from '../clock';
import { invoiceTotals, type InvoiceItem } from '../money';
import { newId } from '../random';
import type { Invoice } from '../state';

/** Bills of the business host. */
export const invoice: Handlers = {
	'invoice.create': ({ body }, core) => {
		const items = body.items as InvoiceItem[];
		const totals = invoiceTotals(items, body.taxRate as number, body.discountAmount as number);
		if (!Number.isFinite(totals.totalAmount)) throw new ApiError(422, 'The total is too large');
		const now = nextMoment();
		const id = newId('inv');
		const currency = items[0]?.currency ?? 'NGN';
		const { taxRate: _taxRate, items: _items, ...given } = body;
		const { rows, ...sums } = totals;
		const own = {
			id,
			invoiceNumber: invoiceNumber(now, core.state.invoices.size + 1),
			status: 'PENDING',
			businessId: core.businessId,
			...sums,
			currency,
			paymentUrl: `${core.businessBaseUrl}/invoice/${id}`,
		};
		const created = {
			// Once for its place in the answer, and once more because nobody may choose these.
			...own,
			customerPhone: null,
			customerAddress: null,
			dueDate: null,
			notes: null,
			metadata: {},
			...given,
			...own,
			items: items.map((item, index) => ({
				id: newId('item', 12),
				...item,
				currency: item.currency ?? currency,
				totalPrice: rows[index],
			})),
			createdAt: now,
			updatedAt: now,
		} as unknown as Invoice;
		core.state.invoices.set(id, created);
		return success(created, { message: 'Invoice created successfully' });
	},

	'invoice.sendEmail': ({ params, body }, core) => {
		const entry = found(core.state.invoices, params.invoiceId, 'Invoice');
		if (entry.status === 'CANCELLED') throw new ApiError(409, 'The invoice was cancelled');
		const recipientEmail = body.recipientEmail ?? body.email ?? entry.customerEmail;
		const sentAt = nextMoment(entry.updatedAt);
		const email = { invoiceId: entry.id, recipientEmail, sentAt };
		core.state.invoiceEmails.push({ ...body, ...email });
		entry.status = 'SENT';
		entry.updatedAt = sentAt;
		return success(email, { message: 'Invoice email sent successfully' });
	},
};

function invoiceNumber(now: string, count: number): string {
	return `INV-${now.slice(0, 7).replace('-', '')}-${String(count).padStart(4, '0')}`;
}

import { ApiError, success, type Handlers } from '../answers';
import { nextMoment } from '../clock';
import { hex, newId } from '../random';
import type { PaymentLink } from '../state';

/** Pages with an address where anybody can pay. */
export const paymentLink: Handlers = {
	'paymentLink.create': ({ body }, core) => {
		const { minAmount, maxAmount } = body as { minAmount?: number; maxAmount?: number };
		if (minAmount !== undefined && maxAmount !== undefined && minAmount > maxAmount) {
			throw new ApiError(422, 'minAmount is above maxAmount');
		}
		const slug = (body.slug as string | undefined) || slugOf(String(body.title));
		if (core.state.slugs.has(slug)) throw new ApiError(409, `The slug ${slug} is taken`);
		const now = nextMoment();
		const link: PaymentLink = {
			description: null,
			expiresAt: null,
			...body,
			id: newId('pl'),
			businessId: core.businessId,
			slug,
			amount: body.amount === undefined ? null : String(body.amount),
			status: 'ACTIVE',
			paymentUrl: `${core.businessBaseUrl}/pay/${encodeURIComponent(slug)}`,
			isActive: true,
			transactionCount: 0,
			createdAt: now,
			updatedAt: now,
		};
		core.state.slugs.add(slug);
		core.state.paymentLinks.set(link.id, link);
		return success(link, { message: 'Payment link created successfully' });
	},
};

function slugOf(title: string): string {
	const words = title
		.toLowerCase()
		.replace(/[^a-z0-9]+/g, '-')
		.replace(/^-|-$/g, '');
	return `${words.slice(0, 40) || 'link'}-${hex(6)}`;
}

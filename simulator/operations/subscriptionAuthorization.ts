import { ApiError, found, success, type Handlers } from '../answers';
import { nextMoment } from '../clock';
import { hex } from '../random';
import type { Authorization } from '../state';
import { update } from '../subscriptions';
import { of, running } from './subscription';
import { opened } from './subscriptionCheckout';

/** The subscriber's permission to be charged. */
export const subscriptionAuthorization: Handlers = {
	'subscriptionAuthorization.create': (call, core) => {
		const { id } = running(call, core);
		const { authId, signature, walletAddress, subscriber } = call.body;
		const now = nextMoment();
		const known = core.state.authorizations.get(id);
		// The signature is taken as it is: this server has no chain to check it on.
		const authorization: Authorization = {
			createdAt: now,
			...known,
			subscriptionId: id,
			authId: String(authId ?? known?.authId ?? `0x${hex(64)}`),
			walletAddress: walletAddress ?? subscriber ?? known?.walletAddress ?? null,
			status: signature ? 'ACTIVE' : 'PENDING',
			txHash: signature ? `0x${hex(64)}` : null,
			updatedAt: nextMoment(known?.updatedAt),
		};
		core.state.authorizations.set(id, authorization);
		return success(authorization);
	},

	'subscriptionAuthorization.getStatus': (call, core) =>
		success(found(core.state.authorizations, of(call, core).id, 'Authorization')),

	'subscriptionAuthorization.renew': (call, core) => {
		const { id, customerId } = running(call, core);
		return success(opened(core, { subscriptionId: id, customerId, purpose: 'authorize' }));
	},

	'subscriptionAuthorization.revoke': (call, core) => {
		const entry = found(core.state.authorizations, of(call, core).id, 'Authorization');
		if (entry.status === 'REVOKED') throw new ApiError(409, 'The authorization is already revoked');
		const sent = { status: 'REVOKED', txHash: `0x${hex(64)}`, reason: call.body.reason };
		return success(update(entry, sent, ['status', 'txHash', 'reason']));
	},
};

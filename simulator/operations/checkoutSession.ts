import { found, given, StreamStart, success, type Handlers } from '../answers';
import type { Core } from '../core';
import type { CheckoutSession } from '../state';
import { createSession } from '../transitions';

/** What a buyer is asked to pay. */
export const checkoutSession: Handlers = {
	'checkoutSession.create': ({ body }, core) => {
		const { sessionId: _mine, ...fields } = given(body);
		const session = createSession(core, fields);
		return success(withToken(core, 'create', session));
	},

	'checkoutSession.get': ({ params }, core) =>
		success(
			withToken(core, 'get', found(core.state.sessions, params.sessionId, 'Checkout session')),
		),

	'checkoutSession.waitForUpdate': ({ params }, core) => {
		const session = found(core.state.sessions, params.sessionId, 'Checkout session');
		return new StreamStart('session', session.sessionId, session);
	},
};

/** The session, with its token where this KuvarPay tells it. */
function withToken(
	{ dialect, state }: Core,
	where: 'create' | 'get',
	session: CheckoutSession,
): CheckoutSession {
	const { token } = dialect.streams;
	if (token !== where && token !== 'both') return session;
	return { ...session, authToken: state.authTokens.get(session.sessionId) };
}

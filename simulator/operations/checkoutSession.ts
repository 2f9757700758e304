import { found, given, StreamStart, success, type Handlers } from '../answers';
import { createSession } from '../transitions';

/** What a buyer is asked to pay. */
export const checkoutSession: Handlers = {
	'checkoutSession.create': ({ body }, core) => {
		const { sessionId: _mine, ...fields } = given(body);
		const session = createSession(core, fields);
		const authToken = core.state.authTokens.get(session.sessionId);
		return success({ ...session, authToken });
	},

	'checkoutSession.get': ({ params }, core) =>
		success(found(core.state.sessions, params.sessionId, 'Checkout session')),

	'checkoutSession.waitForUpdate': ({ params }, core) => {
		const session = found(core.state.sessions, params.sessionId, 'Checkout session');
		return new StreamStart('session', session.sessionId, session);
	},
};

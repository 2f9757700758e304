import type { IDataObject } from 'n8n-workflow';
import type { EndpointId } from '../api/endpoints';

/** What can be watched. */
export type Watched = 'checkoutSession' | 'transaction';

export interface Source {
	resource: Watched;
	/** For messages: "checkout session". */
	noun: string;
	/** The Server-Sent Events stream of one object. */
	stream: EndpointId;
	/** The same object by REST: what a stream missed is read here. */
	rest: EndpointId;
	/** Name of the ID in the paths of both. */
	idName: string;
	idOf(object: IDataObject): string | undefined;
}

export const sources: Record<Watched, Source> = {
	checkoutSession: {
		resource: 'checkoutSession',
		noun: 'checkout session',
		stream: 'checkoutSession.waitForUpdate',
		rest: 'checkoutSession.get',
		idName: 'sessionId',
		idOf: (object) => (object.sessionId ?? object.id) as string | undefined,
	},
	transaction: {
		resource: 'transaction',
		noun: 'transaction',
		stream: 'transaction.waitForUpdate',
		rest: 'transaction.get',
		idName: 'transactionId',
		idOf: (object) => object.id as string | undefined,
	},
};

/**
 * Names of the events that carry an update: `session_update` is documented, `transaction_update` is
 * its inferred sibling, `message` is the name of an event without one (HTML standard, section 9.2.6).
 */
export const UPDATE_EVENTS = ['session_update', 'transaction_update', 'message'];

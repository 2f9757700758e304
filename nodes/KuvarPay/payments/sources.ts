import type { EndpointId } from '../api/endpoints';
import { targetOf, type Target } from '../api/routes';
import { sessionSummary, subscriptionSummary, transactionSummary } from './summaries';

/** What can be watched. */
export type Watched = 'checkoutSession' | 'transaction' | 'subscription';

/** Where an object is to be learned of. */
export type Place = 'stream' | 'rest' | 'list';

/** Where one kind of object is to be learned of, and how it is recognised. */
export interface Source {
	resource: Watched;
	/** For messages: "checkout session". */
	noun: string;
	/** The Server-Sent Events stream of one object; absent where there is none. */
	stream?: EndpointId;
	/** One object by REST. */
	rest: EndpointId;
	/** All of them. */
	list?: EndpointId;
	/** The user's own paths in the place of these three. */
	paths?: Partial<Record<Place, string>>;
	/** Name of the ID in the paths. */
	idName: string;
	/** Names under which objects of the kind have their own ID, the likeliest first. */
	ids: readonly string[];
	/** What the objects are called where they stand in another one. */
	names: readonly string[];
	/** The streams' own event: what REST tells carries its name, so that a workflow misses nothing. */
	event: string;
	/** What Simplify keeps. */
	summary: readonly string[];
}

const IDS = ['id', 'uid', 'uuid', '_id'];

export const sources: Record<Watched, Source> = {
	checkoutSession: {
		resource: 'checkoutSession',
		noun: 'checkout session',
		stream: 'checkoutSession.waitForUpdate',
		rest: 'checkoutSession.get',
		idName: 'sessionId',
		ids: [
			'sessionId',
			'session_id',
			'checkoutSessionId',
			'checkout_session_id',
			'sessionUid',
			...IDS,
		],
		names: ['session', 'checkoutSession', 'checkout_session'],
		event: 'session_update',
		summary: sessionSummary,
	},
	transaction: {
		resource: 'transaction',
		noun: 'transaction',
		stream: 'transaction.waitForUpdate',
		rest: 'transaction.get',
		list: 'transaction.getAll',
		idName: 'transactionId',
		ids: ['transactionId', 'transaction_id', 'transactionUid', ...IDS],
		names: ['transaction', 'payment'],
		event: 'transaction_update',
		summary: transactionSummary,
	},
	subscription: {
		resource: 'subscription',
		noun: 'subscription',
		rest: 'subscription.get',
		list: 'subscription.getAll',
		idName: 'subscriptionId',
		ids: ['subscriptionId', 'subscription_id', 'subscriptionUid', ...IDS],
		names: ['subscription'],
		event: 'subscription_update',
		summary: subscriptionSummary,
	},
};

/**
 * What is asked for a stream, an object or the list of a source.
 * @throws InputError when the ID cannot be sent
 */
export const targetAt = (source: Source, place: Place, id?: string): Target =>
	targetOf(
		source[place]!,
		id === undefined ? {} : { [source.idName]: id },
		{},
		source.paths?.[place],
	);

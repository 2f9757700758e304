/**
 * The questions that no document settles, and the plausible answers to each: the matrix is made of them.
 * The answer that the contract gives is the default and not listed.
 */
import type { Simulator } from '../../simulator';
import type { DialectOptions } from '../../simulator';
import { PATHS, firstOf } from './paths';
import { SPELLINGS, allSpelled } from './spellings';

/** An operation that a form is about. */
export interface Concern {
	/** `<resource>.<operation>` */
	operation: string;
	/** Beside what is required. */
	parameters?: Record<string, unknown>;
	/** Whether the server got what was meant, or what is wrong in words. */
	verify?: (simulator: Simulator) => string | undefined;
	/** The server refuses it, and its words must reach the user. */
	refusal?: RegExp;
}

/** One plausible answer to a question. */
export interface Form {
	name: string;
	dialect: DialectOptions;
	/** What must be so for the form to be noticed; gives way to what other forms say. */
	with?: DialectOptions;
	concerns?: Concern[];
	/** Its operations are all that it is about: triggers, lists and pickers need not be tried. */
	local?: boolean;
	/** Final statuses change again. */
	endsChange?: boolean;
}

export interface Question {
	name: string;
	forms: Form[];
	/** For sets of worlds in which several things differ: fewer, larger forms. Default: the same. */
	together?: Form[];
}

const form = (name: string, dialect: DialectOptions, more: Partial<Form> = {}): Form => ({
	name,
	dialect,
	...more,
});

/** Small pages, so that a list has several. */
const SHORT: DialectOptions = { lists: { cap: 20, size: 20 } };

/** Paths that are not where the contract has them, so that the answer for a missing one is met. */
const MOVED: DialectOptions = {
	paths: firstOf(['transaction.calculateAmount', 'invoice.sendEmail', 'currency.getSupported']),
};
const MOVED_CONCERNS = Object.keys(MOVED.paths!).map((operation) => ({ operation }));

const BUSINESS = ['invoice.create', 'invoice.sendEmail', 'paymentLink.create'];

const event = (name: string) => ({
	streams: { event: { session: name, transaction: name } },
});

/** A field under another name, so that a refusal has something to tell. */
const RENAMED: DialectOptions = {
	requests: { fields: { 'subscriptionCheckout.create': { priceId: 'priceUid' } } },
};

/** What a refusal says must reach the user, and be understood where it names a field. */
const REFUSED: Concern[] = [
	{
		operation: 'checkoutSession.get',
		parameters: { sessionId: 'cs_none' },
		refusal: /Checkout session not found/,
	},
];
const AS_PAGE: Concern[] = REFUSED.map((concern) => ({ ...concern, refusal: /404/ }));
const UNDERSTOOD: Concern[] = [...REFUSED, { operation: 'subscriptionCheckout.create' }];

/** Reads and writes of the family whose spelling is open. */
const SUBSCRIPTIONS: Concern[] = [
	'plan.create',
	'plan.get',
	'price.create',
	'price.getAll',
	'subscription.get',
	'subscription.getAll',
	'subscriptionCheckout.create',
	'subscriptionInvoice.get',
	'subscriptionInvoice.getAll',
].map((operation) => ({ operation }));

export const QUESTIONS: Question[] = [
	{
		name: 'how the key is sent',
		forms: [
			form('raw', { key: { forms: ['raw'] } }),
			form('Bearer', { key: { forms: ['bearer'] } }),
			form('x-api-key', { key: { forms: ['x-api-key'] } }),
			form('Bearer, else 403', { key: { forms: ['bearer'], refusal: 403 } }),
			form('x-api-key, else 403', { key: { forms: ['x-api-key'], refusal: 403 } }),
			form('Bearer, before the path', { key: { forms: ['bearer'], first: true } }),
		],
	},
	{
		name: 'business ID',
		forms: [form('required', { key: { businessId: 'required' } })],
	},
	{
		name: 'who may open a stream',
		forms: [
			form('the key only', { streams: { openedBy: ['key'] } }),
			form('the token, told on create', { streams: { openedBy: ['token'] } }),
			form('the token, told on get', { streams: { openedBy: ['token'], token: 'get' } }),
			form('the token, told on both', { streams: { openedBy: ['token'], token: 'both' } }),
			form('the token, else 403', {
				streams: { openedBy: ['token'], token: 'get', refusal: 403 },
			}),
			form('the token, else 404', {
				streams: { openedBy: ['token'], token: 'get', refusal: 404 },
			}),
			form('the token, never told', { streams: { openedBy: ['token'], token: 'never' } }),
			form('nobody, 401', { streams: { openedBy: [] } }),
			form('nobody, 403', { streams: { openedBy: [], refusal: 403 } }),
			form('nobody, 404', { streams: { openedBy: [], refusal: 404 } }),
		],
	},
	{
		name: 'name of events',
		forms: [
			form('none', event('')),
			form('message', event('message')),
			form('sessionUpdate', event('sessionUpdate')),
			form('payment.updated', event('payment.updated')),
			form('status', event('status')),
			form('update', event('update')),
		],
	},
	{
		name: 'first event',
		forms: [
			form('connected', { streams: { greeting: 'event' } }),
			form('unnamed connected', { streams: { greeting: 'message' } }),
			form('snapshot', { streams: { snapshot: true } }),
			form('connected, snapshot', { streams: { greeting: 'message', snapshot: true } }),
		],
	},
	{
		name: 'heartbeat',
		forms: [
			form('event', { streams: { heartbeat: 'event' } }),
			form('ping', { streams: { heartbeat: 'event', heartbeatEvent: 'ping' } }),
			form('event with JSON', { streams: { heartbeat: 'json' } }),
			form('unnamed with JSON', { streams: { heartbeat: 'json', heartbeatEvent: '' } }),
			form('none', { streams: { heartbeat: 'none' } }),
		],
	},
	{
		name: 'payload of events',
		forms: [
			form('flat', { streams: { payload: 'flat' } }),
			form('a hint', { streams: { payload: 'hint' } }),
			form('without IDs', { streams: { ids: false } }),
		],
	},
	{
		name: 'paths',
		forms: PATHS.map(({ operation, path }) =>
			form(path, { paths: { [operation]: path } }, { concerns: [{ operation }], local: true }),
		),
		together: [0, 1, 2].map((nth) => {
			const some = PATHS.filter(({ index }) => index === nth);
			return form(
				`alternative ${nth + 1}`,
				{
					paths: Object.fromEntries(some.map(({ operation, path }) => [operation, path])),
				},
				{ concerns: some.map(({ operation }) => ({ operation })) },
			);
		}),
	},
	{
		name: 'a missing path',
		forms: (
			[
				['405', { status: 405 }],
				['404 page', { body: 'html' }],
				['404 text', { body: 'text' }],
				['404 empty', { body: 'empty' }],
				['405 page', { status: 405, body: 'html' }],
				['405 empty', { status: 405, body: 'empty' }],
			] as const
		).map(([name, noRoute]) => form(name, { noRoute }, { with: MOVED, concerns: MOVED_CONCERNS })),
	},
	{
		name: 'host of invoices and links',
		forms: [
			form(
				'payments',
				{ businessHost: 'payments' },
				{
					concerns: BUSINESS.map((operation) => ({ operation })),
				},
			),
		],
	},
	{ name: 'spelling of requests', forms: SPELLINGS, together: allSpelled },
	{
		name: 'wording of a refused field',
		forms: (['joi', 'zod', 'zodStrict', 'classValidator', 'ajv'] as const).map((wording) =>
			form(
				wording,
				{ requests: { wording } },
				{
					with: RENAMED,
					concerns: [{ operation: 'subscriptionCheckout.create' }],
					local: true,
				},
			),
		),
	},
	{
		name: 'intervals',
		forms: (['month', 'MONTHLY'] as const).map((intervals) =>
			form(
				intervals,
				{ requests: { intervals } },
				{
					concerns: [{ operation: 'price.create' }],
					local: true,
				},
			),
		),
	},
	{
		name: 'case of subscriptions',
		forms: (['camel', 'snake'] as const).map((name) =>
			form(name, { answers: { case: name } }, { concerns: SUBSCRIPTIONS }),
		),
	},
	{
		name: 'name of IDs',
		forms: (['uid', 'uuid', '_id', 'named'] as const).map((id) =>
			form(id, { answers: { id } }, { concerns: SUBSCRIPTIONS }),
		),
	},
	{ name: 'statuses', forms: [form('small letters', { answers: { statuses: 'lower' } })] },
	{
		name: 'envelope of objects',
		forms: [form('none', { answers: { enveloped: false } }, { concerns: SUBSCRIPTIONS })],
	},
	{
		name: 'status of what was created',
		forms: ([201, 202] as const).map((created) =>
			form(
				String(created),
				{ answers: { created } },
				{
					concerns: ['transaction.create', 'plan.create'].map((operation) => ({ operation })),
				},
			),
		),
	},
	{
		name: 'answers without a body',
		forms: (['delete', 'writes'] as const).map((empty) =>
			form(
				empty,
				{ answers: { empty } },
				{
					concerns: ['subscription.cancel', 'subscription.update', 'sandbox.forceStatus'].map(
						(operation) => ({ operation }),
					),
					local: true,
				},
			),
		),
	},
	{ name: 'times of objects', forms: [form('none', { answers: { times: false } })] },
	{
		name: 'place of rows',
		forms: (
			['data.items', 'data.data', 'data.plural', 'items', 'results', 'plural', 'array'] as const
		).map((rows) =>
			form(
				rows,
				{ lists: { rows } },
				{
					with: SHORT,
					concerns: [{ operation: 'price.getAll' }, { operation: 'currency.getAll' }],
				},
			),
		),
	},
	{
		name: 'next rows',
		forms: [
			form('nextCursor', { lists: { paging: 'cursor' } }, { with: SHORT }),
			form(
				'next_cursor',
				{ lists: { paging: 'cursor', cursorName: 'next_cursor' } },
				{ with: SHORT },
			),
			form(
				'nextCursor in the figures',
				{ lists: { paging: 'cursor', cursor: 'figures' } },
				{ with: SHORT },
			),
			form(
				'nextCursor inside',
				{ lists: { paging: 'cursor', cursor: 'inside' } },
				{
					with: { lists: { ...SHORT.lists, rows: 'data.items' } },
				},
			),
			form('next link', { lists: { paging: 'link' } }, { with: SHORT }),
			form('relative next link', { lists: { paging: 'link', absolute: false } }, { with: SHORT }),
			form('links.next', { lists: { paging: 'link', link: 'links' } }, { with: SHORT }),
			form('Link header', { lists: { paging: 'link', link: 'header' } }, { with: SHORT }),
			form('offset', { lists: { paging: 'offset' } }, { with: SHORT }),
			form('all at once', { lists: { paging: 'all' } }),
		],
	},
	{
		name: 'size of pages',
		forms: [
			form('20 at most', SHORT),
			form('limit is ignored', { lists: { limit: false, size: 20 } }),
			form('the last page again', { lists: { beyond: 'last', cap: 20 } }),
			form('404 beyond the last', { lists: { beyond: '404', cap: 20 } }),
		],
	},
	{
		name: 'figures of lists',
		forms: [
			form('none', { lists: { figures: 'none' } }, { with: SHORT }),
			form('in headers', { lists: { figures: 'headers' } }, { with: SHORT }),
			form('meta', { lists: { figuresAs: 'meta' } }, { with: SHORT }),
			form('beside data', { lists: { figuresAs: 'flat' } }, { with: SHORT }),
			form('total only', { lists: { figuresAs: 'total' } }, { with: SHORT }),
			form('hasMore only', { lists: { figuresAs: 'hasMore' } }, { with: SHORT }),
			form(
				'inside data',
				{ lists: { figures: 'inside' } },
				{
					with: { lists: { ...SHORT.lists, rows: 'data.items' } },
				},
			),
		],
	},
	{
		name: 'order of lists',
		forms: [
			form('oldest first', { lists: { order: 'oldest' } }, { with: SHORT }),
			form('none', { lists: { order: 'none' } }, { with: SHORT }),
		],
	},
	{
		name: 'shape of errors',
		forms: [
			...(
				['message', 'messages', 'coded', 'list', 'byField', 'problem', 'detail', 'text'] as const
			).map((shape) =>
				form(shape, { errors: { shape } }, { with: RENAMED, concerns: UNDERSTOOD, local: true }),
			),
			// A page is made for people: that it is a refusal must be told, not its words.
			form('html', { errors: { shape: 'html' } }, { concerns: AS_PAGE, local: true }),
		],
	},
	{
		name: 'status of errors',
		forms: [
			form(
				'200',
				{ errors: { as200: true } },
				{ with: RENAMED, concerns: UNDERSTOOD, local: true },
			),
		],
	},
	{ name: 'ends', forms: [form('change again', {}, { endsChange: true })] },
];

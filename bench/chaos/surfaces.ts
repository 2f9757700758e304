// The four surfaces that take what somebody else wrote: streams, answers, webhooks, parameters.
import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { connectionOf } from '../../nodes/KuvarPay/api/connection';
import { ApiError, InputError } from '../../nodes/KuvarPay/api/errors';
import { toNodeError } from '../../nodes/KuvarPay/api/nodeError';
import { Pace } from '../../nodes/KuvarPay/api/pace';
import { unwrap } from '../../nodes/KuvarPay/api/answer';
import { send, type Client } from '../../nodes/KuvarPay/api/request';
import { rowsOf } from '../../nodes/KuvarPay/api/lists';
import { findOperation, resources } from '../../nodes/KuvarPay/resources';
import { readWish } from '../../nodes/KuvarPay/operation/call';
import { clientUntil } from '../../nodes/KuvarPay/stream/client';
import { LiveStream } from '../../nodes/KuvarPay/stream/liveStream';
import { readDelivery } from '../../nodes/KuvarPay/webhook/delivery';
import { contextOf, targetTo } from '../../test/support/context';
import { must, mustNotTell, type Surface } from './fuzzing';
import type { Chance } from './random';

export const KEY = 'rsp_live_7Hq2wZx9LmN4vKtBsYcD';
/** Where the key goes. */
const PLACE = '§key§';
const SECRET = 'whs_live_3PfGjR8aEuXo6QnTiWyM';
const node = {
	id: 'n',
	name: 'KuvarPay',
	type: 'kuvarPay',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** A client whose server answers with whatever the function gives. */
function clientOf(serve: (options: IHttpRequestOptions) => unknown): Client {
	const connection = connectionOf({
		apiKey: KEY,
		webhookSecret: SECRET,
		baseUrl: 'https://payment.kuvarpay.com',
		businessBaseUrl: 'https://kuvarpay.com',
	});
	const http = async (_type: string, options: IHttpRequestOptions) => serve(options);
	return {
		connection,
		pace: new Pace(5),
		http,
		httpWithoutKey: async (options) => await http('', options),
		log: () => undefined,
		hint: () => undefined,
	};
}

const FRAGMENTS = [
	'data: {"success":true,"data":{"id":"a","status":"PENDING"}}\n\n',
	'event: session_update\ndata: {"data":{"status":"COMPLETED"}}\nid: 7\n\n',
	'event: session_update\n',
	'data:',
	'data: x\r\ndata: y\r\r',
	'id: \0\n',
	'id\n',
	'retry: 1\n',
	'retry: 99999999999999999999\n',
	'retry: -1\n',
	': comment\n',
	'\n\n',
	'\r\n\r\n',
	'\ufeffdata: bom\n\n',
	':'.repeat(500),
];

/** Bytes of an event stream: nothing may come out of it but texts, and nothing may be thrown. */
export const streamBytes: Surface = async (chance) => {
	const pieces: Buffer[] = [];
	for (let left = 1 + chance.below(6); left > 0; left--) {
		const text = chance.odds(0.7) ? chance.one(FRAGMENTS) : chance.text();
		const bytes = Buffer.from(chance.odds(0.3) ? chance.mangle(text) : text);
		const cut = chance.below(bytes.length + 1);
		pieces.push(bytes.subarray(0, cut), bytes.subarray(cut));
		if (chance.odds(0.1)) pieces.push(Buffer.from([chance.below(256), chance.below(256)]));
	}
	const refused = chance.odds(0.1);
	if (refused) {
		const message = `${'x'.repeat(440 + chance.below(60))}${KEY}`;
		pieces.splice(0, pieces.length, Buffer.from(JSON.stringify({ message })));
	}
	const filled = pieces.filter(({ length }) => length > 0);
	let ended!: () => void;
	let refusal = '';
	const over = new Promise<void>((resolve) => (ended = resolve));
	const body = new Readable({
		read() {
			const piece = filled.shift();
			if (piece) this.push(piece);
			else if (refused) this.push(null);
			else setImmediate(() => ended());
		},
	});
	const headers = { 'content-type': 'text/event-stream' };
	const statusCode = refused ? chance.one([400, 401, 404, 410]) : 200;
	const client = clientOf(() => ({ statusCode, headers, body }));
	const stream = new LiveStream(clientUntil(new AbortController().signal, client), {
		target: targetTo('/api/v1/sse/session/a'),
		idleTimeout: 60_000,
		down: new Map(),
		onOpen: () => undefined,
		onDown: () => undefined,
		onEvent: ({ name, data, id }) => {
			for (const text of [name, data, id]) must(typeof text === 'string', 'an event without text');
		},
		onRefused: ({ message }) => (refusal = message),
	});
	body.once('close', () => ended());
	await over;
	if (refused) await stream.started.catch(() => undefined);
	mustNotTell(refusal, KEY);
	stream.close();
	body.destroy();
};

/** Answers of the API, of whatever is in its place, and errors of the HTTP client. */
export const answers: Surface = async (chance) => {
	// Put in last, so that the server tells the key whole; near the length at which messages are cut.
	const echo = () => {
		const before = chance.odds(0.2) ? 'x'.repeat(420 + chance.below(100)) : chance.text();
		return chance.odds(0.3) ? `${before}${PLACE}${chance.text()}` : chance.text();
	};
	const object = chance.object(2, ['message', 'error', 'success', 'data', 'pagination', 'status']);
	if (chance.odds(0.5)) object.message = echo();
	if (chance.odds(0.3)) object.error = chance.odds(0.5) ? echo() : { message: echo() };
	const text = JSON.stringify(object);
	const body = (chance.odds(0.3) ? chance.mangle(text) : text).replaceAll(PLACE, KEY);
	const status = chance.one([200, 200, 201, 204, 301, 400, 401, 404, 409, 422, 429, 500, 503, 999]);
	const headers = chance.odds(0.2) ? { 'retry-after': chance.text() } : {};
	const client = clientOf(() => {
		if (chance.odds(0.05)) {
			const config = { headers: { Authorization: KEY } };
			throw Object.assign(new Error(echo().replaceAll(PLACE, KEY)), {
				code: chance.one(['ECONNRESET', 'X', 1]),
				config,
			});
		}
		return { statusCode: status, statusMessage: echo().replaceAll(PLACE, KEY), headers, body };
	});
	const call = {
		target: targetTo('/api/v1/transactions/a'),
		maxRetries: 0,
		timeout: 1000,
	};
	try {
		const answer = await send(client, call);
		rowsOf(answer);
		unwrap(answer);
	} catch (error) {
		must(error instanceof ApiError, `no ApiError but ${(error as Error).stack}`);
		const shown = toNodeError(node as never, error, 3);
		mustNotTell(`${shown.message} ${shown.description} ${JSON.stringify(shown)}`, KEY);
		mustNotTell(JSON.stringify(error.failure), KEY);
	}
};

/** Requests to the webhook: none is taken whose signature is not of these bytes. */
export const webhooks: Surface = (chance) => {
	const object = chance.object(2, ['event', 'type', 'data', 'timestamp']);
	const text = JSON.stringify(object);
	const rawBody = Buffer.from(chance.odds(0.3) ? chance.mangle(text) : text);
	const right = `sha256=${createHmac('sha256', SECRET).update(rawBody).digest('hex')}`;
	const given = chance.one([
		right,
		chance.mangle(right),
		chance.text(),
		right.slice(0, -1),
		undefined,
	]);
	const headers: Record<string, string | string[] | undefined> = {
		'x-kuvarpay-signature': chance.odds(0.05) ? [String(given), right] : given,
		'x-kuvarpay-event': chance.odds(0.5) ? chance.text() : undefined,
		'x-kuvarpay-delivery': chance.odds(0.5) ? chance.text() : undefined,
		[chance.text()]: chance.text(),
	};
	const delivery = readDelivery(
		{ rawBody: chance.odds(0.02) ? undefined : rawBody, headers },
		SECRET,
	);
	if ('reason' in delivery) {
		must([400, 401, 413].includes(delivery.status), `status ${delivery.status}`);
		mustNotTell(delivery.reason, SECRET);
		return;
	}
	const [first] = [headers['x-kuvarpay-signature']].flat();
	must(first?.trim().toLowerCase() === right, `a forged delivery was taken: ${String(first)}`);
	must(delivery.event !== '', 'an event without a name');
	must(!JSON.stringify(delivery.headers).includes(right), 'the signature is passed on');
};

const OPERATIONS = resources.flatMap((resource) =>
	resource.operations.map((operation) => ({ resource: resource.value, operation })),
);

/** Whatever is typed: it goes out to the right host, or is refused with words. */
export const parameters: Surface = (chance) => {
	const { resource, operation } = chance.one(OPERATIONS);
	const given: Record<string, unknown> = { resource, operation: operation.value };
	const fill = (type: string): unknown =>
		type === 'resourceLocator' && chance.odds(0.9)
			? { __rl: true, mode: 'id', value: chance.odds(0.8) ? chance.text() : chance.value() }
			: chance.odds(0.4)
				? sensible(chance)
				: chance.value();
	for (const { name, type } of operation.fields ?? [])
		if (chance.odds(0.95)) given[name] = fill(type);
	for (const name of ['additionalFields', 'updateFields', 'filters'])
		given[name] = Object.fromEntries(
			(operation.optional ?? [])
				.filter(() => chance.odds(0.3))
				.map((field) => [field.name, fill(field.type)]),
		);
	given.options = {
		...(chance.odds(0.3) && {
			pathOverride: chance.odds(0.5) ? `/api/${chance.text()}` : chance.text(),
		}),
		...(chance.odds(0.3) && { bodyProperties: chance.odds(0.5) ? chance.text() : chance.object() }),
		...(chance.odds(0.3) && { queryParameters: JSON.stringify(chance.object()) }),
		...(chance.odds(0.3) && { idempotencyKey: chance.text() }),
		...(chance.odds(0.1) && { maxRetries: chance.value() }),
		...(chance.odds(0.1) && { timeout: chance.value() }),
	};
	try {
		const { call } = readWish(contextOf(given), 0, findOperation);
		must(
			call.target.routes[0].path.startsWith('/') && !call.target.routes[0].path.startsWith('//'),
			`path ${call.target.routes[0].path}`,
		);
		must(!/\p{Cc}|\\/u.test(call.target.routes[0].path), `path ${call.target.routes[0].path}`);
		const { origin, pathname } = new URL(
			`https://payment.kuvarpay.com${call.target.routes[0].path}`,
		);
		must(origin === 'https://payment.kuvarpay.com', `host ${origin}`);
		must(!pathname.split('/').some((step) => step === '..' || step === '.'), `path ${pathname}`);
		must(!/[\r\n\0]/.test(call.idempotencyKey ?? ''), 'a header with a line break');
		must(Object.getPrototypeOf(call.body ?? {}) === Object.prototype, 'the body has a prototype');
		must(call.maxRetries >= 0 && call.maxRetries <= 10, `retries ${call.maxRetries}`);
		must(call.timeout > 0, `timeout ${call.timeout}`);
	} catch (error) {
		if (error instanceof InputError) must(error.message !== '', 'a refusal without words');
		else throw new Error(`${resource}.${operation.value}: ${(error as Error).stack}`);
	}
};

/** Values that mostly pass, so that what comes after the checks is reached as well. */
const sensible = (chance: Chance): unknown =>
	chance.one([
		'100.50',
		'NGN',
		'a@b.example',
		'2026-12-31T17:00:00',
		'USDT',
		'id_1',
		7,
		true,
		'PENDING',
	]);

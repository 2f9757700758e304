import type { IDataObject } from 'n8n-workflow';
import { version } from '../../../package.json';
import { unwrap } from '../api/answer';
import type { EndpointId } from '../api/endpoints';
import { ApiError } from '../api/errors';
import { FORM_HEADER, KEY_FORMS } from '../api/keyForms';
import type { KeyForm } from '../api/learned';
import { idOf, rowsOf, shapeOf } from '../api/lists';
import { outcomeOf } from '../api/outcome';
import { sendForAnswer, type Client } from '../api/request';
import { targetOf, type Names } from '../api/routes';
import { sessionIdOf, tokenOf } from '../payments/objects';
import { ask, objectShape, withoutIds } from './probe';
import type { Wish } from './types';

/**
 * Finds out what this KuvarPay is like, as far as reading can tell: what is documented, what differs,
 * and what to do about it. Nothing is created or changed.
 */

/** One thing that was tried. */
type Check = { check: string } & Finding;

type Finding = {
	/** `differs`: it works, but not as the documentation or our best guess has it. */
	result: 'ok' | 'differs' | 'refused' | 'not found' | 'skipped';
	/** What was learned; nothing of a customer and no secret. */
	detail: string;
	hint: string;
};

/** An empty text would stand in n8n's table as a red "empty". */
const FINE = 'Nothing to do';

const FORM_NAMES: Record<KeyForm, string> = {
	raw: 'Authorization: key',
	bearer: 'Authorization: Bearer key',
	legacy: 'x-api-key: key',
};

/** What can be read without an ID, beside the transactions. */
const READS: Array<[string, EndpointId]> = [
	['Currencies', 'currency.getAll'],
	['Local currencies', 'currency.getSupported'],
	['Networks', 'currency.getNetworks'],
	['Subscription currencies', 'currency.getSubscriptionCurrencies'],
	['Subscription networks', 'currency.getSubscriptionNetworks'],
	['Plans', 'plan.getAll'],
	['Subscriptions', 'subscription.getAll'],
	['Transfer fee', 'transferFee.getOptimal'],
];

/** The items of the operation Check Connection. */
export async function checkConnection(client: Client, { controls }: Wish): Promise<IDataObject[]> {
	const checks: Check[] = [await checkKey(client)];
	const transactions = await checkRead(client, 'Transactions', 'transaction.getAll');
	checks.push(transactions.check);
	for (const [name, id] of READS) checks.push((await checkRead(client, name, id)).check);
	checks.push(...(await checkPayment(client, rowsOf(transactions.body)[0])));
	checks.push(await checkBusinessHost(client));
	return controls.report === true ? [...checks, reportOf(client, checks)] : checks;
}

/** Asks the list of transactions in each form of the key. */
async function checkKey(client: Client): Promise<Check> {
	const { chosenForm } = client.connection;
	const check = 'API key';
	const tried: string[] = [];
	let accepted: KeyForm | undefined;
	for (const form of chosenForm ? [chosenForm] : KEY_FORMS) {
		const answer = await ask(client, '/api/v1/transactions?limit=1', { [FORM_HEADER]: form });
		tried.push(`${FORM_NAMES[form]}: ${answer.status || answer.trouble} in ${answer.ms} ms`);
		if (accepted === undefined && answer.status >= 200 && answer.status < 300) accepted = form;
	}
	const detail = tried.join('; ');
	if (accepted === undefined)
		return {
			check,
			result: 'refused',
			detail,
			hint: 'Check that the key was copied whole, that it is a secret key and has not expired, enter the Business ID, and check the Base URL.',
		};
	const isUsual = accepted === KEY_FORMS[0];
	return {
		check,
		result: isUsual ? 'ok' : 'differs',
		detail,
		hint: isUsual ? FINE : 'Nothing to do: Automatic uses the form that is accepted.',
	};
}

/** Reads what an endpoint gives, at whichever of its paths it is. */
async function checkRead(
	client: Client,
	check: string,
	id: EndpointId,
	ids: Names = {},
): Promise<{ check: Check; body?: unknown }> {
	const target = targetOf(id, ids);
	const startedAt = performance.now();
	const ms = () => `${Math.round(performance.now() - startedAt)} ms`;
	const asked = await outcomeOf(sendForAnswer(client, { target, maxRetries: 1, timeout: 10_000 }));
	if ('error' in asked) {
		if (!(asked.error instanceof ApiError)) throw asked.error;
		const paths = target.routes.map(({ path }) => path);
		return { check: { check, ...refusalOf(asked.error, paths, ms()) } };
	}
	const { body, headers } = asked.result;
	const name = client.connection.learned.route.recall(id) ?? target.routes[0].name;
	const isUsual = name === target.routes[0].name;
	const limits = Object.keys(headers).filter((header) => /ratelimit/i.test(header));
	const told = [
		`${name.split(' ')[1]} in ${ms()}`,
		id.endsWith('.get') ? objectShape(body) : shapeOf(body, headers),
		limits.length > 0 && `limits told in ${limits.join(', ')}`,
	];
	return {
		check: {
			check,
			result: isUsual ? 'ok' : 'differs',
			detail: told.filter(Boolean).join('; '),
			hint: isUsual ? FINE : 'Nothing to do: the node uses the path that exists.',
		},
		body,
	};
}

function refusalOf({ failure }: ApiError, paths: string[], ms: string): Finding {
	const { hint, status = 'no answer' } = failure;
	const detail = `${status} in ${ms} at ${[...new Set(paths)].map(withoutIds).join(', ')}`;
	if (status === 404 || status === 405)
		return {
			result: 'not found',
			detail,
			hint: 'If you know the path, set Options > Path Override in the operation that needs it.',
		};
	// It is there, and wants more than nothing.
	if (status === 400 || status === 422)
		return { result: 'ok', detail, hint: 'It asks for parameters.' };
	return { result: 'refused', detail, hint };
}

/** How the payment of a row can be read and watched. */
async function checkPayment(client: Client, row?: IDataObject): Promise<Check[]> {
	const transactionId = row && idOf(row, 'transactionId');
	if (row === undefined || transactionId === undefined)
		return [
			skipped('One transaction', 'There is no transaction yet'),
			skipped('Event stream', 'There is no transaction yet'),
		];
	const one = await checkRead(client, 'One transaction', 'transaction.get', { transactionId });
	const streams = [
		await checkStream(client, 'Event stream of a transaction', 'transaction.waitForUpdate', {
			transactionId,
		}),
	];
	const sessionId = sessionIdOf(row);
	if (sessionId === undefined) return [one.check, ...streams];
	const session = await checkRead(client, 'One checkout session', 'checkoutSession.get', {
		sessionId,
	});
	const token = tokenOf((unwrap(session.body) ?? {}) as IDataObject);
	return [
		one.check,
		...streams,
		session.check,
		await checkStream(
			client,
			'Event stream of a checkout session',
			'checkoutSession.waitForUpdate',
			{ sessionId },
			token,
		),
	];
}

/** Opens a stream with the key and, where the session gives one, with its token, and closes it. */
async function checkStream(
	client: Client,
	check: string,
	id: EndpointId,
	ids: Names,
	authToken?: string,
): Promise<Check> {
	const { path } = targetOf(id, ids).routes[0];
	const tried: string[] = [];
	const opens = async (who: string, token?: string) => {
		const answer = await ask(
			client,
			path,
			{ Accept: 'text/event-stream', ...(token && { Authorization: `Bearer ${token}` }) },
			token !== undefined,
		);
		const isStream = answer.status === 200 && /event-stream/i.test(answer.type);
		tried.push(`${who}: ${answer.status || answer.trouble}${isStream ? ', a stream' : ''}`);
		return isStream;
	};
	if (await opens('with the key'))
		return { check, result: 'ok', detail: tried.join('; '), hint: FINE };
	if (authToken !== undefined && (await opens("with the session's token", authToken)))
		return {
			check,
			result: 'differs',
			detail: tried.join('; '),
			hint: 'Nothing to do: the trigger uses the token.',
		};
	if (authToken === undefined) tried.push('the session gave no token');
	return {
		check,
		result: 'refused',
		detail: tried.join('; '),
		hint: 'Nothing to do: where no stream opens, the status is read every few seconds.',
	};
}

/** Whether an API or a website answers where invoices and payment links are made. */
async function checkBusinessHost(client: Client): Promise<Check> {
	const check = 'Host of invoices and payment links';
	const { hosts } = client.connection;
	if (hosts.business.href === hosts.payments.href)
		return skipped(check, 'It is the same as the Base URL', FINE);
	const answer = await ask(client, '/api/v1/invoices', {}, false, 'business');
	// A website would say with a page that there is nothing to read at this address.
	const isApi = /json/i.test(answer.type) || answer.status === 405;
	return {
		check,
		result: isApi ? 'ok' : 'differs',
		detail: `GET /api/v1/invoices: ${answer.status || answer.trouble}, ${answer.type || 'no type'}`,
		hint: isApi
			? FINE
			: 'No API was found there by reading. Creating tries this host first, and the payments host if there is no such route.',
	};
}

const skipped = (
	check: string,
	detail: string,
	hint = 'Create a payment, then check again.',
): Check => ({ check, result: 'skipped', detail, hint });

/** A text that can be pasted into an issue. */
function reportOf({ connection }: Client, checks: Check[]): IDataObject {
	const hosts = [connection.hosts.payments, connection.hosts.business].map(({ host }) =>
		/(^|\.)kuvarpay\.com$/.test(host) ? host : '(another host)',
	);
	const lines = checks.map(({ check, result, detail }) => `- ${check}: ${result}. ${detail}`);
	const text = [`n8n-nodes-kuvarpay ${version}, ${hosts.join(' and ')}`, ...lines].join('\n');
	return {
		check: 'Report',
		result: 'ok',
		detail: connection.redact(text),
		hint: 'Paste detail into an issue of the package, form "My KuvarPay differs". It holds no key and nothing of your customers.',
	};
}

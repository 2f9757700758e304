import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Host } from './endpoints';
import { InputError } from './errors';
import { isSecure } from './secure';

export const CREDENTIAL = 'kuvarPayApi';

/** Where requests may go, and what may never come out. */
export interface Connection {
	hosts: Record<Host, URL>;
	/** Takes the credential's secrets out of a text that came from outside. */
	redact(text: string): string;
}

/** Anything of n8n that can hand out the credential. */
export interface CredentialHolder {
	getCredentials(type: string): Promise<unknown>;
}

/** Reads the hosts and the secrets of the node's KuvarPay credential. */
export async function connectionOf(holder: CredentialHolder): Promise<Connection> {
	const credential = (await holder.getCredentials(CREDENTIAL)) as ICredentialDataDecryptedObject;
	const secrets = ['apiKey', 'webhookSecret']
		.map((name) => credential[name])
		.filter((secret): secret is string => typeof secret === 'string' && secret.length > 3)
		// The longest first: one may be a part of the other.
		.sort((one, other) => other.length - one.length);
	return {
		hosts: {
			payments: baseUrl(credential.baseUrl, 'Base URL'),
			business: baseUrl(credential.businessBaseUrl, 'Invoice and Payment Link Base URL'),
		},
		redact: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
	};
}

function baseUrl(value: unknown, name: string): URL {
	const text = typeof value === 'string' ? value.trim() : '';
	if (!URL.canParse(text))
		throw new InputError(
			`${name} in the KuvarPay credential is not a web address: "${text}"`,
			'Enter it with its scheme, such as https://payment.kuvarpay.com.',
		);
	const url = new URL(text);
	if (!isSecure(url))
		throw new InputError(
			`${name} in the KuvarPay credential must start with https://`,
			'Plain http would show the API key to everybody on the way. It is allowed only for this machine itself (localhost).',
		);
	if (url.username || url.password || url.search || url.hash)
		throw new InputError(
			`${name} in the KuvarPay credential must be an address only`,
			'Leave out user names, passwords, question marks and anchors.',
		);
	return url;
}

export type QueryValue = string | number | boolean;
export type Query = Record<string, QueryValue | QueryValue[]>;

const CONTROL = /\p{Cc}/u;

/**
 * A path with its ids filled in. Whatever the ids are, they do not change the path.
 * @param template path with `{name}` places, from the endpoint table or the user's path override
 * @throws InputError
 */
export function pathFor(template: string, ids: Record<string, string>): string {
	const path = template.replace(/\{(\w+)\}/g, (place, name: string) => {
		if (Object.hasOwn(ids, name)) return encodeId(name, ids[name]);
		throw new InputError(
			`Path Override "${template}" has ${place}, which this operation does not have`,
			`Write one of its IDs, or none: ${Object.keys(ids).join(', ') || 'it has none'}.`,
		);
	});
	const steps = path.split(/[?#]/)[0].split('/');
	if (
		!path.startsWith('/') ||
		path.startsWith('//') ||
		// URL parsers read a backslash as a slash.
		/[\p{Cc}\\]/u.test(path) ||
		steps.some((step) => /^(\.|%2e){1,2}$/i.test(step))
	)
		throw new InputError(
			`Path Override "${template}" is not a path on KuvarPay's server`,
			'Write it from the first slash on, without https:// and host and without "..", such as /api/v1/invoices.',
		);
	return path;
}

/** The address of a call, below the base URL. @param path as pathFor gives it */
export function urlFor(base: URL, path: string, query: Query = {}): string {
	const root = base.pathname.replace(/\/+$/, '');
	const url = new URL(base.origin + root + path);
	for (const [name, value] of Object.entries(query))
		for (const single of [value].flat()) url.searchParams.append(name, String(single));
	return url.href;
}

/** Longest id that is sent. Far above any known one, far below what servers take in an address. */
const LONGEST_ID = 512;

/** An id as one path segment; one that could change the path is refused. */
function encodeId(name: string, id: string): string {
	const label = name.replace(/Id$/, ' ID').replace(/^./, (first) => first.toUpperCase());
	const refuse = (why: string) =>
		new InputError(`${label} ${why}`, 'Enter the ID as KuvarPay shows it.');
	if (id.trim() === '') throw refuse('is empty');
	if (id === '.' || id === '..') throw refuse(`"${id}" is not an ID`);
	if (CONTROL.test(id)) throw refuse('has a line break or another control character');
	if (id.length > LONGEST_ID) throw refuse(`is longer than ${LONGEST_ID} characters`);
	if (/\p{Cs}/u.test(id)) throw refuse('has a broken character');
	return encodeURIComponent(id);
}

import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Host } from './endpoints';
import { InputError } from './errors';
import { chosenForm } from './keyForms';
import { learnedOf, trimmed, type KeyForm, type Learned } from './learned';
import { isSecure } from './secure';

export const CREDENTIAL = 'kuvarPayApi';

/** Where requests may go, and what may never come out. */
export interface Connection {
	hosts: Record<Host, URL>;
	/** Takes the credential's secrets out of a text that came from outside. */
	redact(text: string): string;
	learned: Learned;
	/** The form of the key that the user has set; undefined when it is to be found out. */
	chosenForm?: KeyForm;
}

/** Reads the hosts and the secrets of a KuvarPay credential. */
export function connectionOf(credential: ICredentialDataDecryptedObject): Connection {
	const secrets = ['apiKey', 'webhookSecret']
		.map((name) => trimmed(credential[name]))
		.filter((secret) => secret.length > 3)
		// The longest first: one may be a part of the other.
		.sort((one, other) => other.length - one.length);
	return {
		hosts: {
			payments: baseUrl(credential.baseUrl, 'Base URL'),
			business: baseUrl(credential.businessBaseUrl, 'Invoice and Payment Link Base URL'),
		},
		redact: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
		learned: learnedOf(credential),
		chosenForm: chosenForm(credential),
	};
}

function baseUrl(value: unknown, name: string): URL {
	const text = trimmed(value);
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

/** The address of a call, below the base URL. @param path as pathFor gives it */
export function urlFor(base: URL, path: string, query: Query = {}): string {
	const root = base.pathname.replace(/\/+$/, '');
	const url = new URL(base.origin + root + path);
	for (const [name, value] of Object.entries(query))
		for (const single of [value].flat()) url.searchParams.append(name, String(single));
	return url.href;
}

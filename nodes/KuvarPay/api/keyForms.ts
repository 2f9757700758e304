import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';
import { learnedOf, trimmed, type KeyForm } from './learned';

/** The forms in which a key may be sent, the likeliest first (contract notes, section 2). */
export const KEY_FORMS: readonly KeyForm[] = ['raw', 'bearer', 'legacy'];

/**
 * A header by which a request asks for a certain form; the credential takes it out again. n8n hands
 * nothing else through to the credential that a request could say.
 */
export const FORM_HEADER = 'x-n8n-key-form';

/** The credential's hidden property in which n8n keeps the form that was found. */
export const FOUND_FORM = 'foundFormat';

/** The form that the user has set; undefined when it is to be found out. */
export function chosenForm({
	authorizationFormat: chosen,
}: ICredentialDataDecryptedObject): KeyForm | undefined {
	return KEY_FORMS.find((form) => form === chosen);
}

/** The form in which the key goes to a server: what was set, learned, or found by n8n before. */
export function formFor(credential: ICredentialDataDecryptedObject, origin: string): KeyForm {
	return knownForm(credential, origin) ?? KEY_FORMS[0];
}

/** Whether anything is known of it, or the likeliest is to be tried. */
export const isFormKnown = (credential: ICredentialDataDecryptedObject, origin: string): boolean =>
	knownForm(credential, origin) !== undefined;

const knownForm = (credential: ICredentialDataDecryptedObject, origin: string) =>
	chosenForm(credential) ??
	learnedOf(credential).keyForm.recall(origin) ??
	KEY_FORMS.find((form) => form === credential[FOUND_FORM]);

/** The headers that carry the key. */
export function keyHeaders(
	{ apiKey, businessId }: ICredentialDataDecryptedObject,
	form: KeyForm,
): Record<string, string> {
	const key = trimmed(apiKey);
	const business = trimmed(businessId);
	return {
		...(form === 'legacy'
			? { 'x-api-key': key }
			: { Authorization: form === 'bearer' ? `Bearer ${key}` : key }),
		...(business && { 'x-business-id': business }),
	};
}

/** Sends a request without any key but that in its headers; status errors are no exceptions. */
type Ask = (request: IHttpRequestOptions) => Promise<{ statusCode: number }>;

/**
 * What is asked to tell a refused key from an accepted one. The list is cheap; that a session is not
 * there is told only to who may know it, and its path is documented.
 */
const QUESTIONS = [
	'/api/v1/transactions?limit=1',
	'/api/v1/checkout-sessions/n8n-connection-check',
];

const underWay = new Map<string, Promise<KeyForm | undefined>>();

/**
 * Asks the payments server in each form and keeps the one that it does not refuse. Only reads.
 * @returns undefined when it refuses all, or none
 */
export async function findForm(
	credential: ICredentialDataDecryptedObject,
	ask: Ask,
): Promise<KeyForm | undefined> {
	const base = trimmed(credential.baseUrl).replace(/\/+$/, '');
	const learned = learnedOf(credential);
	const name = `${base} ${trimmed(credential.apiKey)}`;
	// Fifty items that begin at once ask once.
	const asking = underWay.get(name) ?? search(credential, base, ask);
	underWay.set(name, asking);
	try {
		const form = await asking;
		if (form) learned.keyForm.note(new URL(base).origin, form);
		return form;
	} finally {
		underWay.delete(name);
	}
}

async function search(
	credential: ICredentialDataDecryptedObject,
	base: string,
	ask: Ask,
): Promise<KeyForm | undefined> {
	for (const question of QUESTIONS) {
		const refused = new Set<KeyForm>();
		for (const form of KEY_FORMS) {
			const { statusCode } = await ask({
				method: 'GET',
				url: base + question,
				headers: { Accept: 'application/json', ...keyHeaders(credential, form) },
			});
			if (statusCode >= 200 && statusCode < 300) return form;
			if (statusCode === 401 || statusCode === 403) refused.add(form);
			// It says nothing of the key: perhaps the next question does.
			else if (refused.size === 0) break;
			else return form;
		}
	}
	return undefined;
}

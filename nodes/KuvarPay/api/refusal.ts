import { isPlainObject } from './json';

/** Names under which servers say what is wrong; the first that says something is taken. */
const HEADLINES = ['message', 'detail', 'error', 'title', 'description', 'reason', 'msg'];

/** Names under which they say more, such as what is wrong with each field. */
const DETAILS = ['errors', 'details', 'issues', 'violations', 'fieldErrors', 'formErrors'];

/** Names of what only says which kind of trouble it is; taken where nothing is said in words. */
const KINDS = ['code', 'error_code', 'errorCode', 'type', 'name'];

/** Names under which an entry of a list says which field it is about. */
const PLACES = ['field', 'path', 'param', 'property', 'loc', 'instancePath', 'pointer', 'source'];

/**
 * What a refusal says, in any of the shapes that servers use: a text, a list of texts, a list or a
 * table by field, an object with a message, RFC 9457. Undefined where it says nothing.
 * @param body parsed JSON, or the text of an answer that is none
 */
export function messageOf(body: unknown): string | undefined {
	const parts = [...new Set(typeof body === 'string' ? fromText(body) : said(body))];
	const message = parts.join('; ');
	return message === '' ? undefined : message;
}

/** A web page says it in its title. */
function fromText(text: string): string[] {
	const page = text.trimStart().startsWith('<');
	const told = page ? /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1] : text;
	return [(told ?? '').replace(/\s+/g, ' ').trim()].filter(Boolean);
}

function said(body: unknown, depth = 0): string[] {
	if (typeof body === 'string') return [body.trim()].filter(Boolean);
	if (depth > 4) return [];
	if (Array.isArray(body)) return body.slice(0, 10).flatMap((entry) => said(entry, depth + 1));
	if (!isPlainObject(body)) return [];
	const headline = HEADLINES.map((name) => inside(body, name, depth)).find(({ length }) => length);
	const words = [...(headline ?? []), ...DETAILS.flatMap((name) => inside(body, name, depth))];
	const place = placeOf(body);
	if (words.length > 0)
		return words.map((text) => (place && !text.includes(place) ? `${place}: ${text}` : text));
	return KINDS.map((name) => body[name])
		.filter((kind): kind is string => typeof kind === 'string' && kind.trim() !== '')
		.slice(0, 1);
}

function inside(body: Record<string, unknown>, name: string, depth: number): string[] {
	const value = body[name];
	const words = said(value, depth + 1);
	if (words.length > 0 || !isPlainObject(value)) return words;
	// A table by field: `{ amount: ["must be positive"] }`.
	return Object.entries(value).flatMap(([field, problem]) =>
		said(problem, depth + 1).map((text) => (text.includes(field) ? text : `${field}: ${text}`)),
	);
}

function placeOf(body: Record<string, unknown>): string | undefined {
	for (const name of PLACES) {
		const place = body[name];
		if (typeof place === 'string' && place !== '') return place;
		if (Array.isArray(place) && place.length > 0) return place.join('.');
		if (isPlainObject(place)) return said(Object.values(place)).join('.') || undefined;
	}
	return undefined;
}

/** What a refusal names. */
export interface Named {
	/** Every word in it, and every name of a property. */
	words: Set<string>;
	/** Those that stand where a server names a field. */
	fields: Set<string>;
	/** All that it says, in lower case. */
	text: string;
}

/** What a refusal names: to see whether it knows a field by another name. */
export function namedIn(refusal: unknown): Named {
	const named: Named = { words: new Set(), fields: new Set(), text: '' };
	const read = (value: unknown, isTable: boolean): void => {
		if (typeof value === 'string') {
			for (const word of value.match(/[A-Za-z_][\w.]*\w/g) ?? []) named.words.add(word);
			named.text += ` ${value.toLowerCase()}`;
		} else if (Array.isArray(value)) value.forEach((entry) => read(entry, false));
		else if (isPlainObject(value)) {
			const place = placeOf(value);
			if (place) named.fields.add(place);
			for (const [name, inner] of Object.entries(value)) {
				if (isTable) named.fields.add(name);
				read(inner, DETAILS.includes(name));
			}
		}
	};
	read(refusal, false);
	for (const field of named.fields) named.words.add(field);
	return named;
}

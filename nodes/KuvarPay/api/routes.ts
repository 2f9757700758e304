import { endpoints, type EndpointId, type Host, type Method } from './endpoints';
import { InputError } from './errors';

/** One way to where an operation may be. */
export interface Route {
	host: Host;
	/** Ids filled in and encoded. */
	path: string;
	/** Host and path before the ids were filled in: the name under which it is remembered. */
	name: string;
	/** Ids that the documented path has and this one has not: they are sent beside it. */
	beside: Record<string, string>;
}

/** What is called. */
export interface Target {
	/** Absent where the user has set the path. */
	id?: EndpointId;
	method: Method;
	/** The likeliest first; never empty. */
	routes: Route[];
}

/** Every value that may stand in a path, by the parameter's name. */
export type Names = Record<string, string>;

/**
 * Where an operation may be: at its own path, at the alternatives that the notes know, and for what
 * the business host serves also at the payments host.
 * @param ids the operation's IDs
 * @param others what else may fill a place in a path, such as a field of the body
 * @param override the user's own path: then this one only
 * @throws InputError when an ID cannot be sent
 */
export function targetOf(
	id: EndpointId,
	ids: Names = {},
	others: Names = {},
	override?: string,
): Target {
	const { method, host, path, alternatives } = endpoints[id];
	const names = { ...others, ...ids };
	const routeTo = (at: Host, template: string, beside: Names = {}): Route => ({
		host: at,
		path: pathFor(template, names),
		name: `${at} ${template}`,
		beside,
	});
	if (override !== undefined) return { method, routes: [routeTo(host, override)] };

	const hosts: Host[] = host === 'business' ? ['business', 'payments'] : [host];
	const missingIn = (template: string): Names =>
		Object.fromEntries(Object.entries(ids).filter(([name]) => !placesOf(template).includes(name)));
	const usable = alternatives.filter((other) => canFill(other, names));
	return {
		id,
		method,
		routes: hosts.flatMap((at) => [
			routeTo(at, path),
			...usable.map((other) => routeTo(at, other, missingIn(other))),
		]),
	};
}

const placesOf = (template: string): string[] => template.match(/(?<=\{)\w+(?=\})/g) ?? [];

/** What was typed for a field of the body need not be able to stand in a path. */
function canFill(template: string, names: Names): boolean {
	try {
		return pathFor(template, names) !== '';
	} catch {
		return false;
	}
}

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

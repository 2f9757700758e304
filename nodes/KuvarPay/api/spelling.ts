import { isPlainObject } from './json';
import type { Spelling } from './learned';
import { namedIn, type Named } from './refusal';

/** Other spellings of what is sent in one field. A dot nests. */
export interface Spellings {
	/** Other names that were published or are likely, the likeliest first. */
	names?: readonly string[];
	/** Other values for a value, likewise. */
	values?: Readonly<Record<string, readonly string[]>>;
}

/** By the name that is sent. */
export type SpellingTable = Record<string, Spellings>;

type Body = Record<string, unknown>;

/** Most spellings that are tried for one request. */
const MOST = 5;

/**
 * Tries the body as it is, or as it was learned, and then in the spelling that a refusal names. Each
 * spelling is tried once, and only after the server has refused the one before, so nothing is done
 * twice.
 * @param refusalOf the body of a refusal that is about a field; undefined for any other failure
 */
export async function inEachSpelling<T>(
	body: Body,
	table: SpellingTable,
	known: Spelling | undefined,
	attempt: (body: Body) => Promise<T>,
	refusalOf: (error: unknown) => unknown,
): Promise<{ result: T; spelling: Spelling }> {
	let spelling: Spelling = known ?? { names: {}, values: {} };
	const tried = new Set<string>();
	let first: unknown;
	for (;;) {
		tried.add(JSON.stringify(spelling));
		try {
			return { result: await attempt(respell(body, table, spelling)), spelling };
		} catch (error) {
			first ??= error;
			const refusal = refusalOf(error);
			const next = refusal === undefined ? undefined : better(body, table, spelling, refusal);
			if (!next || tried.size >= MOST || tried.has(JSON.stringify(next))) throw first;
			spelling = next;
		}
	}
}

/** The body with the names and values of a spelling. */
export function respell(body: Body, table: SpellingTable, { names, values }: Spelling): Body {
	const written = copyOf(body);
	for (const [name, { values: others }] of Object.entries(table)) {
		const value = valueAt(written, name);
		if (value === undefined) continue;
		const told = others?.[String(value)]?.[values[name]] ?? value;
		const other = names[name] ?? name;
		if (other !== name) remove(written, name);
		if (other !== name || told !== value) place(written, other, told);
	}
	return written;
}

/** The spelling that the refusal asks for, as far as it can be told. */
function better(
	body: Body,
	table: SpellingTable,
	spelling: Spelling,
	refusal: unknown,
): Spelling | undefined {
	const named = namedIn(refusal);
	for (const [name, { names = [], values = {} }] of Object.entries(table)) {
		const sent = spelling.names[name] ?? name;
		const value = valueAt(body, name);
		if (value === undefined) continue;
		const other = otherName(
			sent,
			names.filter((known) => known !== sent),
			named,
		);
		if (other !== undefined) return { ...spelling, names: { ...spelling.names, [name]: other } };
		const others = values[String(value)] ?? [];
		const column = spelling.values[name] ?? -1;
		const wanted = others.findIndex((known) => named.words.has(known));
		const next = wanted >= 0 && wanted !== column ? wanted : column + 1;
		if (next < others.length && isAbout(sent, named))
			return { ...spelling, values: { ...spelling.values, [name]: next } };
	}
	return undefined;
}

function otherName(sent: string, known: readonly string[], named: Named): string | undefined {
	const isRefused =
		isAbout(sent, named) &&
		/unknown|unrecogni|unexpected|not (be )?allowed|not permitted|additional|should not exist/.test(
			named.text,
		);
	return (
		known.find((name) => asksFor(name, named)) ??
		[...named.words].map((word) => sameWith(sent, word)).find((name) => name !== undefined) ??
		(isRefused ? (known[0] ?? twinOf(sent)) : undefined)
	);
}

const lastOf = (name: string) => name.slice(name.lastIndexOf('.') + 1);

const isAbout = (name: string, { words }: Named) => words.has(name) || words.has(lastOf(name));

/**
 * Whether the refusal names the field. A name that is a word of plain English, such as "amount", may
 * stand in any sentence: it counts where fields are named, or where it is said to be missing.
 */
function asksFor(name: string, { words, fields, text }: Named): boolean {
	const top = name.split('.')[0];
	if (fields.has(name) || fields.has(top) || (name !== top && words.has(name))) return true;
	const isPlain = /^[a-z]+$/.test(top);
	if (!isPlain) return words.has(name);
	return new RegExp(
		`\\b${top}\\b\\W*(is|field|property|parameter|\\W)*(required|missing|should not be empty)`,
	).test(text);
}

/** The field's name with the word in its last place, where both are one name in two spellings. */
function sameWith(sent: string, word: string): string | undefined {
	const last = lastOf(sent);
	const spoken = lastOf(word);
	const isOther = spoken.toLowerCase() !== last.toLowerCase();
	if (!isOther || bare(spoken) !== bare(last)) return undefined;
	return sent.slice(0, sent.length - last.length) + spoken;
}

/** The name in the other way of writing: `due_date` and `dueDate`. */
function twinOf(name: string): string | undefined {
	const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
	const camel = name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
	return [snake, camel].find((other) => other !== name);
}

/** `price_id`, `priceUid` and `priceId` are one name. */
const bare = (name: string) => name.replace(/[_-]/g, '').toLowerCase().replace(/u+id$/, 'id');

const copyOf = (value: Body): Body =>
	Object.fromEntries(
		Object.entries(value).map(([name, inner]) => [
			name,
			isPlainObject(inner) ? copyOf(inner) : inner,
		]),
	);

function valueAt(body: Body, name: string): unknown {
	return name
		.split('.')
		.reduce<unknown>(
			(at, step) => (isPlainObject(at) && Object.hasOwn(at, step) ? at[step] : undefined),
			body,
		);
}

function place(body: Body, name: string, value: unknown): void {
	const steps = name.split('.');
	const last = steps.pop()!;
	let at = body;
	for (const step of steps) {
		if (!isPlainObject(at[step])) at[step] = {};
		at = at[step] as Body;
	}
	at[last] = value;
}

/** Takes the value out, and what holds nothing any more with it. */
function remove(body: Body, name: string): void {
	const [step, ...deeper] = name.split('.');
	const inner = body[step];
	if (deeper.length === 0) delete body[step];
	else if (isPlainObject(inner)) {
		remove(inner, deeper.join('.'));
		if (Object.keys(inner).length === 0) delete body[step];
	}
}

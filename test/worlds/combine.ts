/** Makes worlds of forms: one alone, covering pairs, and drawn at random. */
import { make } from 'covertable';
import type { DialectOptions } from '../../simulator';
import { seededRandom } from '../../simulator/random';
import { QUESTIONS, type Concern, type Form, type Question } from './questions';

/** A KuvarPay that could be, and what is tried in it. */
export interface World {
	name: string;
	/** The question that it is about; '' when it is about several. */
	question: string;
	dialect: DialectOptions;
	concerns: Concern[];
	/** Try triggers, lists, pickers and waiting too. */
	whole: boolean;
	endsChange: boolean;
}

/** Each form of each question alone. */
export function alone(): World[] {
	return QUESTIONS.flatMap(({ name, forms }) =>
		forms.map((form) => ({ ...worldOf([form]), name: `${name}: ${form.name}`, question: name })),
	);
}

const USUAL = 'as in the contract';
type Row = Record<string, string>;

/** A set of worlds in which each two forms of different questions meet at least once. */
export function pairs(): World[] {
	const factors = Object.fromEntries(
		QUESTIONS.map((question) => [
			question.name,
			[USUAL, ...formsOf(question).map(({ name }) => name)],
		]),
	);
	const rows = (make(factors, { length: 2 }) as Row[]).map((row) => join({}, row));
	for (const pair of pairsOf(factors)) {
		if (rows.some((row) => holds(row, pair))) continue;
		// It was in a row that cannot be: it goes where there is room for it.
		const index = rows.findIndex((row) => isFree(row, pair) && isPossible({ ...row, ...pair }));
		if (index >= 0) rows[index] = { ...rows[index], ...pair };
		else rows.push(pair);
	}
	return rows.map((row, index) => named(`pairs ${index + 1}`, formsIn(row)));
}

/** All two forms of different questions that one server can have. */
function pairsOf(factors: Record<string, string[]>): Row[] {
	const cells = Object.entries(factors).map(([question, forms]) =>
		forms.map((form): Row => ({ [question]: form })),
	);
	const two = cells.flatMap((ones, index) =>
		cells
			.slice(index + 1)
			.flatMap((others) => ones.flatMap((one) => others.map((other) => ({ ...one, ...other })))),
	);
	// What is usual is there where nothing else is put, so these come last.
	const usual = (row: Row) => Object.values(row).filter((form) => form === USUAL).length;
	return two.filter(isPossible).sort((one, other) => usual(one) - usual(other));
}

/** The row, and of the other one whatever can be together with it. */
function join(row: Row, other: Row): Row {
	return Object.entries(other).reduce((sofar, [question, form]) => {
		const joined = { [question]: form, ...sofar };
		return isPossible(joined) ? joined : sofar;
	}, row);
}

const holds = (row: Row, part: Row): boolean =>
	Object.entries(part).every(([question, form]) => (row[question] ?? USUAL) === form);

const isFree = (row: Row, part: Row): boolean =>
	Object.entries(part).every(([question, form]) => (row[question] ?? form) === form);

/** Worlds in which every question has another answer than the contract's. */
export function random(count: number, seed: number): World[] {
	const chance = seededRandom(seed);
	const worlds: World[] = [];
	while (worlds.length < count) {
		const row = Object.fromEntries(
			QUESTIONS.map((question) => {
				const forms = formsOf(question);
				return [question.name, forms[Math.floor(chance() * forms.length)].name];
			}),
		);
		if (isPossible(row)) worlds.push(named(`random ${worlds.length + 1}`, formsIn(row)));
	}
	return worlds;
}

/** Whether these forms can be those of one server. Rows may be incomplete. */
function isPossible(row: Row): boolean {
	const shape = row['shape of errors'];
	const asPage = shape === 'html' || shape === 'text';
	// A web page names no field, and a page with status 200 tells no refusal.
	const naming = ['spelling of requests', 'wording of a refused field', 'intervals'];
	if (shape === 'html' && naming.some((name) => isOther(row[name]))) return false;
	if (asPage && isOther(row['status of errors'])) return false;
	// A bare list has no place for a cursor.
	if (row['place of rows'] === 'array' && /cursor/i.test(row['next rows'] ?? '')) return false;
	// A list that ends in a refusal cannot end in a success too.
	const endsInRefusal = row['size of pages'] === '404 beyond the last';
	if (endsInRefusal && isOther(row['status of errors'])) return false;
	return true;
}

function isOther(name: string | undefined): boolean {
	return name !== undefined && name !== USUAL;
}

function formsOf({ forms, together }: Question): Form[] {
	return together ?? forms;
}

function formsIn(row: Row): Form[] {
	return QUESTIONS.flatMap((question) =>
		formsOf(question).filter(({ name }) => row[question.name] === name),
	);
}

function named(name: string, forms: Form[]): World {
	return { ...worldOf(forms), name };
}

function worldOf(forms: Form[]): World {
	const under = forms.map((form) => form.with ?? {});
	const dialect = merged([...under, ...forms.map((form) => form.dialect)]);
	const concerns = new Map(
		forms
			.flatMap((form) => form.concerns ?? [])
			.map((concern) => [`${concern.operation} ${concern.refusal}`, concern]),
	);
	return {
		name: '',
		question: '',
		dialect,
		concerns: [...concerns.values()],
		whole: !forms.every(({ local }) => local),
		endsChange: forms.some(({ endsChange }) => endsChange),
	};
}

/** Later ones win, down to single settings. */
function merged(dialects: DialectOptions[]): DialectOptions {
	return dialects.reduce<Record<string, unknown>>(
		(sofar, dialect) => mergedTwo(sofar, dialect as Record<string, unknown>),
		{},
	);
}

function mergedTwo(
	one: Record<string, unknown>,
	other: Record<string, unknown>,
): Record<string, unknown> {
	const result = { ...one };
	for (const [name, value] of Object.entries(other)) {
		const known = result[name];
		result[name] = isTable(known) && isTable(value) ? mergedTwo(known, value) : value;
	}
	return result;
}

function isTable(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

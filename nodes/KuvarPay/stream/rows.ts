type Cell = string | number | null | undefined;

/** Rows by name, as n8n's static data keeps them. */
export type Rows = Record<string | number, string>;

/**
 * A row as one text, such as `PENDING,,1764000000000`. n8n makes each list that it keeps observable,
 * and does so again for every execution: with a thousand rows that took longer than the executions.
 * A text is left as it is, and is shorter.
 */
export function writeRow(cells: Cell[]): string {
	const end = cells.findLastIndex((cell) => cell !== undefined && cell !== null && cell !== '') + 1;
	return cells.slice(0, end).map(write).join(',');
}

export const readRow = (text: string): string[] => text.split(',').map(read);

/** What was saved may be of another version, or changed by hand: what is no text is no row. */
export function readRows(rows: unknown): Array<[name: string, cells: string[]]> {
	if (typeof rows !== 'object' || rows === null || Array.isArray(rows)) return [];
	return Object.entries(rows)
		.filter((row): row is [string, string] => typeof row[1] === 'string')
		.map(([name, text]) => [name, readRow(text)]);
}

const write = (value: Cell): Cell =>
	typeof value === 'string' && /[%,]/.test(value)
		? value.replace(/[%,]/g, encodeURIComponent)
		: value;

const read = (text: string): string => text.replace(/%(25|2C)/g, decodeURIComponent);

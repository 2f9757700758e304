type Cell = string | number | null | undefined;

/** Rows by name, as n8n's static data keeps them. */
export type Rows = Record<string, string>;

/**
 * A row as one text, such as `PENDING,,1764000000000`. n8n makes each list that it keeps observable,
 * and does so again for every execution: with a thousand rows that took longer than the executions.
 * A text is left as it is, and is shorter.
 */
export const writeRow = (cells: Cell[]): string => cells.map(write).join(',').replace(/,+$/, '');

export const readRow = (text: string): string[] => text.split(',').map(read);

/** What was saved may be of another version, or changed by hand: what is no text is no row. */
export function readRows(rows: unknown): Array<[name: string, cells: string[]]> {
	if (typeof rows !== 'object' || rows === null || Array.isArray(rows)) return [];
	return Object.entries(rows)
		.filter((row): row is [string, string] => typeof row[1] === 'string')
		.map(([name, text]) => [name, readRow(text)]);
}

const write = (value: Cell): string => String(value ?? '').replace(/[%,]/g, encodeURIComponent);

const read = (text: string): string => text.replace(/%(25|2C)/g, decodeURIComponent);

/**
 * Rows of texts and numbers as one text, such as `a,PENDING;b,COMPLETED,5`. n8n makes each list that
 * it keeps observable, with each list in it, and does so again for every execution: with a thousand
 * rows that took longer than the executions. A text is left as it is, and is shorter.
 */
export function writeRows(rows: Array<Array<string | number | null | undefined>>): string {
	return rows.map((row) => row.map(write).join(',').replace(/,+$/, '')).join(';');
}

/** What was saved may be of another version, or changed by hand: what is no text has no rows. */
export function readRows(text: unknown): string[][] {
	if (typeof text !== 'string' || text === '') return [];
	return text.split(';').map((row) => row.split(',').map(read));
}

const write = (value: string | number | null | undefined): string =>
	String(value ?? '').replace(/[%,;]/g, encodeURIComponent);

const read = (text: string): string => text.replace(/%(25|2C|3B)/g, decodeURIComponent);

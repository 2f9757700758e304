// What a benchmark found, and how it is printed.
import { cpus, totalmem } from 'node:os';
import Table from 'cli-table3';

/** A promise with a number, and whether it was kept. */
export interface Goal {
	text: string;
	met: boolean;
	seen: string;
	/** Where it is missed by no more than docs/benchmarks.md explains: up to which figure. */
	explained?: string;
}

export interface Report {
	title: string;
	head: string[];
	rows: string[][];
	goals: Goal[];
	/** What one must know to read the table. */
	notes?: string[];
}

export const goal = (text: string, met: boolean, seen: string): Goal => ({ text, met, seen });

/**
 * A goal for the ratio to a peer.
 * @param explained up to which ratio docs/benchmarks.md shows by a profile why it is missed: a miss stays
 * a miss, but is no news
 */
export const ratioGoal = (text: string, ratio: number, most: number, explained = most): Goal => ({
	...goal(text, ratio <= most, times(ratio)),
	...(ratio > most && ratio <= explained && { explained: times(explained) }),
});

const tellGoal = ({ text, seen, explained }: Goal): string =>
	`${text}: ${seen}${explained ? ` (explained up to ${explained})` : ''}`;

/** "1.24 s" or "12.3 ms". */
export function ms(value: number): string {
	if (!Number.isFinite(value)) return '-';
	if (value >= 1000) return `${(value / 1000).toFixed(2)} s`;
	return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ms`;
}

export const kB = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;
export const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
export const times = (ratio: number): string => `${ratio.toFixed(2)} x`;
export const many = (count: number): string => Math.round(count).toLocaleString('en-US');

/** A value below which so many of 100 are. */
export function percentile(values: readonly number[], percent: number): number {
	const sorted = Float64Array.from(values).sort();
	return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
}

export const median = (values: readonly number[]): number => percentile(values, 50);

/** The machine, for the head of every output: figures mean nothing without it. */
export function machine(): string {
	const [{ model }] = cpus();
	return `Node ${process.version}, ${cpus().length} x ${model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, ${process.platform}, ${new Date().toISOString().slice(0, 10)}`;
}

/** For the terminal. */
export function asText({ title, head, rows, goals, notes = [] }: Report): string {
	const table = new Table({ head, style: { head: [], border: [] } });
	table.push(...rows);
	return [
		`\n${title}`,
		table.toString(),
		...notes.map((note) => `  ${note}`),
		...goals.map((one) => `  ${one.met ? 'met   ' : 'MISSED'} ${tellGoal(one)}`),
	].join('\n');
}

/** For the documentation. */
export function asMarkdown({ title, head, rows, goals, notes = [] }: Report): string {
	const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
	return [
		`### ${title}\n`,
		line(head),
		line(head.map(() => '---')),
		...rows.map(line),
		'',
		...notes.map((note) => `${note}\n`),
		...goals.map((one) => `- ${one.met ? 'met' : '**missed**'}: ${tellGoal(one)}`),
		'',
	].join('\n');
}

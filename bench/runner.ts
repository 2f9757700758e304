// The command line that benchmarks and fault runs share: choose, run, print, tell by the exit code.
import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import { Lab } from './lab';
import { asMarkdown, asText, machine, type Report } from './report';

export interface Settings {
	lab: Lab;
	/** Small numbers, to see whether everything works; its figures say little. */
	quick: boolean;
	seed: number;
	/** Length of the runs that are measured by the clock. */
	minutes: number;
	/** A line on what is going on. */
	say: (line: string) => void;
}

/** One benchmark or fault run; may give several tables. */
export type Part = (settings: Settings) => Promise<Report[]>;

interface Flags {
	only?: string[];
	quick?: boolean;
	seed: string;
	minutes: string;
	markdown?: string;
}

/** Runs the parts one after the other; the exit code is 1 when a goal was missed by more than is explained. */
export async function runParts(
	name: string,
	parts: Record<string, Part>,
	{ peers }: { peers: boolean },
): Promise<void> {
	const flags = new Command(name)
		.option('--only <names...>', `some of: ${Object.keys(parts).join(', ')}`)
		.option('--quick', 'small numbers, to see that it works')
		.option('--seed <number>', 'what chance begins with', '1')
		.option('--minutes <number>', 'length of the long runs', '10')
		.option('--markdown <file>', 'write the tables to a file as well')
		.parse()
		.opts<Flags>();
	const unknown = flags.only?.find((only) => !(only in parts));
	if (unknown !== undefined) throw new Error(`There is no part "${unknown}"`);

	console.log(machine());
	const lab = await Lab.open({ peers });
	const reports: Report[] = [];
	try {
		for (const [part, run] of Object.entries(parts)) {
			if (flags.only && !flags.only.includes(part)) continue;
			const found = await run({
				lab,
				quick: flags.quick === true,
				seed: Number(flags.seed),
				minutes: flags.quick ? 0.2 : Number(flags.minutes),
				say: (line) => console.log(`${part}: ${line}`),
			});
			for (const report of found) console.log(asText(report));
			reports.push(...found);
		}
	} finally {
		await lab.close();
	}
	if (flags.markdown)
		writeFileSync(flags.markdown, [machine(), ...reports.map(asMarkdown)].join('\n\n'));
	const missed = reports.flatMap(({ goals }) => goals).filter(({ met }) => !met);
	const unexplained = missed.filter(({ explained }) => explained === undefined);
	if (missed.length === 0) console.log('\nAll goals met.');
	else
		console.log(
			`\n${missed.length} goals missed; docs/benchmarks.md explains ${missed.length - unexplained.length} of them by a profile.`,
		);
	process.exitCode = unexplained.length === 0 ? 0 : 1;
}

/** Ends the process with the error's text. */
export function fail(error: unknown): void {
	console.error((error as Error).stack ?? error);
	process.exitCode = 1;
}

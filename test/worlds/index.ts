/** `npm run worlds`: in how many of the KuvarPays that could be the package works without a setting. */
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { packAndUnpack } from '../../engine';
import { alone, pairs, random, type World } from './combine';
import { IMPOSSIBLE } from './impossible';
import { tour } from './tour';
import type { Visit } from './visit';

const SETS = ['alone', 'pairs', 'random'] as const;

interface Flags {
	set: string;
	only?: string;
	seed: number;
	count: number;
	sideBySide: number;
	verbose?: boolean;
}

function number(text: string): number {
	const value = Number(text);
	if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Not a whole number.');
	return value;
}

const program = new Command('worlds')
	.description('Tries the package in every KuvarPay that could be.')
	.option('--set <names>', 'alone, pairs, random; several with commas', SETS.join())
	.option('--only <text>', 'worlds with this in their name')
	.option('--seed <number>', 'draws the same random worlds again', number, Date.now() % 100_000)
	.option('--count <number>', 'how many random worlds', number, 50)
	.option('--side-by-side <number>', 'worlds at a time', number, 12)
	.option('--verbose', 'tell of every failure, with the dialect it happened in');

function worldsOf({ set, only, seed, count }: Flags): World[] {
	const sets = set.split(',');
	const worlds = [
		...(sets.includes('alone') ? alone() : []),
		...(sets.includes('pairs') ? pairs() : []),
		...(sets.includes('random') ? random(count, seed) : []),
	];
	return only === undefined ? worlds : worlds.filter(({ name }) => name.includes(only));
}

function report(visits: Visit[], verbose: boolean | undefined): string {
	const groups = new Map<string, Visit[]>();
	for (const visit of visits) {
		const { question, name } = visit.world;
		const group = question || name.replace(/ \d+$/, '');
		groups.set(group, [...(groups.get(group) ?? []), visit]);
	}
	const table = new Table({
		head: ['question', 'works', 'does not'],
		colWidths: [34, 9, 78],
		wordWrap: true,
	});
	for (const [group, members] of groups) {
		const bad = members.filter(({ failures }) => failures.length > 0);
		const names = bad.map(({ world }) =>
			world.name.replace(`${group}: `, '').replace(`${group} `, ''),
		);
		table.push([group, `${members.length - bad.length}/${members.length}`, names.join(', ')]);
	}
	const lines = [table.toString()];
	if (verbose) {
		for (const { world, failures } of visits.filter((visit) => visit.failures.length > 0)) {
			lines.push('', world.name, `  ${JSON.stringify(world.dialect)}`);
			lines.push(...failures.map(({ check, message }) => `  ${check}: ${message}`));
		}
	}
	lines.push('', 'Cannot be found out by any client, and not counted:');
	lines.push(...IMPOSSIBLE.map(([what, why]) => `  - ${what}: ${why}`));
	const works = visits.filter(({ failures }) => failures.length === 0).length;
	return `${lines.join('\n')}\n\n${works} of ${visits.length} worlds\n`;
}

async function main(): Promise<void> {
	const flags = program.parse().opts<Flags>();
	const worlds = worldsOf(flags);
	process.stdout.write(`${worlds.length} worlds, seed ${flags.seed}\n`);
	const { packageDir, cleanup } = await packAndUnpack({ engine: 'newest' });
	const start = performance.now();
	try {
		let done = 0;
		const visits = await tour(worlds, {
			packageDir,
			sideBySide: flags.sideBySide,
			onVisit: () => {
				done += 1;
				if (done % 25 === 0) process.stderr.write(`${done} of ${worlds.length}\n`);
			},
		});
		process.stdout.write(report(visits, flags.verbose));
		process.stdout.write(`${Math.round((performance.now() - start) / 1000)} s\n`);
		if (visits.some(({ failures }) => failures.length > 0)) process.exitCode = 1;
	} finally {
		await cleanup();
	}
}

void main();

// Fuzzing: what comes from outside may be anything.
import { goal, many, ms, type Report } from '../report';
import type { Part } from '../runner';
import { fuzz as run, type Surface } from './fuzzing';
import { answers, parameters, streamBytes, webhooks } from './surfaces';

/** Inputs for each surface; over a million in all. */
const PLAN: Array<[string, Surface, number]> = [
	['event streams', streamBytes, 150_000],
	['answers of the API', answers, 300_000],
	['webhook requests', webhooks, 300_000],
	['parameters', parameters, 300_000],
];

export const fuzz: Part = async ({ quick, seed, say }) => {
	const report: Report = {
		title: `Fuzzing, seed ${seed}`,
		head: ['surface', 'inputs', 'findings', 'slowest input', 'time'],
		rows: [],
		goals: [],
	};
	let all = 0;
	for (const [name, surface, inputs] of PLAN) {
		say(name);
		const outcome = await run(name, surface, quick ? inputs / 100 : inputs, seed);
		for (const { seed: own, what } of outcome.findings) say(`seed ${own}: ${what}`);
		all += outcome.inputs;
		report.rows.push([
			name,
			many(outcome.inputs),
			many(outcome.findings.length),
			ms(outcome.slowest),
			ms(outcome.seconds * 1000),
		]);
		report.goals.push(
			goal(
				`${name}: no crash, no hang, no key told`,
				outcome.findings.length === 0,
				`${outcome.findings.length} findings`,
			),
		);
	}
	if (!quick) report.goals.push(goal('at least 1,000,000 inputs', all >= 1_000_000, many(all)));
	return [report];
};

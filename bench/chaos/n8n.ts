// The real n8n is broken while payments complete: each starts the workflow once all the same.
import { goal, many, ms, type Goal, type Report } from '../report';
import type { Part } from '../runner';
import { Stand, type Told } from './n8nStand';
import { trials, type Trial } from './n8nTrials';

/** On a fresh n8n. */
async function attempt(trial: Trial, payments: number): Promise<Told> {
	const stand = await Stand.start(trial);
	try {
		await trial.run(stand, payments);
		return await stand.told();
	} finally {
		await stand.close();
	}
}

export const n8n: Part = async ({ quick, say }) => {
	const payments = quick ? 10 : 60;
	const rows: string[][] = [];
	const goals: Goal[] = [];
	const notes: string[] = [];
	for (const trial of trials) {
		const { name, impossible } = trial;
		const begun = performance.now();
		try {
			const told = await attempt(trial, payments);
			const { lost, twice, interrupted } = told;
			const took = performance.now() - begun;
			say(`${name}: ${lost} lost, ${twice} twice, ${interrupted} interrupted, ${ms(took)}`);
			rows.push([name, ...[told.payments, lost, twice, interrupted].map(many), ms(took)]);
			if (impossible === undefined)
				goals.push(
					goal(`${name}: 0 lost, 0 twice`, lost + twice === 0, `${lost} lost, ${twice} twice`),
				);
			else {
				goals.push(goal(`${name}: 0 lost`, lost === 0, `${lost} lost`));
				notes.push(`${name}: ${impossible}`);
			}
		} catch (error) {
			say(`${name}: ${(error as Error).stack}`);
			goals.push(goal(`${name}: could be tried`, false, (error as Error).message.split('\n')[0]));
		}
	}
	const report: Report = {
		title: 'n8n 2.41.1 broken, SQLite',
		head: ['what', 'payments', 'lost', 'twice', 'interrupted', 'time'],
		rows,
		goals,
		notes: [
			'Interrupted: n8n had started the execution and was killed in it; it shows it as crashed and does not start it again.',
			...notes,
		],
	};
	return [report];
};

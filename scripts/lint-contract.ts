/**
 * Lints the contract and exits with 1 when there is anything to report, warnings included.
 * A script of its own because the linter ships only as ES modules, which jest cannot load.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';
import { confidenceProblems } from './confidence';
import { CONTRACT_FILE, loadContract } from './contract';

async function main(): Promise<void> {
	const rules = readFileSync(join(__dirname, '../contract/redocly.yaml'), 'utf8');
	const problems = await lint({ ref: CONTRACT_FILE, config: await createConfig(rules) });
	for (const { severity, ruleId, message, location } of problems) {
		console.error(`${severity} ${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
	}
	const unsure = confidenceProblems(loadContract());
	for (const problem of unsure) console.error(`error confidence ${problem}`);
	process.exitCode = problems.length + unsure.length > 0 ? 1 : 0;
}

void main();

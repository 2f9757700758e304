/**
 * Lints the contract and exits with 1 when there is anything to report, warnings included.
 * A script of its own because the linter ships only as ES modules, which jest cannot load.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createConfig, lint } from '@redocly/openapi-core';
import { CONTRACT_FILE } from './contract';

async function main(): Promise<void> {
	const rules = readFileSync(join(__dirname, '../contract/redocly.yaml'), 'utf8');
	const problems = await lint({ ref: CONTRACT_FILE, config: await createConfig(rules) });
	for (const { severity, ruleId, message, location } of problems) {
		console.error(`${severity} ${ruleId} ${location[0]?.pointer ?? ''}: ${message}`);
	}
	process.exitCode = problems.length > 0 ? 1 : 0;
}

void main();

/**
 * n8n's own gate for community packages, without the registry: the rules that n8n's reviewers run,
 * over the sources and over the unpacked tarball. Beyond what n8n asks, warnings count too.
 *
 *   node scripts/gate.mjs [--source <directory>] [--tarball <unpacked package>]
 */
import {
	analyzePackage,
	buildScanConfig,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ESLint } from 'eslint';

const text = { type: 'string' };
const { values } = parseArgs({ options: { source: text, tarball: text } });

async function warningsOf(cwd, patterns) {
	const eslint = new ESLint({
		cwd,
		allowInlineConfig: false,
		overrideConfigFile: true,
		overrideConfig: await buildScanConfig(),
		errorOnUnmatchedPattern: false,
	});
	const results = await eslint.lintFiles(patterns);
	const found = results.filter(({ warningCount, errorCount }) => warningCount + errorCount > 0);
	return found.length === 0 ? '' : await (await eslint.loadFormatter('stylish')).format(found);
}

for (const [name, patterns] of [
	['source', SOURCE_FILE_PATTERNS],
	['tarball', ['**/*.js', 'package.json']],
]) {
	if (values[name] === undefined) continue;
	const directory = resolve(values[name]);
	const { passed, message, details } = await analyzePackage(directory, patterns);
	const warnings = await warningsOf(directory, patterns);
	if (passed && warnings === '') console.log(`${name}: no errors, no warnings`);
	else {
		console.log(`${name}: ${message ?? 'warnings'}\n${details ?? warnings}`);
		process.exitCode = 1;
	}
}

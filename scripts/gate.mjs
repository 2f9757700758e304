/**
 * n8n's own gate for community packages, without the registry: the rules that n8n's reviewers run,
 * over the sources and over the unpacked tarball. Warnings count too.
 *
 *   node scripts/gate.mjs <source directory> <unpacked package>
 */
import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

const [source, unpacked] = process.argv.slice(2);
const results = {
	source: await analyzePackage(source, SOURCE_FILE_PATTERNS),
	tarball: await analyzePackage(unpacked, ['**/*.js', 'package.json']),
};
for (const [name, { passed, message, details }] of Object.entries(results)) {
	const clean = passed && !details;
	console.log(
		`${name}: ${clean ? 'no errors, no warnings' : `${message ?? ''}\n${details ?? ''}`}`,
	);
	if (!clean) process.exitCode = 1;
}

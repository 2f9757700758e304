/**
 * Writes the documents, and parts of documents, that are generated. With --check it writes nothing
 * and fails when one of them is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// With its extension, or it would be the codex file KuvarPay.node.json.
import { KuvarPay } from '../nodes/KuvarPay/KuvarPay.node.js';
import { apiConfidence } from './api-confidence';
import { thirdPartyLicenses } from './licenses';
import { operationsTable } from './operations-table';

type GeneratedDocument = {
	/** Where it goes, from the root of the project. */
	file: string;
	content(): string;
	/** Only what stands between `<!-- name -->` and `<!-- /name -->` is generated. */
	part?: string;
};

/** To generate another document, add it here. */
const documents: GeneratedDocument[] = [
	{ file: 'docs/api-confidence.md', content: apiConfidence },
	{
		file: 'README.md',
		part: 'operations',
		content: () => operationsTable(new KuvarPay().description),
	},
	{ file: 'THIRD_PARTY_LICENSES.md', content: thirdPartyLicenses },
];

const root = join(__dirname, '..');

/** The whole file as it should be. */
function wanted({ file, part, content }: GeneratedDocument, current: string): string {
	if (!part) return content();
	const [opening, closing] = [`<!-- ${part} -->`, `<!-- /${part} -->`];
	const [start, end] = [current.indexOf(opening), current.indexOf(closing)];
	if (start < 0 || end < start) throw new Error(`${file} lacks ${opening} … ${closing}`);
	return `${current.slice(0, start + opening.length)}\n\n${content()}\n\n${current.slice(end)}`;
}

function main(check: boolean): void {
	for (const document of documents) {
		const path = join(root, document.file);
		const current = existsSync(path) ? readFileSync(path, 'utf8') : '';
		const text = wanted(document, current);
		if (text === current) continue;
		if (check) {
			console.error(`${document.file} is out of date: run npm run docs`);
			process.exitCode = 1;
		} else {
			writeFileSync(path, text);
			console.log(`Wrote ${document.file}`);
		}
	}
}

main(process.argv.includes('--check'));

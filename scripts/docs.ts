/**
 * Writes the documents that are generated from the contract. With --check it writes nothing and
 * fails when one of them is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIDENCE_LEVELS, loadContract, operations } from './contract';
import type { Confidence, Operation } from './contract';

type GeneratedDocument = {
	/** Where it goes, from the root of the project. */
	file: string;
	content(): string;
};

/** To generate another document, add it here. */
const documents: GeneratedDocument[] = [{ file: 'docs/api-confidence.md', content: apiConfidence }];

const root = join(__dirname, '..');

const meanings: Record<Confidence, string> = {
	documented: 'stated on a page of the KuvarPay documentation, current or older',
	client: "seen in a public client's code",
	guide: "stated in the documentation's subscriptions guide, which abbreviates paths",
	'inferred-high':
		'not stated outright; follows from a related page, or from a naming rule that holds wherever it can be checked',
	'inferred-medium': 'stated nowhere; likely, but another path would be natural too',
	'inferred-low': 'stated nowhere; a guess among several, see the alternatives',
};

function apiConfidence(): string {
	const contract = loadContract();
	const all = operations(contract);
	const count = (level: Confidence) => all.filter((found) => found.confidence === level).length;
	return `<!-- Generated from contract/kuvarpay.openapi.yaml by \`npm run docs\`. Do not edit. -->

# How sure we are of the API

Nobody who worked on this package has called the live KuvarPay API. Methods, paths and fields were
put together from the public documentation, of which not every page could be read, and from public
clients. This page says for each operation how well its method and path are supported. What is known
of single fields is in the contract, \`contract/kuvarpay.openapi.yaml\`.

When an operation answers 404, look at its alternatives below and set the one that works with the
option **Path Override** of the node, without waiting for a release. Then please open an issue, so
that it is put right for everybody.

| Label | Meaning | Operations |
| --- | --- | --- |
${CONFIDENCE_LEVELS.map((level) => `| ${level} | ${meanings[level]} | ${count(level)} |`).join('\n')}

The source "naming convention" means that the titles in the documentation's menu are built from the
paths: \`GET /subscriptions/plans\` is titled "Get Plans". Titles written by hand do not tell the
path, which is why those operations are less sure.

The hosts are ${contract.servers[0].url} (payments) and ${businessUrl()} (business).

| Operation | Method and path | Host | Confidence | Source | Alternatives |
| --- | --- | --- | --- | --- | --- |
${all.map(row).join('\n')}
`;

	function businessUrl(): string {
		const { servers } = Object.values(contract.paths).find((item) => item.servers) ?? {};
		return servers?.[0].url ?? '';
	}
}

function row(found: Operation): string {
	const cells = [
		`\`${found.id}\``,
		`\`${found.method} ${found.path}\``,
		found.server,
		found.confidence,
		found.source,
		found.alternatives.map((alternative) => `\`${alternative}\``).join('<br>'),
	];
	return `| ${cells.join(' | ')} |`;
}

function main(check: boolean): void {
	for (const { file, content } of documents) {
		const path = join(root, file);
		const wanted = content();
		if (existsSync(path) && readFileSync(path, 'utf8') === wanted) continue;
		if (check) {
			console.error(`${file} is out of date: run npm run docs`);
			process.exitCode = 1;
		} else {
			writeFileSync(path, wanted);
			console.log(`Wrote ${file}`);
		}
	}
}

main(process.argv.includes('--check'));

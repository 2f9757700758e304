/** docs/api-confidence.md: how well each operation's method and path are supported. */
import { CONFIDENCE_LEVELS, loadContract, operations } from './contract';
import type { Confidence, Contract, Operation } from './contract';

const meanings: Record<Confidence, string> = {
	documented: 'stated on a page of the KuvarPay documentation, current or older',
	client: "seen in a public client's code",
	guide: "stated in the documentation's subscriptions guide, which abbreviates paths",
	'inferred-high':
		'not stated outright; follows from a related page, or from a naming rule that holds wherever it can be checked',
	'inferred-medium': 'stated nowhere; likely, but another path would be natural too',
	'inferred-low': 'stated nowhere; a guess among several, see the alternatives',
};

export function apiConfidence(): string {
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

The hosts are ${contract.servers[0].url} (payments) and ${businessUrl(contract)} (business).

| Operation | Method and path | Host | Confidence | Source | Alternatives |
| --- | --- | --- | --- | --- | --- |
${all.map(row).join('\n')}
`;
}

function businessUrl(contract: Contract): string {
	const { servers } = Object.values(contract.paths).find((item) => item.servers) ?? {};
	return servers?.[0].url ?? '';
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

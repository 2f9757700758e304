/** docs/api-confidence.md: how well each operation's method, path, body and answer are supported. */
import { CONFIDENCE_LEVELS, MEANINGS, partsOf } from './confidence';
import type { Confidence, Part } from './confidence';
import { loadContract, operations, serverObjects } from './contract';
import type { Contract, Operation } from './contract';

/** What no source tells. The nodes take it as it comes; only a call can answer it. */
const UNKNOWN = [
	'**Form of the key**: as it is, as `Bearer`, or in `x-api-key`; whether the business ID is needed; how sandbox keys look, and whether there is a sandbox host.',
	"**Who may open a stream**: the current documentation draws the key, beside a second scheme that could not be seen; the older one demands the session's `authToken` in the place of the key. Whether that token is there when a session is read is not known either.",
	'**Names of stream events**: only `session_update` is stated. The name for transactions, greetings, snapshots, heartbeats, what an event carries beside the object, how a stream ends, and whether it repeats what was missed.',
	'**Which statuses are final**: nothing says that a status ends anything. A completed payment may be refunded, an expired one be paid.',
	'**Order of lists**: whether the newest or the oldest come first.',
	'**Pages of lists**: how a page is asked for, how many rows it has by default and at most, and where the answer tells how many there are.',
	'**Limits**: how many requests are taken, and how it is told that it was too many.',
	'**Errors**: their shape, their codes, and every status but 404.',
	'**Spelling of fields** of which several names were published: `priceUid` or `priceId`, `uid` or `id`, `month` or `MONTHLY`, and others; the contract has them beside the field.',
	'**Idempotency keys**: how long they are kept, what the same key with another body gets, and whether they count on PATCH and DELETE.',
	'**Webhooks**: what a body looks like, and which events there are beyond those of the contract.',
	'**Names of sandbox scenarios**, and the complete lists of currencies and networks.',
];

export function apiConfidence(): string {
	const contract = loadContract();
	const all = operations(contract);
	const count = (level: Confidence) => all.filter((found) => found.confidence === level).length;
	return `<!-- Generated from contract/kuvarpay.openapi.yaml by \`npm run docs\`. Do not edit. -->

# How sure we are of the API

Nobody who worked on this package has called the live KuvarPay API. Methods, paths and fields were
put together from the public documentation, of which not every page could be read, and from public
clients. This page says how well each operation is supported. What is known of single fields is in
the contract, \`contract/kuvarpay.openapi.yaml\`.

| Label | Meaning | Operations |
| --- | --- | --- |
${CONFIDENCE_LEVELS.map((level) => `| ${level} | ${MEANINGS[level]} | ${count(level)} |`).join('\n')}

Nothing is surer than what it stands in, and nothing is surer than its source: a field of an
operation with a guessed path is a guess too. That a field is required, and every limit to its value,
is \`inferred-medium\` at most.

## Hosts

| Host | Address | Confidence | Source |
| --- | --- | --- | --- |
${hosts(contract)}

Both come from an older generation of the documentation. Should they have changed, set **Base URL**
and **Invoice and Payment Link Base URL** in the credential.

## Operations

**Confidence** is that of method and path, **Body** and **Answer** are those of what is sent and of
what comes back when all goes well. The source "naming convention" means that the titles in the
documentation's menu are built from the paths: \`GET /subscriptions/plans\` is titled "Get Plans".
"Menu title" means a title in words that do not tell the path.

| Operation | Method and path | Host | Confidence | Body | Answer | Source |
| --- | --- | --- | --- | --- | --- | --- |
${all.map((found) => row(contract, found)).join('\n')}

## Other paths to try

When an operation answers 404 or 405 although the ID exists, the path may be another. These are the
likely ones, the likeliest first. Copy one as it is into the option **Path Override** of the node;
names in braces are filled in from the fields of the operation. If one works, please open an issue,
so that it is put right for everybody.

| Operation | Paths |
| --- | --- |
${all
	.filter(({ alternatives }) => alternatives.length > 0)
	.map(({ id, alternatives }) => `| \`${id}\` | ${alternatives.map(code).join('<br>')} |`)
	.join('\n')}

## Not known at all

${UNKNOWN.map((one) => `- ${one}`).join('\n')}
`;
}

const code = (text: string) => `\`${text}\``;

function hosts(contract: Contract): string {
	return Object.entries(serverObjects(contract))
		.map(
			([name, { url, 'x-confidence': confidence, 'x-source': source }]) =>
				`| ${name} | ${url} | ${confidence} | ${source} |`,
		)
		.join('\n');
}

function row(contract: Contract, found: Operation): string {
	const { requestBody, responses } = found.definition;
	const cells = [
		code(found.id),
		code(`${found.method} ${found.path}`),
		found.server,
		found.confidence,
		sureness(contract, found, requestBody),
		sureness(contract, found, responses['200']),
		found.source,
	];
	return `| ${cells.join(' | ')} |`;
}

/** How sure the content of a body or an answer is as a whole, its single fields aside. */
function sureness(
	contract: Contract,
	{ confidence }: Operation,
	described: Record<string, unknown> | undefined,
): string {
	if (!described) return '';
	const parts = partsOf(contract, described, { place: '', confidence });
	const isContent = ({ place }: Part) => /^\/content\/\w+\/[\w-]+\/schema$/.test(place);
	return parts.find(isContent)?.confidence ?? '';
}

/** How sure the contract is of its parts: the labels, what each source can bear, and who breaks the rules. */

/** From the surest to the least sure, with what each means of a method and path. */
export const MEANINGS = {
	documented: "stated on a page of KuvarPay's current documentation",
	'documented-older':
		'stated on a page of an older generation of the documentation; names may have changed since',
	client: 'seen in the code of a public client',
	guide: "stated in the documentation's subscriptions guide, which abbreviates paths",
	'inferred-high':
		'not stated outright; follows from a related page, or from a naming rule that holds wherever it can be checked',
	observed: 'seen in other public material of the provider, not said to belong to the API',
	'inferred-medium': 'stated nowhere; likely, but another form would be natural too',
	'inferred-low': 'stated nowhere; a guess among several, see the alternatives',
} as const;

export type Confidence = keyof typeof MEANINGS;

export const CONFIDENCE_LEVELS = Object.keys(MEANINGS) as Confidence[];

const DOCS = 'https://developers.kuvarpay.com';

/** Of the pages that could be read, those of the current generation; the first stands for the menu. */
const CURRENT_PAGES = [
	DOCS,
	`${DOCS}/get-session-details-26341576e0`,
	`${DOCS}/renew-subscription-26341577e0`,
	`${DOCS}/webhooks-integration-guide-1527746m0`,
];

/** Each kind of source, and the surest label that it can bear. */
const BEARS: Record<string, Confidence> = {
	...Object.fromEntries(CURRENT_PAGES.map((page) => [page, 'documented'])),
	[`${DOCS}/subscriptions-guide-1608930m0`]: 'guide',
	'public client': 'client',
	'naming convention': 'inferred-high',
	analogy: 'inferred-high',
	'public material': 'observed',
	'menu title': 'inferred-medium',
	'common practice': 'inferred-medium',
	guess: 'inferred-low',
};

/** Undefined for what is no source. Any other page of the documentation is an older one. */
const bears = (source: string): Confidence | undefined =>
	BEARS[source] ?? (source.startsWith(`${DOCS}/`) ? 'documented-older' : undefined);

const rank = (level: Confidence) => CONFIDENCE_LEVELS.indexOf(level);

export const lessSure = (one: Confidence, other: Confidence) =>
	rank(one) > rank(other) ? one : other;

/** Any object of the contract, for the walk over all of it. */
type Node = Record<string, unknown> & { 'x-confidence'?: Confidence; 'x-source'?: string };

/** What the labels stand in. */
type Labelled = Record<'paths' | 'webhooks' | 'components', object> & { servers: object[] };

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null;

/** What stands in a part; examples are no parts. */
const within = (node: Node) =>
	Object.entries(node).filter(
		(entry): entry is [string, Node] => !/^examples?$/.test(entry[0]) && isNode(entry[1]),
	);

/** A place of the contract and how sure it is there, all that it stands in considered. */
export type Part = { place: string; confidence: Confidence };

/** Everything below a node, references followed, none of it surer than the node. */
export function partsOf(contract: Labelled, node: Node, start: Part): Part[] {
	const walk = (at: Node, { place, confidence }: Part, open: string[]): Part[] => {
		const { $ref } = at as { $ref?: string };
		if ($ref !== undefined) {
			// A schema that contains itself.
			if (open.includes($ref)) return [];
			return walk(resolve(contract, $ref), { place, confidence }, [...open, $ref]);
		}
		const here = { place, confidence: lessSure(at['x-confidence'] ?? confidence, confidence) };
		const below = within(at).flatMap(([name, inner]) =>
			walk(inner, { place: `${place}/${name}`, confidence: here.confidence }, open),
		);
		return [here, ...below];
	};
	return walk(node, start, []);
}

/** What a `$ref` points at. */
function resolve(contract: Labelled, pointer: string): Node {
	return pointer
		.slice(2)
		.split('/')
		.reduce<unknown>((at, name) => (at as Node)[name], contract) as Node;
}

/** Where the contract breaks the rules that its own description gives, as `<place>: <what is wrong>`. */
export function confidenceProblems(contract: Labelled): string[] {
	const { paths, webhooks, components, servers } = contract;
	const silent = mustSay(contract).filter(([, part]) => !part['x-confidence']);
	return [
		...silent.map(([place]) => `${place}: has no x-confidence`),
		...labelProblems({ paths, webhooks, components, servers }),
	];
}

/** Hosts, operations, and all that is shared, because no single place where it is used speaks for it. */
function mustSay({ paths, webhooks, components, servers }: Labelled): Array<[string, Node]> {
	const inside = (node: object, place: string) =>
		Object.entries(node).map(([name, part]): [string, Node] => [`${place}/${name}`, part as Node]);
	const items = [...inside(paths, '/paths'), ...inside(webhooks, '/webhooks')];
	return [
		...inside(servers, '/servers'),
		...items.flatMap(([place, item]) => [
			...inside(item.servers ?? [], `${place}/servers`),
			...inside(item, place).filter(([, part]) => 'operationId' in part),
		]),
		...inside(components, '/components').flatMap(([place, shared]) => inside(shared, place)),
	];
}

function labelProblems(node: Node, place = '', container?: Confidence): string[] {
	const { 'x-confidence': label, 'x-source': source } = node;
	const wrong = (what: string) => `${place}: ${what}`;
	const problems: string[] = [];
	if (label === undefined) {
		if (source !== undefined) problems.push(wrong('x-source without x-confidence'));
	} else if (!(label in MEANINGS)) problems.push(wrong(`unknown x-confidence ${label}`));
	else {
		if (container && rank(label) < rank(container))
			problems.push(wrong(`${label}, but stands in what is ${container}`));
		if (source === undefined) problems.push(wrong('x-confidence without x-source'));
		else problems.push(...sourceProblems(label, source).map(wrong));
	}
	const inner = label ?? container;
	return [
		...problems,
		...within(node).flatMap(([name, child]) => labelProblems(child, `${place}/${name}`, inner)),
	];
}

/** Several sources are parted by `; `. The best of them bears the label. */
function sourceProblems(label: Confidence, source: string): string[] {
	const reached = source.split('; ').map(bears);
	if (reached.includes(undefined)) return [`unknown x-source ${source}`];
	const best = Math.min(...reached.map((level) => rank(level!)));
	return rank(label) < best ? [`${label} is surer than its source, ${source}`] : [];
}

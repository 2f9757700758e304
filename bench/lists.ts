// Long lists: Return All beside the HTTP Request node's own pagination, and beside a loop with fetch.
import type { EngineHost, NodeSpec } from '../engine';
import type { Place } from './contenders';
import { exponent, LINEAR } from './growth';
import { goal, many, MB, median, ms, times, type Goal, type Report } from './report';
import type { Part } from './runner';

interface Figures {
	/** In ms. */
	took: number;
	/** By how much the heap rose at most, in bytes. */
	rose: number;
	items: number;
}

const kuvarPay: NodeSpec = {
	type: 'kuvarPay',
	parameters: { resource: 'transaction', operation: 'getAll', returnAll: true },
};

const plainFetch = (baseUrl: string): NodeSpec => ({
	type: 'n8n-nodes-bench-peers.plainFetch',
	parameters: { url: `${baseUrl}/api/v1/transactions` },
});

/** Its own pagination gives an item a page, so Split Out makes rows of them, as users do it. */
const httpRequest = (baseUrl: string): NodeSpec[] => [
	{
		type: 'n8n-nodes-base.httpRequest',
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'kuvarPayApi',
			url: `${baseUrl}/api/v1/transactions`,
			sendQuery: true,
			queryParameters: { parameters: [{ name: 'limit', value: '100' }] },
			options: {
				pagination: {
					pagination: {
						paginationMode: 'updateAParameterInEachRequest',
						parameters: {
							parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount + 1 }}' }],
						},
						paginationCompleteWhen: 'other',
						completeExpression:
							'={{ $response.body.pagination.page >= $response.body.pagination.totalPages }}',
					},
				},
			},
		},
		credentials: { kuvarPayApi: { id: 'kuvarPayApi', name: 'kuvarPayApi' } },
	},
	{ type: 'n8n-nodes-base.splitOut', parameters: { fieldToSplitOut: 'data' } },
];

const probe = 'n8n-nodes-bench-peers.probe';

async function read(host: EngineHost, nodes: NodeSpec[], place: Place): Promise<Figures> {
	const chain = [
		{ type: 'n8n-nodes-base.manualTrigger' },
		{ type: probe },
		...nodes,
		{ type: probe },
	].map((node, index) => ({ ...node, name: `step ${index}` }));
	const connections = Object.fromEntries(
		chain
			.slice(1)
			.map(({ name }, index) => [
				chain[index].name,
				{ main: [[{ node: name, type: 'main' as const, index: 0 }]] },
			]),
	);
	const { error, items } = await host.run({
		workflow: { nodes: chain, connections },
		credentials: { kuvarPayApi: { ...place } },
		timeoutMs: 600_000,
	});
	if (error) throw new Error(`${nodes[0].type}: ${error.message}`);
	return items[0].json as unknown as Figures;
}

export const lists: Part = async ({ lab, quick, say }) => {
	const sizes = quick ? [1000, 5000] : [1000, 10_000, 100_000];
	const rows: string[][] = [];
	const goals: Goal[] = [];
	let last: [number, number] | undefined;
	for (const size of sizes)
		await lab.serve(async (host, server) => {
			say(`${many(size)} rows`);
			await server.ask('rules', { rows: size });
			const place = server.credential();
			const readers: Array<[string, NodeSpec[]]> = [
				['KuvarPay, Return All', [kuvarPay]],
				['HTTP Request, pagination and Split Out', httpRequest(place.baseUrl)],
				['plain fetch', [plainFetch(place.baseUrl)]],
			];
			const seen = readers.map(() => [] as Figures[]);
			for (let turn = -1; turn < (quick ? 1 : 5); turn++)
				for (const [index, [name, nodes]] of readers.entries()) {
					const figures = await read(host, nodes, place);
					if (figures.items !== size) throw new Error(`${name} gave ${figures.items} rows`);
					if (turn >= 0) seen[index].push(figures);
				}
			const [ours, theirs, floor] = seen.map((all) => ({
				took: median(all.map(({ took }) => took)),
				rose: median(all.map(({ rose }) => rose)),
			}));
			const grows = last && exponent(last[1], ours.took, last[0], size);
			last = [size, ours.took];
			for (const [index, one] of [ours, theirs, floor].entries())
				rows.push([
					many(size),
					readers[index][0],
					ms(one.took),
					times(one.took / theirs.took),
					MB(one.rose),
					times(one.rose / theirs.rose),
				]);
			if (grows !== undefined)
				goals.push(
					goal(`${many(size)} rows: linear`, grows <= LINEAR, `exponent ${grows.toFixed(2)}`),
				);
			if (size !== sizes.at(-1)) return;
			const [time, heap] = [ours.took / theirs.took, ours.rose / theirs.rose];
			goals.push(
				goal(`${many(size)} rows, time: at most that of HTTP Request`, time <= 1, times(time)),
				goal(
					`${many(size)} rows, heap: at most 1.2 x that of HTTP Request`,
					heap <= 1.2,
					times(heap),
				),
			);
		});
	const report: Report = {
		title: 'Lists: all transactions, 100 a page (medians; ratio to the HTTP Request node)',
		head: ['rows', 'node', 'time', 'ratio', 'heap rose by', 'ratio'],
		rows,
		goals,
		notes: [
			'Heap: the highest of a look every 5 ms, above what it was after a garbage collection.',
		],
	};
	return [report];
};

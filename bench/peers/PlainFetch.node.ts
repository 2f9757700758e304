import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

/** The floor for lists: page after page with Node's own fetch, and nothing else. */
export class PlainFetch implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Plain Fetch',
		name: 'plainFetch',
		group: ['input'],
		version: 1,
		description: 'Reads all pages of a list',
		defaults: { name: 'Plain Fetch' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [{ displayName: 'URL', name: 'url', type: 'string', default: '' }],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const url = this.getNodeParameter('url', 0) as string;
		const items: INodeExecutionData[] = [];
		for (let page = 1, pages = 1; page <= pages; page++) {
			const response = await fetch(`${url}?limit=100&page=${page}`);
			const { data, pagination } = (await response.json()) as {
				data: Array<INodeExecutionData['json']>;
				pagination: { totalPages: number };
			};
			for (const json of data) items.push({ json, pairedItem: { item: 0 } });
			pages = pagination.totalPages;
		}
		return [items];
	}
}

import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';

/** Between two looks at the heap, in ms. */
const EVERY = 5;

let begun: { at: number; heap: number; peak: number; timer: NodeJS.Timeout } | undefined;

/**
 * Stands before and behind the node that is measured: gives its time, its items, and how far the
 * heap rose meanwhile. The items themselves end here.
 */
export class Probe implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Probe',
		name: 'probe',
		group: ['transform'],
		version: 1,
		description: 'Measures time and heap',
		defaults: { name: 'Probe' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		if (!begun) {
			globalThis.gc?.();
			const heap = process.memoryUsage().heapUsed;
			const timer = setInterval(look, EVERY);
			begun = { at: performance.now(), heap, peak: heap, timer };
			return [[{ json: {} }]];
		}
		const took = performance.now() - begun.at;
		look();
		clearInterval(begun.timer);
		const { heap, peak } = begun;
		begun = undefined;
		return [[{ json: { took, rose: peak - heap, items: this.getInputData().length } }]];
	}
}

function look(): void {
	if (begun) begun.peak = Math.max(begun.peak, process.memoryUsage().heapUsed);
}

// n8n-nodes-base is not installed. These few stand in for the nodes that the examples need around
// the package's own; each covers just the parameters named in its comment.
import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeProperties,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { runDataTable } from './dataTable';

function describe(
	name: string,
	displayName: string,
	extra: Partial<INodeTypeDescription>,
): INodeTypeDescription {
	return {
		name,
		displayName,
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name: displayName },
		inputs: ['main'],
		outputs: ['main'],
		properties: [],
		...extra,
	};
}

function property(
	name: string,
	type: INodeProperties['type'],
	standard: INodeProperties['default'],
): INodeProperties {
	// n8n-core walks the options of a collection, also where there are none.
	const options = type === 'collection' ? { options: [] } : {};
	return { name, displayName: name, type, default: standard, ...options };
}

/** A trigger that never emits by itself: it starts a run, and passes on what it is given. */
function startNode(name: string, displayName: string, version: number[]): INodeType {
	return {
		description: describe(name, displayName, { group: ['trigger'], inputs: [], version }),
		async trigger() {
			return {
				manualTriggerFunction: async () => this.emit([[{ json: {} }]]),
			};
		},
	};
}

const noOp: INodeType = {
	description: describe('noOp', 'No Operation, do nothing', {}),
	async execute() {
		return [this.getInputData()];
	},
};

const stickyNote: INodeType = {
	description: describe('stickyNote', 'Sticky Note', {
		inputs: [],
		outputs: [],
		properties: [property('content', 'string', ''), property('height', 'number', 160)],
	}),
	async execute() {
		return [this.getInputData()];
	},
};

/** Edit Fields 3.4: `assignments`, in the manual mode, and `includeOtherFields`. */
const editFields: INodeType = {
	description: describe('set', 'Edit Fields', {
		version: [3, 3.1, 3.2, 3.3, 3.4],
		properties: [
			property('mode', 'string', 'manual'),
			property('assignments', 'assignmentCollection', {}),
			property('includeOtherFields', 'boolean', false),
			property('options', 'collection', {}),
		],
	}),
	async execute() {
		const items = this.getInputData();
		const output = items.map((item, index): INodeExecutionData => {
			const keep = this.getNodeParameter('includeOtherFields', index, false) as boolean;
			const json: IDataObject = keep ? structuredClone(item.json) : {};
			const { assignments = [] } = this.getNodeParameter('assignments', index, {}) as {
				assignments?: Array<{ name: string; value: unknown; type?: string }>;
			};
			for (const { name, value, type } of assignments) set(json, name, convert(value, type));
			return { json, pairedItem: { item: index } };
		});
		return [output];
	},
};

function convert(value: unknown, type = 'string'): unknown {
	if (value === undefined || value === null) return value;
	if (type === 'number') return Number(value);
	if (type === 'boolean') return value === true || value === 'true';
	if (type === 'array' || type === 'object') {
		return typeof value === 'string' ? JSON.parse(value) : value;
	}
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Sets a value by a path with dots, as Edit Fields does. */
export function set(target: IDataObject, path: string, value: unknown): void {
	const keys = path.split('.');
	const last = keys.pop()!;
	let inner = target;
	for (const key of keys) inner = (inner[key] ??= {}) as IDataObject;
	inner[last] = value as IDataObject;
}

interface Condition {
	leftValue: unknown;
	rightValue: unknown;
	operator: { type: string; operation: string };
}

/** If 2: comparisons of strings, numbers and booleans, joined by `and` or `or`. */
const ifNode: INodeType = {
	description: describe('if', 'If', {
		version: [2, 2.1, 2.2],
		outputs: ['main', 'main'],
		outputNames: ['true', 'false'],
		properties: [property('conditions', 'filter', {}), property('options', 'collection', {})],
	}),
	async execute() {
		const outputs: INodeExecutionData[][] = [[], []];
		this.getInputData().forEach((item, index) => {
			outputs[holds(this, index) ? 0 : 1].push({ ...item, pairedItem: { item: index } });
		});
		return outputs;
	},
};

function holds(context: IExecuteFunctions, index: number): boolean {
	const { conditions = [], combinator = 'and' } = context.getNodeParameter(
		'conditions',
		index,
		{},
	) as { conditions?: Condition[]; combinator?: string };
	const results = conditions.map(({ leftValue: left, rightValue: right, operator }) => {
		switch (operator.operation) {
			case 'equals':
				return operator.type === 'number' ? Number(left) === Number(right) : left === right;
			case 'notEquals':
				return operator.type === 'number' ? Number(left) !== Number(right) : left !== right;
			case 'true':
				return left === true || left === 'true';
			case 'false':
				return left === false || left === 'false';
			case 'exists':
				return left !== undefined && left !== null;
			case 'notExists':
				return left === undefined || left === null;
			case 'empty':
				return left === undefined || left === null || left === '';
			case 'notEmpty':
				return left !== undefined && left !== null && left !== '';
			case 'startsWith':
				return String(left).startsWith(String(right));
			case 'contains':
				return String(left).includes(String(right));
			case 'gt':
				return Number(left) > Number(right);
			case 'lt':
				return Number(left) < Number(right);
			default:
				throw new Error(`The engine host's If node knows no "${operator.operation}"`);
		}
	});
	return combinator === 'or' ? results.some(Boolean) : results.every(Boolean);
}

/** Data Table 1: rows of tables that are named, see dataTable.ts. */
const dataTable: INodeType = {
	description: describe('dataTable', 'Data table', {
		version: [1, 1.1],
		properties: [
			property('resource', 'string', 'row'),
			property('operation', 'string', 'insert'),
			property('dataTableId', 'json', '{}'),
			property('matchType', 'string', 'anyCondition'),
			property('filters', 'json', '{}'),
			property('returnAll', 'boolean', false),
			property('columns', 'json', '{}'),
			property('options', 'collection', {}),
		],
	}),
	async execute() {
		return [runDataTable(this)];
	},
};

/**
 * Wait 1, on a webhook call with a limit: goes on soon and passes its input on, as n8n does when the
 * limit is over. Nobody can call it, since the engine host keeps no waiting executions.
 */
const wait: INodeType = {
	description: describe('wait', 'Wait', {
		version: [1, 1.1],
		properties: [
			property('resume', 'string', 'timeInterval'),
			property('httpMethod', 'string', 'GET'),
			property('limitWaitTime', 'boolean', false),
			property('resumeAmount', 'number', 1),
			property('resumeUnit', 'string', 'hours'),
			property('options', 'collection', {}),
		],
	}),
	async execute() {
		await new Promise((resolve) => setTimeout(resolve, 50));
		return [this.getInputData()];
	},
};

/** The stand-ins by node type. */
export const builtins: Record<string, INodeType> = {
	'n8n-nodes-base.manualTrigger': startNode('manualTrigger', 'Manual Trigger', [1]),
	'n8n-nodes-base.scheduleTrigger': startNode(
		'scheduleTrigger',
		'Schedule Trigger',
		[1, 1.1, 1.2, 1.3],
	),
	'n8n-nodes-base.webhook': startNode('webhook', 'Webhook', [1, 1.1, 2, 2.1]),
	'n8n-nodes-base.noOp': noOp,
	'n8n-nodes-base.stickyNote': stickyNote,
	'n8n-nodes-base.set': editFields,
	'n8n-nodes-base.if': ifNode,
	'n8n-nodes-base.dataTable': dataTable,
	'n8n-nodes-base.wait': wait,
};

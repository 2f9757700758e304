// Stands in for n8n's Data Table node, with tables that live as long as the engine process.
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

interface Table {
	rows: IDataObject[];
	lastId: number;
}

const tables = new Map<string, Table>();

function tableOf(context: IExecuteFunctions, item: number): Table {
	const { value } = context.getNodeParameter('dataTableId', item) as { value: string };
	let table = tables.get(value);
	if (!table) tables.set(value, (table = { rows: [], lastId: 0 }));
	return table;
}

interface Condition {
	keyName: string;
	condition?: string;
	keyValue: unknown;
}

/** Whether a row meets the node's conditions: `eq` and `neq`, all of them or any. */
function matcher(context: IExecuteFunctions, item: number): (row: IDataObject) => boolean {
	const conditions = context.getNodeParameter('filters.conditions', item, []) as Condition[];
	const any = context.getNodeParameter('matchType', item, 'anyCondition') === 'anyCondition';
	const meets = (row: IDataObject, { keyName, condition = 'eq', keyValue }: Condition) =>
		(String(row[keyName]) === String(keyValue)) === (condition === 'eq');
	return (row) =>
		conditions.length === 0 ||
		(any ? conditions.some((one) => meets(row, one)) : conditions.every((one) => meets(row, one)));
}

/** What is to be written: the input as it is, or the columns that the node defines. */
function valuesOf(context: IExecuteFunctions, item: number): IDataObject {
	if (context.getNodeParameter('columns.mappingMode', item) === 'autoMapInputData')
		return structuredClone(context.getInputData()[item].json);
	return structuredClone(context.getNodeParameter('columns.value', item) as IDataObject);
}

function insert(table: Table, values: IDataObject): IDataObject {
	const row = { id: ++table.lastId, ...values };
	table.rows.push(row);
	return row;
}

/** Rows by `get`, `insert`, `upsert`, `deleteRows` and `rowNotExists`, for each input item. */
export function runDataTable(context: IExecuteFunctions): INodeExecutionData[] {
	return context.getInputData().flatMap((input, item): INodeExecutionData[] => {
		const table = tableOf(context, item);
		const matches = matcher(context, item);
		const found = table.rows.filter(matches);
		const output = (rows: IDataObject[]) =>
			rows.map((row) => ({ json: structuredClone(row), pairedItem: { item } }));
		const operation = context.getNodeParameter('operation', item) as string;
		switch (operation) {
			case 'get':
				return output(found);
			case 'insert':
				return output([insert(table, valuesOf(context, item))]);
			case 'upsert': {
				const values = valuesOf(context, item);
				if (found.length === 0) return output([insert(table, values)]);
				return output(found.map((row) => Object.assign(row, values)));
			}
			case 'deleteRows':
				table.rows = table.rows.filter((row) => !matches(row));
				return output(found);
			case 'rowNotExists':
				return found.length === 0 ? [{ ...input, pairedItem: { item } }] : [];
			default:
				throw new Error(`The engine host's Data Table knows no "${operation}"`);
		}
	});
}

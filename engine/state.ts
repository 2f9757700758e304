// Stands in for the two tables of n8n's database that matter to a trigger: executions and the static
// data of workflows. One JSON record a line, appended and synced, so that a kill at any moment
// leaves what had been committed and at most one torn line.
import { closeSync, existsSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

export interface ExecutionRecord {
	id: string;
	workflowId: string;
	nodeId: string;
	deduplicationKey?: string;
	items: INodeExecutionData[];
	status: string;
}

export interface EngineState {
	executions: ExecutionRecord[];
	/** By workflow id, as n8n keeps it: `{ 'node:<name>': {...}, global: {...} }`. */
	staticData: Record<string, IDataObject>;
}

type Line =
	| { t: 'static'; workflowId: string; data: IDataObject }
	| ({ t: 'execution' } & ExecutionRecord)
	| { t: 'finished'; id: string; status: string };

function parse(text: string): EngineState {
	const executions = new Map<string, ExecutionRecord>();
	const staticData: EngineState['staticData'] = {};
	// A line without its newline was torn by a kill: it was never committed.
	for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
		if (line === '') continue;
		const record = JSON.parse(line) as Line;
		if (record.t === 'static') staticData[record.workflowId] = record.data;
		else if (record.t === 'finished') executions.get(record.id)!.status = record.status;
		else {
			const { t: _t, ...execution } = record;
			executions.set(execution.id, execution);
		}
	}
	return { executions: [...executions.values()], staticData };
}

const written = (line: Line): string => JSON.stringify(line);

/** Reads a state file, also one that a killed process left behind. */
export function readState(file: string): EngineState {
	return parse(existsSync(file) ? readFileSync(file, 'utf8') : '');
}

/** Executions with their unique deduplication keys, and static data; kept in memory without a file. */
export class StateStore {
	private readonly keys = new Set<string>();
	/** As n8n has it in its database: as text. */
	private readonly staticData = new Map<string, string>();
	private lastId = 0;
	private waiting: string[] = [];
	private flushing: Promise<void> | undefined;
	private handle: FileHandle | undefined;

	constructor(private readonly file?: string) {
		const text = file && existsSync(file) ? readFileSync(file, 'utf8') : '';
		if (file) {
			closeSync(openSync(file, 'a'));
			truncateSync(file, Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1)));
		}
		const state = parse(text);
		for (const [workflowId, data] of Object.entries(state.staticData))
			this.staticData.set(workflowId, JSON.stringify(data));
		for (const { id, deduplicationKey } of state.executions) {
			if (deduplicationKey !== undefined) this.keys.add(deduplicationKey);
			this.lastId = Math.max(this.lastId, Number(id) || 0);
		}
	}

	/** The next free execution id, for runs that leave no record. */
	nextId(): string {
		return String(++this.lastId);
	}

	/** A copy of a workflow's static data as last saved. */
	getStaticData(workflowId: string): IDataObject {
		return JSON.parse(this.staticDataText(workflowId)) as IDataObject;
	}

	/** The same as JSON. */
	staticDataText(workflowId: string): string {
		return this.staticData.get(workflowId) ?? '{}';
	}

	/** Saves static data as it is at this moment. */
	async saveStaticData(workflowId: string, data: IDataObject): Promise<void> {
		const text = JSON.stringify(data);
		this.staticData.set(workflowId, text);
		await this.append(
			() => `{"t":"static","workflowId":${JSON.stringify(workflowId)},"data":${text}}`,
		);
	}

	/** Inserts an execution; its id, or undefined if the key is taken (by any workflow, ever). */
	async insertExecution(record: Omit<ExecutionRecord, 'id' | 'status'>) {
		const { deduplicationKey } = record;
		if (deduplicationKey !== undefined) {
			if (this.keys.has(deduplicationKey)) return undefined;
			this.keys.add(deduplicationKey);
		}
		const id = this.nextId();
		await this.append(() => written({ t: 'execution', ...record, id, status: 'running' }));
		return id;
	}

	async finishExecution(id: string, status: string): Promise<void> {
		await this.append(() => written({ t: 'finished', id, status }));
	}

	/** Resolves when the line is on the disk. Lines that wait together are synced together. */
	private async append(line: () => string): Promise<void> {
		if (!this.file) return;
		this.waiting.push(line() + '\n');
		const before = this.flushing;
		if (before === undefined) {
			this.flushing = this.flush();
			return await this.flushing;
		}
		// A sync may be under way without this line: then it is part of the next one.
		await before;
		if (this.waiting.length > 0) this.flushing ??= this.flush();
		await this.flushing;
	}

	private async flush(): Promise<void> {
		await Promise.resolve();
		const batch = this.waiting.join('');
		this.waiting = [];
		this.handle ??= await open(this.file!, 'a');
		await this.handle.appendFile(batch);
		await this.handle.datasync();
		this.flushing = undefined;
	}
}

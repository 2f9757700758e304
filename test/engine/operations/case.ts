import type { IDataObject } from 'n8n-workflow';
import type { Simulator } from '../../../simulator';

export type Parameters = Record<string, unknown>;

export interface Outcome {
	/** The json of each item that came out. */
	output: IDataObject[];
	/** The first of them. */
	first: IDataObject;
	simulator: Simulator;
	parameters: Parameters;
}

/** How one operation is tried: once so that it works, once refused by the server, once typed wrong. */
export interface Case {
	/** Brings about what it takes, and gives the parameters with which it works. */
	given: (simulator: Simulator) => Parameters;
	/** For an operation that waits: what happens meanwhile. */
	meanwhile?: (simulator: Simulator, parameters: Parameters) => void;
	/** Checks what came of it. */
	gives: (outcome: Outcome) => void;
	/** Status, a part of the message, and the parameters that differ; without these the key is wrong. */
	refused: [status: number, says: string, changes?: Parameters];
	/** The message, without the item, and the parameters that differ. */
	bad: [says: string, changes: Parameters];
}

export type Cases = Record<string, Case>;

/** For operations without a reference to anything: refused because the key is wrong. */
export const wrongKey: Case['refused'] = [401, 'KuvarPay answered 401'];

/** n8n refuses a required parameter that is left empty; an expression without a value comes to us. */
export const nothing = '={{ "" }}';

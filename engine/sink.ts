// Takes what a trigger emits and starts nothing, so that the trigger's own speed can be measured.
import type { IDataObject, IRun, ITriggerFunctions } from 'n8n-workflow';
import type { Taken } from './protocol';

/** Stands in for the executions that emissions would start: each counts as ended at once. */
export class Sink {
	private emissions: Taken[] = [];
	private waiting: { count: number; resolve: () => void } | undefined;

	readonly emit: ITriggerFunctions['emit'] = (data, _responsePromise, donePromise) => {
		const at = Number(process.hrtime.bigint()) / 1e6;
		this.emissions.push({ at, items: (data[0] ?? []).map(({ json }) => json as IDataObject) });
		donePromise?.resolve({} as IRun);
		if (this.waiting && this.emissions.length >= this.waiting.count) this.waiting.resolve();
	};

	/** Hands out what was emitted since the last call; waits until there are `count`. */
	async take(count = 0): Promise<Taken[]> {
		if (this.emissions.length < count)
			await new Promise<void>((resolve) => (this.waiting = { count, resolve }));
		this.waiting = undefined;
		const taken = this.emissions;
		this.emissions = [];
		return taken;
	}
}

import type { IDataObject } from 'n8n-workflow';
import { createdAt, idOf, updatedAt } from '../payments/objects';
import type { Source } from '../payments/sources';

/** One row of a list that has an ID. Times in ms since 1970. */
export interface Row {
	id: string;
	object: IDataObject;
	created?: number;
	updated?: number;
}

/** Rows with an ID. A time that has not come yet counts as now, or it would make all others look old. */
export const rowsOf = (source: Source, objects: IDataObject[], now: number): Row[] =>
	objects.flatMap((object) => {
		const id = idOf(source, object);
		const capped = (time?: number) => time && Math.min(time, now);
		const times = { created: capped(createdAt(object, now)), updated: updatedAt(object, now) };
		return id === undefined ? [] : [{ id, object, ...times }];
	});

/**
 * How far two neighbours of a list may be in the wrong order, in ms: two that come at the same time
 * may be stored in either.
 */
const TOLERANCE = 60_000;

/**
 * In which order a list comes, which no document tells: found out from the times of its rows as they
 * are read. It may be sorted by the time of making or by that of the last change.
 */
export class Order {
	readonly #times = { created: new Descent(), updated: new Descent() };

	note(rows: Row[]): void {
		for (const { created, updated } of rows) {
			this.#times.created.note(created);
			this.#times.updated.note(updated);
		}
	}

	/** Whether the times that there are go up and down. */
	get isMixed(): boolean {
		return this.#times.created.isMixed && this.#times.updated.isMixed;
	}

	/** Whether what is new comes first; false as long as that is not certain. */
	get isNewestFirst(): boolean {
		return this.#times.created.isCertain || this.#times.updated.isCertain;
	}
}

class Descent {
	isMixed = false;
	#isMissing = false;
	#first?: number;
	#last = Infinity;

	note(time: number | undefined): void {
		if (time === undefined) {
			this.#isMissing = true;
			return;
		}
		if (time > this.#last + TOLERANCE) this.isMixed = true;
		this.#first ??= time;
		this.#last = time;
	}

	get isCertain(): boolean {
		return !this.isMixed && !this.#isMissing && (this.#first ?? 0) > this.#last;
	}
}

/** The moment after `previous`: now, or a millisecond later if the clock has not moved on. */
export function nextMoment(previous?: string): string {
	const now = Date.now();
	const last = previous === undefined ? 0 : Date.parse(previous);
	return new Date(Math.max(now, last + 1)).toISOString();
}

/** ISO 8601 text of the moment that many milliseconds from now. */
export function inMs(ms: number): string {
	return new Date(Date.now() + ms).toISOString();
}

/** Timers that can all be cleared at once, so that a closed simulator leaves nothing running. */
export class Timers {
	private readonly handles = new Set<NodeJS.Timeout>();
	private readonly repeating = new Set<NodeJS.Timeout>();
	private readonly sleepers = new Map<NodeJS.Timeout, () => void>();

	/** Runs the task once after that time. */
	later(ms: number, task: () => void): NodeJS.Timeout {
		const handle = setTimeout(() => {
			this.handles.delete(handle);
			task();
		}, ms);
		this.handles.add(handle);
		return handle;
	}

	/** Runs the task again and again. */
	every(ms: number, task: () => void): NodeJS.Timeout {
		const handle = setInterval(task, ms);
		this.repeating.add(handle);
		return handle;
	}

	/** Resolves after that time, or at once when the simulator closes. */
	async sleep(ms: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const handle = this.later(ms, () => {
				this.sleepers.delete(handle);
				resolve();
			});
			this.sleepers.set(handle, resolve);
		});
	}

	/** Clears one timer. */
	cancel(handle: NodeJS.Timeout | undefined): void {
		if (handle === undefined) return;
		clearTimeout(handle);
		this.handles.delete(handle);
		this.repeating.delete(handle);
	}

	/** Clears everything. */
	clear(): void {
		for (const handle of this.handles) clearTimeout(handle);
		for (const handle of this.repeating) clearInterval(handle);
		for (const wake of this.sleepers.values()) wake();
		this.handles.clear();
		this.repeating.clear();
		this.sleepers.clear();
	}
}

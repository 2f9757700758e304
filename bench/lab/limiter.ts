/** A server's limit: so many requests in each second. */
export interface LimitOptions {
	perSecond: number;
	/** By the seconds of the clock, or as a bucket of that size that fills again. */
	by: 'window' | 'bucket';
	/** Whether a 429 carries `Retry-After`, in whole seconds as most do. */
	retryAfter: boolean;
}

export class RateLimiter {
	private second = -1;
	private left: number;
	private filledAt = -Infinity;

	constructor(private readonly options: LimitOptions) {
		this.left = options.perSecond;
	}

	/** @param now in ms */
	take(now: number): { passes: boolean; headers: Record<string, string> } {
		const { perSecond, by, retryAfter } = this.options;
		const second = Math.floor(now / 1000);
		if (by === 'bucket') {
			const filled = ((now - this.filledAt) / 1000) * perSecond;
			this.left = Math.min(perSecond, this.left + filled);
			this.filledAt = now;
		} else if (second !== this.second) this.left = perSecond;
		this.second = second;
		const passes = this.left >= 1;
		if (passes) this.left -= 1;
		return { passes, headers: retryAfter && !passes ? { 'retry-after': '1' } : {} };
	}
}

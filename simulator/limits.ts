/** How many requests pass, and what is said about it. */
export interface LimitOptions {
	perSecond: number;
	/** Counted by the second of the clock (default), or let into a bucket that fills again. */
	by?: 'second' | 'bucket';
	/** Size of the bucket. Default: `perSecond`. */
	burst?: number;
	/** Whether a 429 says how long to wait. Default true. */
	retryAfter?: boolean;
	/** Names of the headers that tell what is left: `RateLimit-Remaining` and so on. Default `none`. */
	headers?: 'none' | 'RateLimit' | 'X-RateLimit';
}

/** What a limit says to one request. */
export interface Verdict {
	/** 0 when the request may pass, else the whole seconds to wait. */
	wait: number;
	limit: number;
	remaining: number;
	/** Seconds until there is more. */
	reset: number;
}

/** Lets so many through: in each second of the clock, or as they trickle into a bucket. */
export class RateLimiter {
	private second = 0;
	private count = 0;
	private tokens: number;
	private filledAt = Date.now();

	constructor(private readonly options: LimitOptions) {
		this.tokens = options.burst ?? options.perSecond;
	}

	/** Counts a request and tells whether it may pass. */
	take(): Verdict {
		return this.options.by === 'bucket' ? this.takeToken() : this.countInSecond();
	}

	/** What the answer to this request says about the limit. */
	headers({ wait, limit, remaining, reset }: Verdict): Record<string, string> {
		const { headers = 'none', retryAfter = true } = this.options;
		const told: Record<string, string> = {};
		if (wait > 0 && retryAfter) told['retry-after'] = String(wait);
		if (headers === 'none') return told;
		const prefix = headers.toLowerCase();
		told[`${prefix}-limit`] = String(limit);
		told[`${prefix}-remaining`] = String(remaining);
		// The standard's draft counts seconds from now, the older names mostly give a moment.
		told[`${prefix}-reset`] = String(
			headers === 'RateLimit' ? reset : Math.floor(Date.now() / 1000) + reset,
		);
		return told;
	}

	private countInSecond(): Verdict {
		const { perSecond } = this.options;
		const second = Math.floor(Date.now() / 1000);
		if (second !== this.second) {
			this.second = second;
			this.count = 0;
		}
		this.count += 1;
		const remaining = Math.max(0, perSecond - this.count);
		return { wait: this.count <= perSecond ? 0 : 1, limit: perSecond, remaining, reset: 1 };
	}

	private takeToken(): Verdict {
		const { perSecond, burst = perSecond } = this.options;
		const now = Date.now();
		this.tokens = Math.min(burst, this.tokens + ((now - this.filledAt) / 1000) * perSecond);
		this.filledAt = now;
		const passes = this.tokens >= 1;
		if (passes) this.tokens -= 1;
		const reset = Math.ceil(Math.max(0, 1 - this.tokens) / perSecond);
		return {
			wait: passes ? 0 : Math.max(1, reset),
			limit: burst,
			remaining: Math.floor(this.tokens),
			reset,
		};
	}
}

// Whether a series of measurements rises.

export interface Trend {
	/** Units a minute. */
	slope: number;
	/** Standard error of the slope: within twice of it a slope is noise. */
	error: number;
	mean: number;
}

/** Least squares over points of minutes and a value. */
export function trendOf(points: ReadonlyArray<readonly [number, number]>): Trend {
	const count = points.length;
	const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
	const mean = points.reduce((sum, [, y]) => sum + y, 0) / count;
	const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
	const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - mean), 0) / spread;
	const rest = points.reduce((sum, [x, y]) => sum + (y - mean - slope * (x - meanX)) ** 2, 0);
	return { slope, error: Math.sqrt(rest / Math.max(1, count - 2) / spread), mean };
}

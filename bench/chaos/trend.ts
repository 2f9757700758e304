// Whether a series of measurements rises.
import { median } from '../report';

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

/** The median in each of so many equal parts of the series. */
export function courseOf(
	points: ReadonlyArray<readonly [number, number]>,
	parts: number,
): number[] {
	const length = points.length / parts;
	return Array.from({ length: Math.min(parts, points.length) }, (_, part) => {
		const from = Math.floor(part * length);
		const those = points.slice(from, Math.max(from + 1, Math.floor((part + 1) * length)));
		return median(those.map(([, value]) => value));
	});
}

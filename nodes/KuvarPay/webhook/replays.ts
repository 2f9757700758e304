/** How many marks are remembered; KuvarPay's retries of one end long before so many follow. */
const MOST = 1_000;

/** Part of the node's static data. */
export interface ReplayState {
	/** Marks of the deliveries taken, oldest first. */
	taken?: string[];
}

/**
 * Marks of this process by node. n8n reads static data anew for each request, so two deliveries that
 * arrive together would not see each other's mark there, and the later one to be saved would drop the
 * earlier one's.
 */
const here = new Map<string, Set<string>>();

/**
 * Notes the marks of a delivery: its ID, and its signature, since the ID is not signed and an old
 * body could be sent again under a new one.
 * @returns whether one of them was there already
 */
export function isReplay(node: string, state: ReplayState, marks: string[]): boolean {
	const known = new Set([...(state.taken ?? []), ...(here.get(node) ?? [])]);
	if (marks.some((mark) => known.has(mark))) return true;

	const taken = [...known, ...marks].slice(-MOST);
	here.set(node, new Set(taken));
	state.taken = taken;
	return false;
}

/** How many deliveries are remembered; KuvarPay's retries of one end long before so many follow. */
const MOST = 1_000;

/** Part of the node's static data. */
export interface ReplayState {
	/** Marks of the deliveries taken, oldest first. */
	taken?: string[];
}

/**
 * Marks of this process by node. n8n reads static data anew for each request, so two deliveries that
 * arrive together would not see each other's mark there.
 */
const here = new Map<string, Set<string>>();

/**
 * Notes the marks of a delivery: its ID, and its signature, since the ID is not signed and an old
 * body could be sent again under a new one.
 * @returns whether one of them was there already
 */
export function isReplay(node: string, state: ReplayState, marks: string[]): boolean {
	let known = here.get(node);
	if (!known) here.set(node, (known = new Set()));
	const taken = state.taken ?? [];
	if (marks.some((mark) => known.has(mark) || taken.includes(mark))) return true;

	for (const mark of marks) known.add(mark);
	for (const mark of known) {
		if (known.size <= MOST) break;
		known.delete(mark);
	}
	state.taken = [...taken, ...marks].slice(-MOST);
	return false;
}

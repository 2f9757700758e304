/** Why a request is not taken, and what to answer. */
export interface Refusal {
	status: number;
	/** For the sender, and for n8n's log. Holds nothing of the body but the event's name. */
	reason: string;
	/** What the owner of the workflow can do about it; for n8n's log only. */
	hint: string;
}

/** So often a node may write into n8n's log, in ms: anybody can send what is refused. */
const PAUSE = 60_000;

/** By node: when the last line was written, and how many refusals it has been silent about since. */
const told = new Map<string, { at: number; silent: number }>();

/**
 * The line for n8n's log, not more than one a minute for each node.
 * @param node identifies the node
 * @param now ms of a clock that is never set back
 */
export function refusalLine(
	node: string,
	{ status, reason, hint }: Refusal,
	now: number,
): string | undefined {
	const last = told.get(node);
	if (last && now - last.at < PAUSE) {
		last.silent++;
		return undefined;
	}
	told.set(node, { at: now, silent: 0 });
	const others = last?.silent ? ` Refused without a line before this one: ${last.silent}.` : '';
	return `refused a delivery with ${status}: ${reason}. ${hint}${others}`;
}

// Workflows of a few steps, as n8n stores them.

/** A step; those of KuvarPay are called by the name of their node alone. */
export interface Step {
	name: string;
	type: string;
	parameters?: object;
	typeVersion?: number;
	/** Part of the address of a webhook. */
	webhookId?: string;
}

/** A step that does nothing: it shows that the workflow went on. */
export const after = { name: 'After', type: 'n8n-nodes-base.noOp' };

/** A workflow whose steps follow one another. */
export const chain = (name: string, ...steps: Step[]) => ({
	name,
	nodes: steps.map(({ type, ...step }, index) => ({
		id: step.name,
		type: type.includes('.') ? type : `n8n-nodes-kuvarpay.${type}`,
		typeVersion: 1,
		position: [index * 220, 0],
		parameters: {},
		...step,
	})),
	connections: Object.fromEntries(
		steps
			.slice(1)
			.map((step, index) => [
				steps[index].name,
				{ main: [[{ node: step.name, type: 'main', index: 0 }]] },
			]),
	),
	settings: { executionOrder: 'v1' },
});

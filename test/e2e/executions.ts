// What has run in an n8n.
import type { N8n } from './host';

export interface Execution {
	id: string;
	status: string;
	mode: string;
	workflowId: string;
}

/** The executions of a workflow, oldest first. */
export async function executionsOf(n8n: N8n, workflowId: string): Promise<Execution[]> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId }));
	const { results } = await n8n.rest<{ results: Execution[] }>(`/executions?filter=${filter}`);
	return results.sort((a, b) => Number(a.id) - Number(b.id));
}

export const hasFailed = ({ status }: Execution): boolean => ['error', 'crashed'].includes(status);

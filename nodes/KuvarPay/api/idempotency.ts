import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import { writeJson } from './json';

/**
 * The key under which KuvarPay remembers a write. The same execution, node, run and item give the
 * same key: a retry, also n8n's own Retry On Fail, finds what the first attempt made. Instance and
 * workflow are part of it because execution ids count from 1 on every n8n.
 *
 * The content is left out on purpose: an expression such as `{{ $now }}` would give a retry a new
 * key, and so a second payment. Only when an AI agent calls the node as a tool the content takes the
 * place of the run index, which n8n counts anew for each retry there.
 * @param content what is sent, for the case of a tool
 */
export function idempotencyKey(context: IExecuteFunctions, item: number, content: unknown): string {
	const isTool = context.isToolExecution?.() === true;
	const parts = [
		context.getInstanceId(),
		context.getWorkflow().id,
		context.getExecutionId(),
		context.getNode().id,
		isTool ? writeJson(content) : context.getWorkflowDataProxy(item).$runIndex,
		item,
	];
	return `n8n-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;
}

// What the rest of the host knows of a loaded engine. `load.ts` makes one.
import type * as N8nCore from 'n8n-core';
import type * as N8nWorkflow from 'n8n-workflow';
import type {
	ICredentialType,
	INodeTypes,
	IWorkflowExecuteAdditionalData,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import type { Credentials, Started } from './protocol';

export interface Runtime {
	core: typeof N8nCore;
	workflow: typeof N8nWorkflow;
	/** True from n8n 2.25 on: `emit` takes a deduplication key as its fourth argument. */
	emitTakesKey: boolean;
	runTrigger: InstanceType<typeof N8nCore.TriggersAndPollers>['runTriggerFunction'];
	nodeTypes: INodeTypes;
	/** Where the package really lies. */
	packageRoot: string;
	/** Adds the package's name to a bare node type. */
	fullType(type: string): string;
	credentialType(name: string): ICredentialType;
	additionalData(options: AdditionalDataOptions): IWorkflowExecuteAdditionalData;
	started: Started;
}

export interface AdditionalDataOptions {
	credentials?: Credentials;
	mode?: WorkflowExecuteMode;
	executionId?: string;
	workflowData?: N8nWorkflow.IWorkflowBase;
	/** Base of webhook URLs, with the slash at its end. */
	webhookUrl?: string;
}

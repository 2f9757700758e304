import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { openClient } from './api/client';
import { toNodeError } from './api/errors';
import type { Pace } from './api/pace';
import { runItems } from './operation/items';
import * as listSearch from './methods/listSearch';
import * as loadOptions from './methods/loadOptions';
import { readConcurrency, readWish } from './operation/call';
import { fulfil } from './operation/fulfil';
import { propertiesOf } from './operation/properties';
import type { Wish } from './operation/types';
import { findOperation, resources } from './resources';

export class KuvarPay implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'KuvarPay',
		name: 'kuvarPay',
		icon: { light: 'file:kuvarpay.svg', dark: 'file:kuvarpay.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Take crypto payments with KuvarPay and settle them in local money',
		defaults: { name: 'KuvarPay' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'kuvarPayApi', required: true }],
		properties: propertiesOf(resources),
	};

	methods = { listSearch, loadOptions };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		try {
			const client = await openClient(this, readConcurrency(this));
			const prepare = (item: number) => readWish(this, item, findOperation);
			const perform = (wish: Wish, pace: Pace) => fulfil({ ...client, pace }, wish);
			return [await runItems(this, client.pace, prepare, perform)];
		} catch (error) {
			throw toNodeError(this.getNode(), error);
		}
	}
}

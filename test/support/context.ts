import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import type { Call, Client } from '../../nodes/KuvarPay/api/request';
import type { Target } from '../../nodes/KuvarPay/api/routes';
import type { Host, Method } from '../../nodes/KuvarPay/api/endpoints';
import { Learned, type KeyForm } from '../../nodes/KuvarPay/api/learned';
import type { Pace } from '../../nodes/KuvarPay/api/pace';
import type { Flight } from '../../nodes/KuvarPay/api/traffic';

export type Parameters = Record<string, unknown>;

/** As much of n8n's execution as the reading of parameters needs; expressions are evaluated already. */
export function contextOf(parameters: Parameters, other: Parameters = {}): IExecuteFunctions {
	return {
		getNodeParameter: (name: string, _item: number, fallback: unknown) =>
			Object.hasOwn(parameters, name) ? parameters[name] : fallback,
		getTimezone: () => 'Africa/Lagos',
		getInstanceId: () => 'instance',
		getWorkflow: () => ({ id: 'workflow' }),
		getExecutionId: () => '7',
		getNode: () => ({ id: 'node', name: 'KuvarPay', type: 'kuvarPay', typeVersion: 1 }),
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getInputData: () => [{ json: {} }],
		continueOnFail: () => false,
		...other,
	} as unknown as IExecuteFunctions;
}

export interface Answer {
	status?: number;
	body?: unknown;
	headers?: Record<string, string>;
}

/** A pace that lets everything through at once: the real one has timers, and tests of its own. */
export function openPace(): Pace {
	const none = () => undefined;
	const flight: Flight = { answered: none, lost: none, unused: none };
	const pace = { enter: async () => flight, until: () => pace, patient: true, hopeful: true };
	return pace as unknown as Pace;
}

/** A client whose server is a function; an Error that it returns is thrown, as n8n's helper does. */
export function clientOf(
	serve: (request: IHttpRequestOptions, count: number) => Answer | Error,
	{ pace = openPace(), signal, secrets = [] as string[], chosenForm = 'raw' } = {} as {
		chosenForm?: KeyForm | 'automatic';
		pace?: Pace;
		signal?: AbortSignal;
		secrets?: string[];
	},
) {
	const requests: IHttpRequestOptions[] = [];
	const client: Client = {
		connection: {
			hosts: { payments: new URL('https://pay.example'), business: new URL('https://biz.example') },
			learned: new Learned(),
			chosenForm: chosenForm === 'automatic' ? undefined : chosenForm,
			redact: (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
		},
		pace,
		http: async (_type, options) => {
			requests.push(options);
			const answer = serve(options, requests.length);
			if (answer instanceof Error) throw answer;
			const { status = 200, body, headers = {} } = answer;
			return {
				statusCode: status,
				statusMessage: 'Status',
				headers,
				body: typeof body === 'string' ? body : JSON.stringify(body ?? {}),
			};
		},
		httpWithoutKey: async () => ({}),
		log: () => undefined,
		hint: () => undefined,
		signal,
	};
	return { client, requests };
}

/** A target with one route. */
export const targetTo = (
	path: string,
	method: Method = 'GET',
	host: Host = 'payments',
): Target => ({
	method,
	routes: [{ host, path, name: `${host} ${path}`, beside: {} }],
});

export const getCall = (change: Partial<Call> = {}): Call => ({
	target: targetTo('/api/v1/things'),
	maxRetries: 2,
	timeout: 1000,
	...change,
});

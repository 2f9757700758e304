import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import { isSecure } from '../nodes/KuvarPay/api/secure';

export class KuvarPayApi implements ICredentialType {
	name = 'kuvarPayApi';

	displayName = 'KuvarPay API';

	icon: Icon = {
		light: 'file:../nodes/KuvarPay/kuvarpay.svg',
		dark: 'file:../nodes/KuvarPay/kuvarpay.dark.svg',
	};

	documentationUrl = 'https://github.com/n8n-nodes-kuvarpay/n8n-nodes-kuvarpay#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Secret key from the KuvarPay dashboard, under Developers. Invoices and payment links need a secret key, not a publishable one.',
		},
		{
			displayName: 'Business ID',
			name: 'businessId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 6f1c2d3e-4b5a-4c6d-8e7f-901234567890',
			description: 'Needed only if your account has several businesses, or KuvarPay asks for it',
		},
		{
			displayName: 'Authorization Format',
			name: 'authorizationFormat',
			type: 'options',
			default: 'raw',
			description:
				'How the key is sent. The current documentation shows the raw key; some accounts need another form. Try the others if the connection test says that the key is refused.',
			options: [
				{ name: 'Raw Key', value: 'raw', description: 'Authorization: your key' },
				{ name: 'Bearer', value: 'bearer', description: 'Authorization: Bearer your key' },
				{ name: 'Legacy', value: 'legacy', description: 'Header x-api-key: your key' },
			],
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://payment.kuvarpay.com',
			required: true,
			description: 'Server for payments and subscriptions. Must start with https://.',
		},
		{
			displayName: 'Invoice and Payment Link Base URL',
			name: 'businessBaseUrl',
			type: 'string',
			default: 'https://kuvarpay.com',
			required: true,
			description: 'Server for invoices and payment links. Must start with https://.',
		},
		{
			displayName: 'Webhook Secret',
			name: 'webhookSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Only for the KuvarPay Webhook Trigger: the signing secret that the dashboard shows beside the webhook',
		},
	];

	// A function and not n8n's generic form: that consists of expressions, and n8n 2.41 has no
	// expression engine at hand when a trigger opens a stream after its activation.
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		// n8n's HTTP Request node says `uri`.
		const address = request.url ?? (request as { uri?: string }).uri;
		if (!isSecure(new URL(address, request.baseURL)))
			throw new UserError(
				'The address must start with https://, so that nobody on the way sees the API key',
			);
		const { apiKey, authorizationFormat, businessId } = credentials;
		const headers: IDataObject = { ...request.headers };
		if (authorizationFormat === 'legacy') headers['x-api-key'] = apiKey as string;
		else headers.Authorization = `${authorizationFormat === 'bearer' ? 'Bearer ' : ''}${apiKey}`;
		if (businessId) headers['x-business-id'] = businessId as string;
		return { ...request, headers };
	};

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl }}',
			url: '/api/v1/transactions',
			qs: { limit: 1 },
			disableFollowRedirect: true,
		},
		rules: [
			{
				type: 'responseCode',
				properties: {
					value: 401,
					message:
						'KuvarPay refused the key. First try another Authorization Format (raw key, Bearer, legacy), then check the API key.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 403,
					message:
						'KuvarPay knows the key but does not allow this. Use a secret key, and check the Business ID.',
				},
			},
			{
				type: 'responseCode',
				properties: {
					value: 404,
					message:
						'The server answers, but not as KuvarPay does. Check the Base URL; the usual one is https://payment.kuvarpay.com.',
				},
			},
		],
	};
}

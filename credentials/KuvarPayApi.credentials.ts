import type {
	IAuthenticateGeneric,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	INodeProperties,
} from 'n8n-workflow';

const KEY_HEADER =
	'($credentials.authorizationFormat === "legacy" ? "x-api-key" : "Authorization")';
const KEY_VALUE =
	'(($credentials.authorizationFormat === "bearer" ? "Bearer " : "") + $credentials.apiKey)';

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

	// Names and values are expressions, so that one declaration serves all three formats, and n8n's
	// HTTP Request node too. n8n would send a header without a value as an empty one, so without a
	// business ID the second line repeats the first.
	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: {
			headers: {
				[`={{ ${KEY_HEADER} }}`]: `={{ ${KEY_VALUE} }}`,
				[`={{ $credentials.businessId ? "x-business-id" : ${KEY_HEADER} }}`]: `={{ $credentials.businessId || ${KEY_VALUE} }}`,
			},
		},
	};

	test: ICredentialTestRequest = {
		request: {
			// n8n lets a test refuse only by answers, so plain http goes to a name that cannot exist.
			baseURL:
				'={{ /^(https:|http:..(localhost|127[.][0-9.]+|[[]::1[]])(:|[/]|$))/.test($credentials.baseUrl) ? $credentials.baseUrl : "https://base-url-must-start-with-https.invalid" }}',
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

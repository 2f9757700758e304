import type {
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INodeProperties,
} from 'n8n-workflow';
import { UserError } from 'n8n-workflow';
import {
	FORM_HEADER,
	FOUND_FORM,
	KEY_FORMS,
	chosenForm,
	findForm,
	formFor,
	keyHeaders,
} from '../nodes/KuvarPay/api/keyForms';
import { trimmed } from '../nodes/KuvarPay/api/learned';
import { isSecure } from '../nodes/KuvarPay/api/secure';

/** The only servers that ever see the key. */
const originsOf = ({ baseUrl, businessBaseUrl }: ICredentialDataDecryptedObject): string[] =>
	[baseUrl, businessBaseUrl]
		.map(trimmed)
		.filter((address) => URL.canParse(address))
		.map((address) => new URL(address).origin);

export class KuvarPayApi implements ICredentialType {
	name = 'kuvarPayApi';

	displayName = 'KuvarPay API';

	icon: Icon = {
		light: 'file:../nodes/KuvarPay/kuvarpay.svg',
		dark: 'file:../nodes/KuvarPay/kuvarpay.dark.svg',
	};

	documentationUrl = 'https://developers.kuvarpay.com';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'Secret key from the KuvarPay dashboard. Invoices and payment links need a secret key, not a publishable one.',
		},
		{
			displayName: 'Business ID',
			name: 'businessId',
			type: 'string',
			default: '',
			placeholder: 'e.g. 6f1c2d3e-4b5a-4c6d-8e7f-901234567890',
			description:
				'Recommended: older documentation wants it with every request. The dashboard shows it. Needed for the Legacy format.',
		},
		{
			displayName: 'Authorization Format',
			name: 'authorizationFormat',
			type: 'options',
			default: 'automatic',
			description:
				'How the key is sent. The documentation does not settle it, so Automatic tries each form on a request that only reads, and keeps the one that KuvarPay accepts.',
			options: [
				{ name: 'Automatic', value: 'automatic', description: 'Finds out which form is accepted' },
				{ name: 'Bearer', value: 'bearer', description: 'Authorization: Bearer your key' },
				{ name: 'Legacy', value: 'legacy', description: 'Header x-api-key: your key' },
				{ name: 'Raw Key', value: 'raw', description: 'Authorization: your key' },
			],
		},
		{
			// What Automatic found out, kept by n8n; see preAuthentication.
			displayName: 'Found Format',
			name: FOUND_FORM,
			type: 'hidden',
			typeOptions: { expirable: true },
			default: '',
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
		const url = new URL(address, request.baseURL);
		if (!isSecure(url))
			throw new UserError(
				'The address must start with https://, so that nobody on the way sees the API key',
			);
		if (!originsOf(credentials).includes(url.origin))
			throw new UserError(
				`The KuvarPay key is sent to the servers of its credential only, and ${url.origin} is none of them. If it is KuvarPay's, enter it there as Base URL.`,
			);
		const { [FORM_HEADER]: asked, ...headers } = (request.headers ?? {}) as IDataObject;
		const form = KEY_FORMS.find((known) => known === asked) ?? formFor(credentials, url.origin);
		return { ...request, headers: { ...headers, ...keyHeaders(credentials, form) } };
	};

	/** n8n calls it when the form is not known, when the credential is tested, and after a 401. */
	async preAuthentication(
		this: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		if (chosenForm(credentials)) return {};
		try {
			const form = await findForm(credentials, async (request) => {
				if (!isSecure(new URL(request.url))) return { statusCode: 0 };
				return (await this.helpers.httpRequest({
					...request,
					timeout: 10_000,
					encoding: 'text',
					returnFullResponse: true,
					ignoreHttpStatusErrors: true,
					disableFollowRedirect: true,
				})) as IN8nHttpFullResponse;
			});
			return form ? { [FOUND_FORM]: form } : {};
		} catch {
			// The request that this is for meets the same trouble, and tells it better.
			return {};
		}
	}

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{ $credentials.baseUrl.trim() }}',
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
						'KuvarPay refused the key. Check that it was copied whole, that it is a secret key and not expired, and enter the Business ID. Automatic has tried every form; a form that you set is the only one tried.',
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
						'The server has no /api/v1/transactions, which this test asks for. Check the Base URL; the usual one is https://payment.kuvarpay.com. If it is right, the path differs: run Check Connection of the KuvarPay node, which tells more.',
				},
			},
		],
	};
}

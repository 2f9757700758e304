import type { IHttpRequestOptions } from 'n8n-workflow';
import { KuvarPayApi } from '../../credentials/KuvarPayApi.credentials';
import { FORM_HEADER } from '../../nodes/KuvarPay/api/keyForms';

const credential = {
	apiKey: 'key-1234',
	authorizationFormat: 'raw',
	baseUrl: 'https://pay.example/base/',
	businessBaseUrl: ' https://shop.example ',
};
const sign = async (request: Partial<IHttpRequestOptions> & { uri?: string }) =>
	await new KuvarPayApi().authenticate(credential, request as IHttpRequestOptions);

describe('the key', () => {
	it.each([
		{ url: 'https://pay.example/base/api/v1/transactions' },
		{ url: 'https://shop.example/api/v1/invoices' },
		{ url: '/api/v1/transactions', baseURL: 'https://pay.example' },
		// n8n's HTTP Request node.
		{ uri: 'https://pay.example/api/v1/transactions' },
	])('goes to the servers of its credential (%j)', async (request) => {
		const { headers } = await sign(request);
		expect(headers).toEqual({ Authorization: 'key-1234' });
	});

	it.each([
		{ url: 'https://evil.example/' },
		{ uri: 'https://evil.example/' },
		{ url: 'https://pay.example.evil.example/' },
		{ url: 'https://pay.example:8443/' },
		{ url: 'https://pay.example@evil.example/' },
		{ url: '//evil.example/x', baseURL: 'https://pay.example' },
	])('goes nowhere else (%j)', async (request) => {
		await expect(sign(request)).rejects.toThrow('sent to the servers of its credential only');
	});

	it('goes nowhere where others can read it', async () => {
		await expect(sign({ url: 'http://pay.example/' })).rejects.toThrow('must start with https://');
	});

	it('goes in the form that a request asks for, which nobody else gets to see', async () => {
		const headers = { Accept: 'application/json', [FORM_HEADER]: 'bearer' };
		const signed = await sign({ url: 'https://pay.example/', headers });
		expect(signed.headers).toEqual({
			Accept: 'application/json',
			Authorization: 'Bearer key-1234',
		});
	});
});

import { KuvarPayApi } from '../../credentials/KuvarPayApi.credentials';

const credential = { apiKey: 'key-1', baseUrl: 'https://payment.kuvarpay.com' };

// Found by the benchmarks, in which every item of the HTTP Request node failed.
it.each(['url', 'uri'])(
	'the credential serves requests that call their address %s',
	async (name) => {
		const request = { [name]: 'https://payment.kuvarpay.com/api/v1/transactions' };
		const { headers } = await new KuvarPayApi().authenticate(credential, request as never);
		expect(headers).toEqual({ Authorization: 'key-1' });
	},
);

it.each(['url', 'uri'])(
	'and refuses to show the key on the way when the %s is http',
	async (name) => {
		const request = { [name]: 'http://payment.kuvarpay.com/' };
		await expect(new KuvarPayApi().authenticate(credential, request as never)).rejects.toThrow(
			'must start with https://',
		);
	},
);

it('and to send it to a server that is none of its own', async () => {
	const request = { url: 'https://payment.kuvarpay.com.evil.example/' };
	await expect(new KuvarPayApi().authenticate(credential, request)).rejects.toThrow(
		'to the servers of its credential only',
	);
});

import type { IHttpRequestOptions } from 'n8n-workflow';
import { ApiError } from '../../nodes/KuvarPay/api/errors';
import { FORM_HEADER } from '../../nodes/KuvarPay/api/keyForms';
import { send, type Call } from '../../nodes/KuvarPay/api/request';
import { targetOf } from '../../nodes/KuvarPay/api/routes';
import { clientOf, getCall, type Answer } from '../support/context';

const automatic = { chosenForm: 'automatic' } as const;
const placeOf = ({ method, url }: IHttpRequestOptions) => {
	const { host, pathname } = new URL(url);
	return `${method} ${host}${pathname}`;
};
const formOf = ({ headers }: IHttpRequestOptions) => headers?.[FORM_HEADER] as string | undefined;
const callTo = (...target: Parameters<typeof targetOf>): Call =>
	getCall({ target: targetOf(...target), body: {}, idempotencyKey: 'k', maxRetries: 0 });
const failure = async (promise: Promise<unknown>) =>
	await promise.then(
		() => {
			throw new Error('It did not fail');
		},
		(error: ApiError) => error.failure,
	);

describe('the form of the key', () => {
	/** Takes one form only, and refuses others. */
	const taking = (form: string, status = 401) =>
		clientOf((request) => (formOf(request) === form ? { body: { ok: 1 } } : { status }), automatic);

	it.each(['raw', 'bearer', 'legacy'])(
		'%s is found out, and used first from then on',
		async (form) => {
			const { client, requests } = taking(form);
			await send(client, getCall());
			requests.length = 0;
			await send(client, getCall());
			expect(requests.map(formOf)).toEqual([form]);
		},
	);

	it('is the credential’s own business as long as it works', async () => {
		const { client, requests } = clientOf(() => ({ body: {} }), automatic);
		await send(client, getCall());
		expect(requests.map(formOf)).toEqual([undefined]);
	});

	it('may change in the middle', async () => {
		let form = 'bearer';
		const { client } = clientOf(
			(request) => (formOf(request) === form ? {} : { status: 401 }),
			automatic,
		);
		await send(client, getCall());
		form = 'legacy';
		await send(client, getCall());
		expect(client.connection.learned.keyForm.recall('https://pay.example')).toBe('legacy');
	});

	it('that the user has set is the only one tried', async () => {
		const { client, requests } = clientOf(() => ({ status: 401 }));
		expect((await failure(send(client, getCall()))).status).toBe(401);
		expect(requests).toHaveLength(1);
	});

	it('is not in doubt where a key that works may not do something', async () => {
		let allowed = true;
		const { client, requests } = clientOf(
			(request) => (formOf(request) === 'bearer' && allowed ? {} : { status: 403 }),
			automatic,
		);
		await send(client, getCall());
		allowed = false;
		requests.length = 0;
		expect((await failure(send(client, getCall()))).status).toBe(403);
		expect(requests).toHaveLength(1);
	});

	it('is told apart from a refusal of something else', async () => {
		const { client, requests } = clientOf(
			(request) =>
				formOf(request) === 'bearer' ? { status: 422, body: { error: 'No' } } : { status: 401 },
			automatic,
		);
		expect((await failure(send(client, getCall()))).message).toContain('422: No');
		requests.length = 0;
		await failure(send(client, getCall()));
		expect(requests.map(formOf)).toEqual(['bearer']);
	});

	it('is learned for each server on its own', async () => {
		const { client } = clientOf(
			(request) =>
				formOf(request) === (request.url.includes('biz') ? 'legacy' : 'raw') ? {} : { status: 401 },
			automatic,
		);
		await send(client, callTo('transaction.getAll'));
		await send(client, callTo('invoice.create'));
		const { keyForm } = client.connection.learned;
		expect([keyForm.recall('https://pay.example'), keyForm.recall('https://biz.example')]).toEqual([
			...['raw', 'legacy'],
		]);
	});

	it('leaves the first refusal to tell when none is taken', async () => {
		const { client, requests } = clientOf(
			(_request, count) => ({ status: 401, body: { error: `No ${count}` } }),
			automatic,
		);
		expect((await failure(send(client, getCall()))).message).toContain('No 1');
		expect(requests.map(formOf)).toEqual([undefined, 'raw', 'bearer', 'legacy']);
	});
});

describe('the path', () => {
	const noRoute: Array<[string, Answer]> = [
		['404 as JSON', { status: 404, body: { error: 'Not found' } }],
		['404 as a page', { status: 404, body: '<html><title>404</title></html>' }],
		['404 without a word', { status: 404, body: '' }],
		['405', { status: 405, body: '' }],
	];

	it.each(noRoute)('is one of the alternatives where a server says %s', async (_name, answer) => {
		const call = callTo('transaction.calculateAmount');
		const { client, requests } = clientOf((request) =>
			request.url.endsWith('/api/v1/calculate-payment') ? { body: { data: 1 } } : answer,
		);
		await send(client, call);
		expect(requests.map(placeOf)).toEqual([
			'POST pay.example/api/v1/transactions/calculate-payment',
			'POST pay.example/api/v1/transactions/calculate',
			'POST pay.example/api/v1/calculate-payment',
		]);
		requests.length = 0;
		await send(client, call);
		expect(requests).toHaveLength(1);
	});

	it('is not in doubt after a lost answer, a refused value or trouble that passes', async () => {
		for (const status of [400, 409, 422, 429, 500, 503]) {
			const { client, requests } = clientOf(() => ({ status }));
			const call = callTo('transaction.calculateAmount');
			if (status === 429) call.maxRetries = 0;
			await failure(send(client, { ...call, idempotencyKey: undefined }));
			expect([status, requests.length]).toEqual([status, 1]);
		}
		const { client, requests } = clientOf(() =>
			Object.assign(new Error('cut'), { code: 'ECONNRESET' }),
		);
		await failure(send(client, callTo('invoice.sendEmail', { invoiceId: 'i' })));
		expect(new Set(requests.map(placeOf)).size).toBe(1);
	});

	it('that worked is not in doubt because an object is not there', async () => {
		const { client, requests } = clientOf((request) =>
			request.url.endsWith('/i1') ? { body: {} } : { status: 404 },
		);
		const read = (invoiceId: string) =>
			send(client, callTo('subscriptionInvoice.get', { subscriptionId: 's', invoiceId }));
		await read('i1');
		requests.length = 0;
		expect((await failure(read('i2'))).status).toBe(404);
		expect(requests).toHaveLength(1);
	});

	it('that nobody has is told by the first refusal, with what else was tried', async () => {
		const { client } = clientOf((_request, count) => ({
			status: 404,
			body: { error: `No ${count}` },
		}));
		const { message, hint } = await failure(send(client, callTo('currency.getSupported')));
		expect(message).toContain('No 1');
		expect(hint).toContain('Also tried: pay.example/api/v1/currencies/supported.');
	});

	it('that the user has set is the only one tried', async () => {
		const { client, requests } = clientOf(() => ({ status: 404 }));
		await failure(send(client, callTo('currency.getSupported', {}, {}, '/api/v1/mine')));
		expect(requests.map(placeOf)).toEqual(
			['POST pay.example/api/v1/mine'].map((place) => place.replace('POST', 'GET')),
		);
	});

	it('may lack an ID, which then goes along in the body', async () => {
		const { client, requests } = clientOf((request) =>
			request.url.endsWith('/invoices/send-email') ? { body: {} } : { status: 404 },
		);
		await send(client, callTo('invoice.sendEmail', { invoiceId: 'inv_1' }));
		expect(requests.at(-1)?.body).toBe('{"invoiceId":"inv_1"}');
		expect(requests[0].body).toBeUndefined();
	});

	it('may hold what the documented one has in its body', () => {
		const { routes } = targetOf('sandbox.forceScenario', {}, { transactionId: 't/1' });
		expect(routes.at(-1)?.path).toBe('/api/v1/sandbox/simulator/force/t%2F1');
		const other = targetOf('sandbox.forceScenario', {}, { transactionId: '..' });
		expect(other.routes.some(({ path }) => path.includes('..'))).toBe(false);
	});
});

describe('the host of invoices and payment links', () => {
	it.each<[string, Answer | Error]>([
		['has no such route', { status: 404 }],
		['redirects to its website', { status: 302, headers: { location: '/login' } }],
		['is not there', Object.assign(new Error('none'), { code: 'ENOTFOUND' })],
	])('is the payments host where the other %s', async (_name, answer) => {
		const { client, requests } = clientOf((request) =>
			request.url.startsWith('https://pay.') ? { body: {} } : answer,
		);
		await send(client, callTo('invoice.create'));
		expect(requests.map(placeOf)).toEqual([
			'POST biz.example/api/v1/invoices',
			'POST pay.example/api/v1/invoices',
		]);
		// And what was learned of one operation serves the others.
		requests.length = 0;
		await send(client, callTo('paymentLink.create'));
		expect(requests.map(placeOf)).toEqual(['POST pay.example/api/v1/payment-links']);
	});

	it('is never another one than the credential has', async () => {
		const { client, requests } = clientOf(() => ({ status: 404 }), automatic);
		await failure(send(client, callTo('invoice.sendEmail', { invoiceId: 'i' })));
		expect(new Set(requests.map(({ url }) => new URL(url).host))).toEqual(
			new Set(['biz.example', 'pay.example']),
		);
	});
});

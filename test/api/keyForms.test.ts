import type { IHttpRequestOptions } from 'n8n-workflow';
import { findForm, formFor, keyHeaders } from '../../nodes/KuvarPay/api/keyForms';
import { learnedOf } from '../../nodes/KuvarPay/api/learned';

let count = 0;
/** A credential of a server that nobody has asked yet. */
const newcomer = (more = {}) => ({
	apiKey: 'key-1234',
	baseUrl: `https://pay-${++count}.example/`,
	...more,
});

type Headers = Record<string, string>;
const formOf = ({ headers }: IHttpRequestOptions) => {
	const { Authorization: sent, 'x-api-key': legacy } = headers as Headers;
	return legacy ? 'legacy' : sent.startsWith('Bearer ') ? 'bearer' : 'raw';
};

/** Answers each question by a function, and keeps them. */
function asking(answer: (form: string, path: string) => number) {
	const asked: string[] = [];
	return {
		asked,
		ask: async (request: IHttpRequestOptions) => {
			const path = new URL(request.url).pathname;
			asked.push(`${request.method} ${path.split('/')[3]} ${formOf(request)}`);
			return { statusCode: answer(formOf(request), path) };
		},
	};
}

describe('the form of a key that nobody knows', () => {
	it.each(['raw', 'bearer', 'legacy'])('is found when it is %s, by reading only', async (form) => {
		const { ask, asked } = asking((sent) => (sent === form ? 200 : 401));
		expect(await findForm(newcomer(), ask)).toBe(form);
		expect(asked.every((each) => each.startsWith('GET transactions '))).toBe(true);
		expect(asked.length).toBeLessThanOrEqual(3);
	});

	it('is the one that is not refused, whatever else the answer is', async () => {
		const { ask } = asking((sent) => (sent === 'bearer' ? 429 : 403));
		expect(await findForm(newcomer(), ask)).toBe('bearer');
	});

	it('is asked for elsewhere where an address says nothing of the key', async () => {
		const { ask, asked } = asking((sent, path) =>
			path.endsWith('/transactions') || sent === 'legacy' ? 404 : 401,
		);
		expect(await findForm(newcomer(), ask)).toBe('legacy');
		expect(asked[0]).toBe('GET transactions raw');
		expect(asked[1]).toBe('GET checkout-sessions raw');
	});

	it('stays unknown when all are refused', async () => {
		const { ask } = asking(() => 401);
		expect(await findForm(newcomer(), ask)).toBeUndefined();
	});

	it('is asked for once by all that begin together', async () => {
		const { ask, asked } = asking((sent) => (sent === 'bearer' ? 200 : 401));
		const credential = newcomer();
		const forms = await Promise.all(Array.from({ length: 50 }, () => findForm(credential, ask)));
		expect(new Set(forms)).toEqual(new Set(['bearer']));
		expect(asked).toHaveLength(2);
	});

	it('is asked for again after a failure', async () => {
		const credential = newcomer();
		const broken = async () => await Promise.reject(new Error('no network'));
		await expect(findForm(credential, broken)).rejects.toThrow('no network');
		const { ask } = asking(() => 200);
		expect(await findForm(credential, ask)).toBe('raw');
	});
});

describe('the form in which a key goes out', () => {
	it('is the one that was set, then the one that was learned, then what n8n has kept', () => {
		const { origin } = new URL(newcomer().baseUrl);
		const kept = newcomer({ foundFormat: 'legacy' });
		expect(formFor(newcomer(), origin)).toBe('raw');
		expect(formFor(kept, origin)).toBe('legacy');
		learnedOf(kept).keyForm.note(origin, 'bearer');
		expect(formFor(kept, origin)).toBe('bearer');
		expect(formFor({ ...kept, authorizationFormat: 'raw' }, origin)).toBe('raw');
		// A value that no version of this package knows is none.
		expect(formFor(newcomer({ foundFormat: 'other' }), origin)).toBe('raw');
	});

	it.each([
		['raw', { Authorization: 'key-1234' }],
		['bearer', { Authorization: 'Bearer key-1234' }],
		['legacy', { 'x-api-key': 'key-1234' }],
	] as const)('is written as %s, without what was pasted around it', (form, headers) => {
		expect(keyHeaders({ apiKey: ' key-1234\n', businessId: ' ' }, form)).toEqual(headers);
		expect(keyHeaders({ apiKey: 'key-1234', businessId: ' b1 ' }, form)).toEqual({
			...headers,
			'x-business-id': 'b1',
		});
	});
});

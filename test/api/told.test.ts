import { readTold } from '../../nodes/KuvarPay/api/told';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const date = 'Sat, 21 Nov 2026 12:00:00 GMT';

describe('what an answer tells of a limit', () => {
	it.each([
		[{}, {}],
		[{ 'retry-after': '2' }, { wait: 2000 }],
		[{ 'retry-after': 'soon' }, {}],
		[
			{ 'ratelimit-remaining': '7', 'ratelimit-reset': '3' },
			{ remaining: 7, reset: 3000 },
		],
		[
			{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 9) },
			{ remaining: 0, reset: 9000 },
		],
		[{ 'x-ratelimit-reset': String(NOW + 1500) }, { reset: 1500 }],
		[{ 'x-ratelimit-reset': String(NOW / 1000 - 9) }, { reset: 0 }],
		[{ ratelimit: 'limit=100, remaining=50, reset=5' }, { remaining: 50, reset: 5000 }],
		[{ ratelimit: '"default";r=12;t=30' }, { remaining: 12, reset: 30_000 }],
		[{ 'ratelimit-remaining': 'many', 'ratelimit-reset': '-1' }, {}],
		[{ 'ratelimit-remaining': ['7'] }, {}],
	])('%j is read as %j', (headers, told) => {
		expect(JSON.parse(JSON.stringify(readTold(headers, NOW)))).toEqual(told);
	});

	it("measures a moment by the server's clock, as ours may be wrong", () => {
		const headers = { date, 'x-ratelimit-reset': String(NOW / 1000 + 2) };
		expect(readTold(headers, NOW - 3_600_000).reset).toBe(2000);
	});
});

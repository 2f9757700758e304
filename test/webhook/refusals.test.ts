import { refusalLine } from '../../nodes/KuvarPay/webhook/refusals';

const refusal = { status: 401, reason: 'It is wrong', hint: 'Do better.' };

describe('the line about a refused delivery', () => {
	it('says what was wrong and what to do', () => {
		expect(refusalLine('said', refusal, 5)).toBe(
			'refused a delivery with 401: It is wrong. Do better.',
		);
	});

	it('is written once a minute, with the number of those in between', () => {
		const line = (now: number) => refusalLine('counted', refusal, now);
		expect(line(1_000)).toBeDefined();
		expect(line(1_001)).toBeUndefined();
		expect(line(60_999)).toBeUndefined();
		expect(line(61_000)).toBe(
			'refused a delivery with 401: It is wrong. Do better. Refused without a line before this one: 2.',
		);
		expect(line(61_001)).toBeUndefined();
		expect(line(121_000)).toContain('before this one: 1.');
		expect(line(181_000)).toBe('refused a delivery with 401: It is wrong. Do better.');
	});

	it('is written for each node', () => {
		expect(refusalLine('one', refusal, 0)).toBeDefined();
		expect(refusalLine('two', refusal, 0)).toBeDefined();
	});
});

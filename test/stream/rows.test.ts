import { readRows, writeRows } from '../../nodes/KuvarPay/stream/rows';
import fc from '../support/fc';

describe('rows', () => {
	it('come back as they were written, whatever is in them, but for the empty end of each', () => {
		const cell = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.constantFrom(',', ';', '%', '%2C', '%'),
		);
		const row = fc.tuple(cell, cell, cell, fc.string({ minLength: 1 }));
		fc.assert(
			fc.property(fc.array(row), (rows) => expect(readRows(writeRows(rows))).toEqual(rows)),
		);
	});

	it('are short: a cell that is not there takes no room', () => {
		expect(writeRows([['a', undefined, 5, null, '']])).toBe('a,,5');
		expect(readRows('a,,5')).toEqual([['a', '', '5']]);
	});

	it.each([undefined, null, 7, {}, ['a'], [['a']], ''])('are none in %p', (text) => {
		expect(readRows(text)).toEqual([]);
	});

	it('hold half a character, and a percent sign that nobody wrote', () => {
		expect(readRows(writeRows([['\ud800', 'x']]))).toEqual([['\ud800', 'x']]);
		expect(readRows('%zz,%,%2')).toEqual([['%zz', '%', '%2']]);
	});
});

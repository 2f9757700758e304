import { readRow, readRows, writeRow } from '../../nodes/KuvarPay/stream/rows';
import fc from '../support/fc';

describe('a row', () => {
	it('comes back as it was written, whatever is in it, but for its empty end', () => {
		const cell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(',', '%', '%2C', '%25'));
		const row = fc.tuple(cell, cell, cell, fc.string({ minLength: 1 }));
		fc.assert(fc.property(row, (cells) => expect(readRow(writeRow(cells))).toEqual(cells)));
	});

	it('is short: a cell that is not there takes no room', () => {
		expect(writeRow(['a', undefined, 5, null, ''])).toBe('a,,5');
		expect(readRow('a,,5')).toEqual(['a', '', '5']);
	});

	it('holds half a character, and a percent sign that nobody wrote', () => {
		expect(readRow(writeRow(['\ud800', 'x']))).toEqual(['\ud800', 'x']);
		expect(readRow('%zz,%,%2')).toEqual(['%zz', '%', '%2']);
	});
});

describe('rows', () => {
	it('are read with their names', () => {
		expect(readRows({ one: 'a,b', constructor: '' })).toEqual([
			['one', ['a', 'b']],
			['constructor', ['']],
		]);
	});

	it.each([undefined, null, 7, 'a,b;c', ['a'], [['a']], {}, { a: 1, b: ['x'], c: null, d: {} }])(
		'are none in %j',
		(kept) => {
			expect(readRows(kept)).toEqual([]);
		},
	);
});

import type { IExecuteFunctions, INodeParameters } from 'n8n-workflow';
import { parametersOf } from '../../nodes/KuvarPay/operation/parameters';

/** Reads each parameter twice for each of two items. @returns the values, and how often n8n was asked */
function read(
	parameters: INodeParameters,
	name: string,
	valueOf = (item: number): unknown => item,
) {
	let asked = 0;
	const ofItem = parametersOf({
		getNode: () => ({ parameters }),
		getNodeParameter: (_name: string, item: number) => {
			asked += 1;
			return valueOf(item);
		},
	} as unknown as IExecuteFunctions);
	const values = [0, 0, 1, 1].map((item) => ofItem(item)(name));
	return { values, asked };
}

it.each([
	['a text', { amount: '5' }, '5'],
	['a switch', { amount: false }, false],
	['what was left as it is', {}, 'default'],
	['what the operation does not have', {}, null],
	['an empty collection', { amount: {} }, {}],
])('%s is the same for all items, and is asked for once', (_what, parameters, value) => {
	expect(read(parameters, 'amount', () => value)).toEqual({
		values: [value, value, value, value],
		asked: 1,
	});
});

it('an expression is asked for each item', () => {
	expect(read({ amount: '={{ $itemIndex }}' }, 'amount')).toEqual({
		values: [0, 0, 1, 1],
		asked: 4,
	});
});

it('what holds other values is asked for each item, as any of them may be an expression', () => {
	const options = { metadata: { rows: [{ key: '={{ $itemIndex }}' }] } };
	const { values, asked } = read({ options }, 'options', (item) => ({ metadata: item }));
	expect([values[0], values[3], asked]).toEqual([{ metadata: 0 }, { metadata: 1 }, 4]);
});

import { Strays } from '../../nodes/KuvarPay/api/strays';

/** So many times: so many get through, then so many are refused, the first after all went well. */
function play(strays: Strays, times: number, passed: number, refused = 1): void {
	for (let time = 0; time < times; time++) {
		for (let n = 0; n < passed; n++) strays.passed();
		for (let n = 0; n < refused; n++) strays.refused(n === 0);
	}
}

const inVain = () => {
	const strays = new Strays();
	play(strays, 12, 20);
	return strays;
};

describe('slowing down', () => {
	it('is in vain where twelve refusals came as often as ever', () => {
		const strays = new Strays();
		play(strays, 11, 20);
		expect(strays.inVain).toBe(false);
		play(strays, 1, 20);
		expect(strays.inVain).toBe(true);
	});

	it.each([
		[16, 2, true],
		[15, 2, false],
		[24, 3, true],
		[20, 3, false],
	])(
		'where %i get through, then %i are refused with all in flight: in vain is %s',
		(passed, refused, expected) => {
			const strays = new Strays();
			play(strays, 12, passed, refused);
			expect(strays.inVain).toBe(expected);
		},
	);

	it('is tried again after five refusals in a row, and not after four', () => {
		const strays = inVain();
		play(strays, 1, 20, 4);
		expect(strays.inVain).toBe(true);
		play(strays, 1, 20, 5);
		expect(strays.inVain).toBe(false);
	});

	it('is tried again where a refusal is three times later than usual', () => {
		const strays = inVain();
		play(strays, 1, 60);
		expect(strays.inVain).toBe(true);
		play(strays, 1, 80);
		expect(strays.inVain).toBe(false);
	});
});

import { asMarkdown, asText, goal, ratioGoal } from '../../bench/report';

describe('a goal for a ratio', () => {
	it('is met or missed, whatever is explained', () => {
		expect(ratioGoal('a', 1.2, 1.2)).toEqual({ text: 'a', met: true, seen: '1.20 x' });
		expect(ratioGoal('a', 1.21, 1.2)).toEqual({ text: 'a', met: false, seen: '1.21 x' });
		expect(ratioGoal('a', 1.1, 1.2, 1.5).met).toBe(true);
		expect(ratioGoal('a', 1.5, 1.2, 1.5)).toMatchObject({ met: false, explained: '1.50 x' });
		expect(ratioGoal('a', 1.51, 1.2, 1.5)).not.toHaveProperty('explained');
	});

	it('that is missed is shown as missed, with how much of it is explained', () => {
		const goals = [ratioGoal('a', 1.3, 1.2, 1.5), ratioGoal('b', 2, 1), goal('c', true, '0')];
		const report = { title: '', head: ['x'], rows: [], goals };
		expect(asText(report)).toContain(
			'  MISSED a: 1.30 x (explained up to 1.50 x)\n  MISSED b: 2.00 x\n  met    c: 0',
		);
		expect(asMarkdown(report)).toContain(
			'- **missed**: a: 1.30 x (explained up to 1.50 x)\n- **missed**: b: 2.00 x\n- met: c: 0',
		);
	});
});

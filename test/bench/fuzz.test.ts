import { fuzz } from '../../bench/chaos/fuzzing';
import { answers, parameters, streamBytes, webhooks } from '../../bench/chaos/surfaces';
import { mostInOneSecond } from '../../bench/recovery';

// `npm run chaos` takes a million inputs; these few keep each surface and its checks alive, and every
// seed that ever broke something stays among them.
const SURFACES = { streamBytes, answers, webhooks, parameters };

it.each(Object.entries(SURFACES))(
	'%s stands what it is given',
	async (name, surface) => {
		const { findings, inputs } = await fuzz(name, surface, 500, 1);
		expect(findings).toEqual([]);
		expect(inputs).toBe(500);
	},
	60_000,
);

it('tells nothing of the key where a refusal is cut', async () => {
	// Seed 4 of run 1: the key stood where the message of a refused stream ends.
	const { findings } = await fuzz('streamBytes', streamBytes, 5, 1);
	expect(findings).toEqual([]);
});

it('notices a surface that breaks, hangs, tells the key or pollutes prototypes', async () => {
	const broken = await fuzz('broken', () => Promise.reject(new Error('broken')), 3, 1);
	expect(broken.findings.map(({ what }) => what)).toEqual(['broken', 'broken', 'broken']);
	const polluting = await fuzz(
		'polluting',
		() => void Object.assign(Object.prototype, { polluted: true }),
		1,
		1,
	);
	delete (Object.prototype as { polluted?: boolean }).polluted;
	expect(polluting.findings.map(({ what }) => what)).toEqual(['Object.prototype was changed']);
});

it('counts the most of any second, wherever it begins', () => {
	expect(mostInOneSecond([])).toBe(0);
	expect(mostInOneSecond([0, 999, 1000, 1001, 1998, 5000])).toBe(4);
	expect(mostInOneSecond([0, 900, 950, 1890])).toBe(3);
});

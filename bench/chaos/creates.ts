// Creates under fire: exactly as many objects and results as items, in their order.
import { goal, many, ms, type Report } from '../report';
import type { Part } from '../runner';

export const creates: Part = async ({ lab, quick, seed, say }) => {
	const count = quick ? 500 : 10_000;
	const share = {
		resetBefore: 0.05,
		resetAfter: 0.05,
		rateLimit: 0.05,
		status: 0.05,
		halfOpen: 0.01,
	};
	const faults = Object.entries(share).map(([kind, probability]) => ({
		kind: kind as keyof typeof share,
		probability,
		// Half of the half-open ones have done the work before they fall silent.
		...(kind === 'halfOpen' && { afterWork: seed % 2 === 0 }),
	}));
	say(`${many(count)} creates`);
	return await lab.run({ seed, faults }, async (host, simulator) => {
		const result = await host.run({
			node: {
				type: 'kuvarPay',
				parameters: {
					resource: 'checkoutSession',
					operation: 'create',
					amount: '={{ $json.amount }}',
					currency: 'NGN',
					additionalFields: { description: '={{ $json.name }}' },
					options: { maxRetries: 10, timeout: 2 },
				},
			},
			items: Array.from({ length: count }, (_, index) => ({
				json: { name: `Item ${index}`, amount: 1000 + index },
			})),
			credentials: { kuvarPayApi: { ...simulator.credential } },
			timeoutMs: 30 * 60_000,
		});
		const made = await simulator.ask('descriptions');
		const requests = (await simulator.ask('requests')).length;
		const { violations } = await simulator.ask('counts');
		const byName = new Map(made.map(([id, name]) => [name, id]));
		const inOrder = result.items.filter(
			({ json, pairedItem }, index) =>
				json.description === `Item ${index}` &&
				json.sessionId === byName.get(`Item ${index}`) &&
				(pairedItem as { item: number }).item === index,
		).length;
		const report: Report = {
			title: `Creates under fire, seed ${seed}`,
			head: ['items', 'requests', 'objects', 'distinct', 'results', 'in order', 'time'],
			rows: [
				[count, requests, made.length, byName.size, result.items.length, inOrder]
					.map(many)
					.concat(ms(result.durationMs)),
			],
			notes: [
				'Of all requests 5 % were reset before the work, 5 % after it, 5 % answered 429, 5 % answered 503, 1 % never answered.',
			],
			goals: [
				goal('no error', result.error === undefined, result.error?.message ?? 'none'),
				goal(
					`exactly ${many(count)} objects`,
					made.length === count && byName.size === count,
					many(made.length),
				),
				goal(`${many(count)} results in input order`, inOrder === count, many(inOrder)),
				goal('no request against the contract', violations.length === 0, violations[0] ?? 'none'),
			],
		};
		return [report];
	});
};

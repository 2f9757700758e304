// How streams come back when the server restarts.
import { now } from './lab';
import { goal, many, ms, type Report } from './report';
import type { Part } from './runner';
import { open, type Kind } from './streams';

/** The back-off's cap in stream/liveStream.ts, in ms. */
const CAP = 30_000;

/** Most of the times that lie within one second, wherever it begins. */
export function mostInOneSecond(times: number[]): number {
	const sorted = [...times].sort((a, b) => a - b);
	let most = 0;
	for (let first = 0, last = 0; last < sorted.length; last++) {
		while (sorted[last] - sorted[first] >= 1000) first += 1;
		most = Math.max(most, last - first + 1);
	}
	return most;
}

export const recovery: Part = async ({ lab, quick, say }) => {
	const count = quick ? 200 : 1000;
	const report: Report = {
		title: `Recovery: ${many(count)} streams, the server restarts`,
		head: [
			'node',
			'server away',
			'all back after',
			'most connections in 1 s',
			'of all',
			'requests',
		],
		rows: [],
		goals: [],
		notes: [
			'Back after: from the moment the server is there again. Requests: streams and state reads.',
		],
	};
	const kinds: Kind[] = ['KuvarPay Trigger', 'plain eventsource'];
	for (const away of quick ? [0] : [0, 10_000])
		for (const kind of kinds) {
			say(`${kind}, away for ${ms(away)}`);
			await lab.run({}, async (host, simulator) => {
				const ids = await simulator.ask('sessions', count);
				const trigger = await open(host, simulator, kind, ids);
				await simulator.ask('streamsOpen', count);
				await simulator.ask('requests');
				await simulator.ask('restart', away);
				const up = now();
				const back = (await simulator.ask('streamsOpen', count)) - up;
				const requests = await simulator.ask('requests');
				const connections = requests.filter(({ path }) => path.includes('/sse/'));
				const most = mostInOneSecond(connections.map(({ at }) => at));
				const share = (100 * most) / count;
				report.rows.push([
					kind,
					ms(away),
					ms(back),
					many(most),
					`${share.toFixed(1)} %`,
					many(requests.length),
				]);
				if (kind === 'KuvarPay Trigger')
					report.goals.push(
						goal(
							`away ${ms(away)}: all back within 2 x the back-off cap`,
							back <= 2 * CAP,
							ms(back),
						),
						goal(
							`away ${ms(away)}: no second with more than 15 %`,
							share <= 15,
							`${share.toFixed(1)} %`,
						),
					);
				await trigger.close();
			});
		}
	return [report];
};

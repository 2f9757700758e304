import { buildPeers } from '../../bench/lab/peers';
import { hostOf } from '../support/engine';

it('the nodes to measure against can be loaded by the engine', async () => {
	const host = await hostOf('newest', { extraPackages: [await buildPeers()] });
	try {
		for (const name of ['plainEventSource', 'plainFetch', 'probe'])
			expect(await host.describe(`n8n-nodes-bench-peers.${name}`)).toMatchObject({ name });
	} finally {
		await host.stop();
	}
});

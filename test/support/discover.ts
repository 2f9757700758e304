import { sources, type Source } from '../../nodes/KuvarPay/payments/sources';
import { Discovery } from '../../nodes/KuvarPay/stream/discovery';
import { Journal } from '../../nodes/KuvarPay/stream/journal';
import type { Emission } from '../../nodes/KuvarPay/stream/ledger';
import { Monitor } from '../../nodes/KuvarPay/stream/monitor';
import type { World } from './world';

export interface DiscoverOptions {
	source?: Source;
	journal?: Journal;
	isStreamed?: (id: string) => boolean;
	/** ms */
	watchAfterEnd?: number;
	anyUpdate?: boolean;
	emitCurrentState?: boolean;
	statuses?: string[];
}

/** Looks at the list of a world. */
export function discoverIn(
	world: World,
	{
		source = sources.transaction,
		journal = new Journal({}, 'all'),
		isStreamed = (_id: string): boolean => true,
		watchAfterEnd = 24 * 3_600_000,
		anyUpdate = false,
		emitCurrentState = false,
		statuses = [] as string[],
	} = {} as DiscoverOptions,
) {
	const emissions: Emission[] = [];
	const { client, clock } = world;
	const monitor = new Monitor({ source, anyUpdate, statuses, emitCurrentState, clock }, journal, {
		deliver: (emission) => void emissions.push(emission),
	});
	const discovery = new Discovery({
		client,
		source,
		monitor,
		looks: journal.looks,
		pollInterval: 15_000,
		watchAfterEnd,
		isStreamed,
	});
	/** What a look tells, and what it asks for. */
	const look = async () => {
		world.asked();
		emissions.length = 0;
		await discovery.look();
		return { told: emissions.map(({ id, status }) => `${id} ${status}`), asked: world.asked() };
	};
	return { look, monitor, journal, emissions };
}

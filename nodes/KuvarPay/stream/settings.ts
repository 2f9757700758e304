import type { Source } from '../payments/sources';
import type { Emission } from './ledger';

/** The trigger's parameters, read and checked. */
export interface TriggerSettings {
	source: Source;
	/** What to watch; undefined for all that are listed. */
	ids?: string[];
	anyUpdate: boolean;
	statuses: string[];
	emitCurrentState: boolean;
	/** ms */
	idleTimeout: number;
	/** Between two looks at the list, in ms. */
	discoveryInterval: number;
	/** Between two reads where streams are refused, in ms. */
	pollInterval: number;
	/** How long a payment is looked at after its end, in ms. */
	watchAfterEnd: number;
	maxStreams: number;
	authToken?: string;
	shape: (emission: Emission) => Emission;
}

/** Goes through worlds side by side, all in one engine process. */
import pLimit from 'p-limit';
import { startEngine } from '../../engine';
import type { World } from './combine';
import { visit, type Visit } from './visit';

export interface TourOptions {
	/** Folder of the unpacked package. */
	packageDir: string;
	/** Worlds at a time. */
	sideBySide?: number;
	/** Told of each world as it ends. */
	onVisit?: (visit: Visit) => void;
}

/** Tries the worlds and tells how each of them went, in their order. */
export async function tour(worlds: World[], options: TourOptions): Promise<Visit[]> {
	const host = await startEngine({ packageDir: options.packageDir, engine: 'newest' });
	const limit = pLimit(options.sideBySide ?? 12);
	try {
		const description = await host.describe('kuvarPay');
		const visits = await Promise.all(
			worlds.map(
				async (world) =>
					await limit(async () => {
						const done = await visit(host, description, world);
						options.onVisit?.(done);
						return done;
					}),
			),
		);
		if (host.uncaught.length > 0) {
			throw new Error(`Uncaught in the process of the engine: ${host.uncaught[0].message}`);
		}
		return visits;
	} finally {
		await host.stop();
	}
}

// Apart from what the tests need with them: jest loads this before the first test, and not for long.
import type { EngineName, PackedPackage } from '../../engine';

/** Both ends of n8n 2.x, and n8n 1.x. */
export const ENGINES: EngineName[] = ['newest', 'oldest', '1.x'];

/** This package, and the one that the tests of the engine host run. */
export type Packages = Record<'kuvarpay' | 'echo', Record<EngineName, PackedPackage>>;

/** A package as it was packed and unpacked for this test run. */
export function packed(engine: EngineName, name: keyof Packages = 'kuvarpay'): PackedPackage {
	return (JSON.parse(process.env.TEST_PACKAGES!) as Packages)[name][engine];
}

import type { PackedPackage } from '../engine/pack';

/** Removes what globalSetup laid out. */
export default async function globalTeardown(): Promise<void> {
	const { packages = [] } = globalThis as { packages?: PackedPackage[] };
	await Promise.all(packages.map(async ({ cleanup }) => await cleanup()));
}

// Loads packages beside the one under test: n8n's own nodes, to measure against.
import Module from 'node:module';
import { realpathSync } from 'node:fs';
import { sep } from 'node:path';
import type * as N8nCore from 'n8n-core';
import type { INodeType, IVersionedNodeType } from 'n8n-workflow';

type Resolve = (
	request: string,
	parent: { filename?: string } | undefined,
	...more: never
) => string;

/**
 * Opens packages lazily, as n8n opens its own: a node is loaded when it is asked for.
 * @param engineFiles what these packages are to get for a module's name in the place of their own
 * copy, since nodes and engine tell errors apart by their classes
 * @returns the node of a full type name
 */
export async function loadExtra(
	core: typeof N8nCore,
	packageDirs: string[],
	engineFiles: Record<string, string>,
): Promise<(type: string) => INodeType | IVersionedNodeType | undefined> {
	share(packageDirs, engineFiles);
	const loaders = await Promise.all(
		packageDirs.map(async (dir) => {
			const loader = new core.LazyPackageDirectoryLoader(dir);
			await loader.loadAll();
			return loader;
		}),
	);
	return (type) => {
		const loader = loaders.find(({ packageName }) => type.startsWith(`${packageName}.`));
		return loader?.getNode(type.slice(loader.packageName.length + 1)).type;
	};
}

function share(packageDirs: string[], engineFiles: Record<string, string>): void {
	const roots = packageDirs.map((dir) => realpathSync(dir) + sep);
	const loader = Module as unknown as { _resolveFilename: Resolve };
	const resolve = loader._resolveFilename;
	loader._resolveFilename = (request, parent, ...more) => {
		const own = roots.some((root) => parent?.filename?.startsWith(root));
		return own && Object.hasOwn(engineFiles, request)
			? engineFiles[request]
			: resolve.call(loader, request, parent, ...more);
	};
}

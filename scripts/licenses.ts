/** THIRD_PARTY_LICENSES.md: the licences of all packages whose code is in the published bundle. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '..');

interface Manifest {
	name: string;
	version: string;
	license?: string;
	repository?: string | { url: string };
}

export function thirdPartyLicenses(): string {
	const packages = bundledPackages();
	const overview = packages.map(({ manifest: { name, version, license } }) => {
		return `| ${name} | ${version} | ${license ?? 'see below'} |`;
	});
	return `<!-- Generated from the bundle and node_modules by \`npm run docs\`. Do not edit. -->

# Third-party licences

The files in \`dist\` contain code of these packages. n8n-nodes-kuvarpay itself is under the licence in
LICENSE.md.

<!-- prettier-ignore-start -->
| Package | Version | Licence |
| --- | --- | --- |
${overview.join('\n')}
<!-- prettier-ignore-end -->

${packages.map(section).join('\n\n')}
`;
}

interface Bundled {
	folder: string;
	manifest: Manifest;
}

/** What esbuild takes into the bundles that gulpfile.js makes, in alphabetical order. */
function bundledPackages(): Bundled[] {
	const { n8n } = readJson<{ n8n: { nodes: string[]; credentials: string[] } }>('package.json');
	const entryPoints = [...n8n.nodes, ...n8n.credentials].map((file) =>
		file.replace(/^dist\//, '').replace(/\.js$/, '.ts'),
	);
	const { inputs } = buildSync({
		absWorkingDir: root,
		entryPoints,
		outdir: 'dist',
		bundle: true,
		write: false,
		metafile: true,
		platform: 'node',
		format: 'cjs',
		external: ['n8n-workflow'],
		inject: ['nodes/KuvarPay/api/timers.ts'],
		logLevel: 'error',
	}).metafile;
	const folders = Object.keys(inputs).flatMap(
		(file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [],
	);
	return [...new Set(folders)].sort().map((folder) => ({
		folder,
		manifest: readJson<Manifest>(join(folder, 'package.json')),
	}));
}

function section({ folder, manifest }: Bundled): string {
	const { name, version, repository } = manifest;
	const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
	if (!file)
		throw new Error(`${folder} has no licence file: its code may not be shipped without one`);
	const text = readFileSync(join(root, folder, file), 'utf8')
		.replaceAll('\r\n', '\n')
		.trim();
	const url = typeof repository === 'string' ? repository : repository?.url;
	return [`## ${name} ${version}`, webAddress(url), `\`\`\`text\n${text}\n\`\`\``]
		.filter(Boolean)
		.join('\n\n');
}

/** `git+ssh://git@github.com/a/b.git` and npm's short form `a/b` as a link. */
function webAddress(url = ''): string {
	const [, path] = /^(?:.*github\.com\/)?([^/:]+\/[^/]+?)(?:\.git)?$/.exec(url) ?? [];
	return path ? `https://github.com/${path}` : '';
}

const readJson = <Content>(file: string) =>
	JSON.parse(readFileSync(join(root, file), 'utf8')) as Content;

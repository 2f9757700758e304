/**
 * `npm run mutants`: breaks the code that decides in one place after the other, and sees whether a
 * fast test notices (docs/reliability.md).
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
	testRunner: 'jest',
	jest: { configFile: 'test/mutants/jest.config.js' },
	// Each mutant meets only the tests that run through its place.
	coverageAnalysis: 'perTest',
	mutate: [
		'nodes/KuvarPay/payments/*.ts',
		'nodes/KuvarPay/webhook/*.ts',
		'nodes/KuvarPay/stream/{ledger,delivery,discovery,watcher,follower}.ts',
		'nodes/KuvarPay/stream/{ending,executions,journal,look,monitor,replay,rows,silence}.ts',
		'nodes/KuvarPay/api/{pagination,lists,pace,traffic,tempo,told,width}.ts',
		'nodes/KuvarPay/api/{bucket,limit,passes,raise}.ts',
		'nodes/KuvarPay/api/{idempotency,request}.ts',
	],
	// Nearly all texts are words for people, or names of a table that a test would only repeat.
	mutator: { excludedMutations: ['StringLiteral'] },
	concurrency: 2,
	// A mutant that loops for ever costs this much, in ms.
	timeoutMS: 3_000,
	reporters: ['clear-text', 'progress', 'html'],
	clearTextReporter: { logTests: false, reportTests: false },
	htmlReporter: { fileName: '.cache/mutants/report.html' },
	tempDirName: '.cache/mutants/sandbox',
	// The copy that is broken holds only what these tests need.
	ignorePatterns: [
		'*',
		'!nodes/**/*.ts',
		'!test/{api,mutants,operation,payments,stream,support,triggers,webhook}/*',
		'!{jest.config.js,package.json,tsconfig.json}',
	],
	thresholds: { high: 95, low: 90, break: 90 },
};

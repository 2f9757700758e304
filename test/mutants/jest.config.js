const all = require('../../jest.config');

// Each mutant meets the same tests again: a fifth of the random cases is enough.
process.env.FC_RUNS ??= '0.2';

/**
 * The fast tests: in this process, with a transport and a clock held in the hand. They need no
 * package, so nothing is built; those that start n8n's engine are the proof of the whole and too slow
 * to be run once for each mutant.
 *
 * @type {import('jest').Config}
 */
module.exports = {
	...all,
	rootDir: '../..',
	testMatch: [
		'<rootDir>/test/{api,payments,stream,triggers,webhook}/**/*.test.ts',
		'<rootDir>/test/operation/items.test.ts',
	],
	testPathIgnorePatterns: [
		'/node_modules/',
		'<rootDir>/test/stream/(crash|hostile|protocol|storm).test.ts',
		// They do not come by the code that is broken.
		'<rootDir>/test/api/(json|paths).test.ts',
	],
	globalSetup: undefined,
	globalTeardown: undefined,
	runner: require.resolve('./runner'),
	testEnvironment: require.resolve('./environment'),
	// A mutant that is never done costs this much, in ms. The slowest of these tests takes half of it.
	testTimeout: 3_000,
};

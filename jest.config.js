const { availableParallelism } = require('node:os');

// Packages that ship only ES modules and that the sources import: jest must compile them.
const esModules = [
	'@apidevtools/json-schema-ref-parser',
	'eventsource',
	'eventsource-parser',
	'is-network-error',
	'p-limit',
	'p-retry',
	'yocto-queue',
];

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: '<rootDir>/test/support/environment.ts',
	testSequencer: '<rootDir>/test/support/sequencer.js',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	// Most tests wait, for the engine's process or for a time: jest's own choice would leave cores idle.
	maxWorkers: availableParallelism() + 2,
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.cache/', '<rootDir>/test/e2e/host/'],
	globalSetup: '<rootDir>/test/globalSetup.ts',
	globalTeardown: '<rootDir>/test/globalTeardown.ts',
	transform: {
		'\\.[jt]s$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
		],
	},
	transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
	// Loading n8n's engine from a cold disk takes long on a small machine.
	testTimeout: 60_000,
};

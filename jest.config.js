// Packages that ship only ES modules and that the sources import: jest must compile them.
const esModules = ['eventsource', 'eventsource-parser', 'p-retry', 'p-limit', 'yocto-queue', 'is-network-error'];

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/e2e/host/'],
	globalSetup: '<rootDir>/test/globalSetup.ts',
	transform: {
		'\\.[jt]s$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } }],
	},
	transformIgnorePatterns: [`/node_modules/(?!(${esModules.join('|')})/)`],
	testTimeout: 30_000,
};

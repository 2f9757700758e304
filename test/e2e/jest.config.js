const base = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: '../..',
	testMatch: ['<rootDir>/test/e2e/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/'],
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	globalTeardown: undefined,
	// Starting n8n and a browser takes seconds; a test that hangs must end all the same.
	testTimeout: 120_000,
	maxWorkers: 1,
};

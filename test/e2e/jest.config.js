const base = require('../../jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
	...base,
	rootDir: '../..',
	testMatch: ['<rootDir>/test/e2e/*.test.ts'],
	// The queue of two webhook processes has never run to its end: run it by its name, with E2E_ALL=1.
	testPathIgnorePatterns: ['/node_modules/', ...(process.env.E2E_ALL ? [] : ['webhookQueue'])],
	globalSetup: '<rootDir>/test/e2e/globalSetup.ts',
	globalTeardown: undefined,
	// Starting n8n and a browser takes seconds; a test that hangs must end all the same.
	testTimeout: 120_000,
	maxWorkers: 1,
};

const { existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { default: TestRunner } = require('jest-runner');

/**
 * StrykerJS has every file loaded for every mutant, and run to its end. This runs only files with a
 * test that comes by the mutant's place, the likeliest and fastest first, and stops at the first failure.
 */
module.exports = class extends TestRunner {
	/** Where it stands what the run without a mutant has shown of each file: its tests, and how long it took. */
	get #seen() {
		return join(this._globalConfig.rootDir, '.cache/seen.json');
	}

	async runTests(tests, watcher, options) {
		if (process.env.__STRYKER_ACTIVE_MUTANT__ === undefined)
			return await this.#look(tests, watcher, options);
		let hasFailed = false;
		this.on('test-file-failure', () => (hasFailed = true));
		this.on('test-file-success', ([, { numFailingTests }]) => (hasFailed ||= numFailingTests > 0));
		for (const test of this.#chosen(tests)) {
			await super.runTests([test], watcher, options);
			if (hasFailed) return;
		}
	}

	/** Runs everything, and notes what was seen. */
	async #look(tests, watcher, options) {
		const seen = {};
		this.on('test-file-success', ([{ path }, { testResults, perfStats }]) => {
			const names = testResults.map(({ fullName }) => fullName);
			seen[path] = { names, ms: perfStats.runtime };
		});
		await super.runTests(tests, watcher, options);
		mkdirSync(dirname(this.#seen), { recursive: true });
		writeFileSync(this.#seen, JSON.stringify(seen));
	}

	/** The files that count, the one that is named like the broken file before the others, then the fast ones. */
	#chosen(tests) {
		const { testNamePattern, nonFlagArgs } = this._globalConfig;
		const seen = existsSync(this.#seen) ? JSON.parse(readFileSync(this.#seen, 'utf8')) : {};
		const pattern = new RegExp(testNamePattern ?? '', 'i');
		const broken = nonFlagArgs.map((path) => basename(path, '.ts'));
		const rank = ({ path }) =>
			broken.includes(basename(path, '.test.ts')) ? -1 : (seen[path]?.ms ?? 0);
		return tests
			.filter(({ path }) => !seen[path] || seen[path].names.some((name) => pattern.test(name)))
			.sort((a, b) => rank(a) - rank(b));
	}
};

const { TestEnvironment } = require('jest-environment-node');

/** Leaves the rest of a file out once one of its tests has failed: one is enough to notice a mutant. */
module.exports = class extends TestEnvironment {
	#hasFailed = false;

	handleTestEvent({ name, test }) {
		if (name === 'test_fn_failure' || name === 'hook_failure') this.#hasFailed = true;
		if (name === 'test_start' && this.#hasFailed) test.mode = 'skip';
	}
};

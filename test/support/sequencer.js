const { default: Sequencer } = require('@jest/test-sequencer');

/** The longest first: with one of them begun last, all but one core would be idle at the end. */
const LONGEST = [
	'stream/storm',
	'stream/hostile',
	'engine/host',
	'stream/crash',
	'worlds/forms',
	'engine/trigger',
	'package/package',
	'stream/protocol',
	'engine/resilience',
	'engine/triggerWorlds',
].map((name) => `/test/${name}.test.ts`);

/** Jest knows how long a file takes only where it ran before, and goes by its size else. */
module.exports = class extends Sequencer {
	sort(tests) {
		const rank = ({ path }) => {
			const index = LONGEST.findIndex((name) => path.replaceAll('\\', '/').endsWith(name));
			return index === -1 ? LONGEST.length : index;
		};
		return super.sort(tests).sort((one, other) => rank(one) - rank(other));
	}
};

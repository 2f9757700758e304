import { TestEnvironment } from 'jest-environment-node';
import type { EngineName, EngineProcess } from '../../engine';

/** Engine processes that wait for another test file, one for each engine. */
export type Spare = Map<EngineName, EngineProcess>;

/** As long as jest's process: it runs many files, each with modules and globals of its own. */
const spare: Spare = new Map();

/**
 * A place for engine processes from one test file to the next. n8n takes most of the time of a start, and
 * is the same for all; the package and what it learned do not stay (see `giveBack` of the engine host).
 */
export default class extends TestEnvironment {
	override async setup(): Promise<void> {
		await super.setup();
		Object.assign(this.global, { spareEngines: spare });
	}
}

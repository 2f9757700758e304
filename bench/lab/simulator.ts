// The client's end of a simulator that runs in a process of its own.
import { join } from 'node:path';
import type { SimulatorCredential, SimulatorOptions } from '../../simulator';
import { Child } from './child';
import type { SimulatorMethods } from './simulatorProcess';

/** A simulator next door. */
export class SimulatorProcess extends Child<SimulatorMethods> {
	credential!: SimulatorCredential;

	/** Starts one. */
	static async start(options: SimulatorOptions = {}): Promise<SimulatorProcess> {
		const simulator = new SimulatorProcess(join(__dirname, 'simulatorProcess.ts'));
		simulator.credential = await simulator.ask('start', options);
		return simulator;
	}
}

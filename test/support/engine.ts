import type { INodeExecutionData } from 'n8n-workflow';
import {
	startEngine,
	type EngineHost,
	type EngineName,
	type EngineProcess,
	type NodeSpec,
	type RunOptions,
	type StartOptions,
} from '../../engine';
import { Simulator, type SimulatorOptions } from '../../simulator';
import type { Spare } from './environment';
import { ENGINES, packed } from './packages';

export { ENGINES, packed };

export interface HostOptions extends Omit<
	StartOptions,
	'packageDir' | 'engine' | 'env' | 'process'
> {
	/** A process that had n8n alone before, and ends with the host. */
	fresh?: boolean;
}

/** The packed package on an engine. Unless told otherwise, its process is one that another host gave back. */
export async function hostOf(
	engine: EngineName,
	{ fresh = false, ...options }: HostOptions = {},
): Promise<EngineHost> {
	const start = { packageDir: packed(engine).packageDir, engine, ...options };
	return fresh ? await startEngine(start) : await startWithSpare(start);
}

async function startWithSpare(options: StartOptions): Promise<EngineHost> {
	const { engine } = options;
	const { spareEngines: spare } = globalThis as unknown as { spareEngines: Spare };
	const process = spare.get(engine);
	spare.delete(engine);
	if (process) hold(process, true);
	const host = await startEngine({ ...options, process });
	const stop = host.stop.bind(host);
	host.stop = async () => {
		const back = spare.has(engine) ? undefined : await host.giveBack();
		if (!back) return await stop();
		hold(back, false);
		spare.set(engine, back);
	};
	return host;
}

/** Whether this process waits for the other to end. */
function hold({ child }: EngineProcess, holds: boolean): void {
	for (const end of [child, child.channel])
		if (holds) end?.ref();
		else end?.unref();
}

/** As for `host.run`; `node` holds settings of the node such as onError or retryOnFail. */
export type RunSettings = Partial<Omit<RunOptions, 'node'>> & { node?: Partial<NodeSpec> };

/** The packed node on an engine, with a simulator as its KuvarPay. */
export class Bench {
	private constructor(
		readonly host: EngineHost,
		readonly simulator: Simulator,
	) {}

	/** @param hurry see the engine's `StartParams` */
	static async start(
		engine: EngineName,
		options: SimulatorOptions = {},
		hurry?: number,
	): Promise<Bench> {
		const simulator = await Simulator.start(options);
		return new Bench(await hostOf(engine, { hurry }), simulator);
	}

	get credentials() {
		return { kuvarPayApi: { ...this.simulator.credential } };
	}

	/** Runs one operation of the KuvarPay node on items; errors are in the result. */
	async run(
		resourceOperation: string,
		parameters: Record<string, unknown> = {},
		options: RunSettings = {},
	) {
		const [resource, operation] = resourceOperation.split('.');
		const { node, ...others } = options;
		return await this.host.run({
			node: {
				type: 'kuvarPay',
				name: 'KuvarPay',
				parameters: { resource, operation, ...parameters },
				...node,
			},
			items: [{ json: {} }],
			credentials: this.credentials,
			...others,
		});
	}

	/** The same, and fails with the node's error. */
	async output(
		resourceOperation: string,
		parameters: Record<string, unknown> = {},
		options: RunSettings = {},
	): Promise<INodeExecutionData[]> {
		const { items, error } = await this.run(resourceOperation, parameters, options);
		if (error) throw new Error(`${error.message}: ${error.description}`);
		return items;
	}

	/** Back to an empty log and no faults, for the next test. */
	reset(): void {
		this.simulator.faults.clear();
		this.simulator.requests.length = 0;
		this.simulator.contractViolations.length = 0;
	}

	async stop(): Promise<void> {
		await this.host.stop();
		await this.simulator.close();
	}
}

/** Starts a bench for the tests of a block, and stops it; none may break the contract or leave an error. */
export function useBench(engine: EngineName, take: (bench: Bench) => void): void {
	let bench: Bench;
	beforeAll(async () => take((bench = await Bench.start(engine))));
	afterAll(async () => await bench?.stop());
	afterEach(() => {
		expect(bench.simulator.contractViolations).toEqual([]);
		expect(bench.host.uncaught).toEqual([]);
	});
}

/** An ID as a resource locator carries it. */
export const byId = (value: unknown) => ({ __rl: true, mode: 'id', value });

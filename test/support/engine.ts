import type { INodeExecutionData } from 'n8n-workflow';
import {
	startEngine,
	type EngineHost,
	type EngineName,
	type NodeSpec,
	type RunOptions,
	type StartOptions,
} from '../../engine';
import type { PackedPackage } from '../../engine/pack';
import { Simulator, type SimulatorOptions } from '../../simulator';

/** Both ends of n8n 2.x, and n8n 1.x. */
export const ENGINES: EngineName[] = ['newest', 'oldest', '1.x'];

/** The package as it was packed and unpacked for this test run. */
export function packed(engine: EngineName): PackedPackage {
	const packages = JSON.parse(process.env.KUVARPAY_PACKAGES ?? '{}') as Record<
		string,
		PackedPackage
	>;
	return packages[engine];
}

export async function hostOf(
	engine: EngineName,
	options: Omit<StartOptions, 'packageDir' | 'engine'> = {},
): Promise<EngineHost> {
	return await startEngine({ packageDir: packed(engine).packageDir, engine, ...options });
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

// What every end-to-end test stands on: a simulator and a mailbox, an n8n that talks to them, a browser.
import { join } from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { Window, type Theme } from './browser';
import { Editor } from './editor';
import { bringExamples } from './examples';
import { startN8n, type N8n, type StartOptions } from './host';
import { Mailbox } from './mailbox';

/** An n8n with the examples, and the servers that it needs. */
export interface Ground {
	simulator: Simulator;
	mailbox: Mailbox;
	n8n: N8n;
	close(): Promise<void>;
}

export interface Stage extends Ground {
	/** Opens a browser window; it is closed with the stage. */
	open(theme?: Theme): Promise<Editor>;
}

/** What the simulator of `npm run n8n` does with every payment, so that there is something to see. */
export const PLAYGROUND: SimulatorOptions = {
	autoPay: { afterMs: 5_000, steps: ['PROCESSING', 'COMPLETED'], everyMs: 5_000 },
};

/** Closes a window; with E2E_LAST_VIEW set to a folder, leaves a picture of what it showed. */
async function leave(window: Window, index: number): Promise<void> {
	const folder = process.env.E2E_LAST_VIEW;
	if (folder && window.isOpen)
		await window.page.screenshot({ path: join(folder, `${process.pid}-${index}.png`) });
	await window.close();
}

/** Starts an n8n and what it needs. */
export async function layGround(
	simulated: SimulatorOptions,
	options: Omit<StartOptions, 'simulator' | 'mailbox'> = {},
): Promise<Ground> {
	const simulator = await startSimulator(simulated);
	const mailbox = await Mailbox.open();
	try {
		const n8n = await startN8n({ ...options, simulator, mailbox });
		await bringExamples(n8n, simulator);
		return {
			...{ simulator, mailbox, n8n },
			close: async () => {
				await n8n.stop();
				await mailbox.close();
				await simulator.close();
			},
		};
	} catch (error) {
		await mailbox.close();
		await simulator.close();
		throw error;
	}
}

/** Starts all of it. */
export async function setStage(simulated: SimulatorOptions = {}): Promise<Stage> {
	const ground = await layGround(simulated);
	const windows: Window[] = [];
	return {
		...ground,
		open: async (theme) => {
			const window = await Window.open(ground.n8n, theme);
			windows.push(window);
			return new Editor(window);
		},
		close: async () => {
			await Promise.all(windows.map(async (window, index) => await leave(window, index)));
			await ground.close();
		},
	};
}

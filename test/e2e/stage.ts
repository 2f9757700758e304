// What every end-to-end test stands on: a simulator, an n8n that talks to it, a browser.
import { join } from 'node:path';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator';
import { Window, type Theme } from './browser';
import { Editor } from './editor';
import { startN8n, type N8n } from './host';

export interface Stage {
	simulator: Simulator;
	n8n: N8n;
	/** Opens a browser window; it is closed with the stage. */
	open(theme?: Theme): Promise<Editor>;
	close(): Promise<void>;
}

/** Closes a window; with E2E_LAST_VIEW set to a folder, leaves a picture of what it showed. */
async function leave(window: Window, index: number): Promise<void> {
	const folder = process.env.E2E_LAST_VIEW;
	if (folder && window.isOpen)
		await window.page.screenshot({ path: join(folder, `${process.pid}-${index}.png`) });
	await window.close();
}

/** Starts all of it. */
export async function setStage(options: SimulatorOptions = {}): Promise<Stage> {
	const simulator = await startSimulator(options);
	const windows: Window[] = [];
	try {
		const n8n = await startN8n({ simulator });
		return {
			simulator,
			n8n,
			open: async (theme) => {
				const window = await Window.open(n8n, theme);
				windows.push(window);
				return new Editor(window);
			},
			close: async () => {
				await Promise.all(windows.map(async (window, index) => await leave(window, index)));
				await n8n.stop();
				await simulator.close();
			},
		};
	} catch (error) {
		await simulator.close();
		throw error;
	}
}

import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledProcess } from './compile';

/** An engine process in which nothing is loaded yet, or nothing any more but n8n itself. */
export interface EngineProcess {
	child: ChildProcess;
	/** What it takes for the user's home. */
	home: string;
}

/** Starts one. */
export function spawnProcess(env: NodeJS.ProcessEnv = {}): EngineProcess {
	// n8n writes its settings (an instance id, keys) into the user's home: give it one to throw away.
	const home = mkdtempSync(join(tmpdir(), 'n8n-engine-'));
	const child = fork(compiledProcess(), [], {
		execArgv: ['--expose-gc'],
		serialization: 'advanced',
		env: {
			...process.env,
			NODE_ENV: 'production',
			NO_PROXY: [process.env.NO_PROXY, '127.0.0.1,localhost,::1'].filter(Boolean).join(','),
			N8N_USER_FOLDER: home,
			N8N_ENCRYPTION_KEY: 'engine-host',
			N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
			...env,
		},
	});
	return { child, home };
}

/**
 * Runs npm scripts side by side, as npm has no way to, and fails when one of them does. What one says is
 * told when it has ended, so that it stays together.
 *
 *   node scripts/together.mjs check lint
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const codes = await Promise.all(
	process.argv.slice(2).map(async (script) => {
		const npm = [process.env.npm_execpath, 'run', script];
		const child = spawn(process.execPath, npm, { stdio: ['ignore', 'pipe', 'pipe'] });
		const ended = new Promise((resolve) => child.once('close', resolve));
		const said = await Promise.all([text(child.stdout), text(child.stderr)]);
		process.stdout.write(said.join(''));
		return await ended;
	}),
);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;

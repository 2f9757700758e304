/**
 * Runs npm scripts side by side, as npm has no way to, and fails when one of them does. What one says is
 * told when it has ended, so that it stays together. What follows `--` is a command that runs beside them
 * and is heard at once; scripts that failed are told after it, where they are seen.
 *
 *   node scripts/together.mjs check lint
 *   node scripts/together.mjs check lint -- jest test/api
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const npm = process.env.npm_execpath;
const split = (args) => {
	const at = args.indexOf('--');
	return at === -1 ? [args, []] : [args.slice(0, at), args.slice(at + 1)];
};
const [scripts, command] = split(process.argv.slice(2));

const run = (args, stdio) => {
	const child = spawn(process.execPath, [npm, ...args], { stdio });
	return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
};

const heard = command.length ? run(['exec', '--', ...command], 'inherit').ended : 0;
const codes = await Promise.all(
	scripts.map(async (script) => {
		const { child, ended } = run(['run', script], ['ignore', 'pipe', 'pipe']);
		const said = await Promise.all([text(child.stdout), text(child.stderr)]);
		const code = await ended;
		if (code !== 0) await heard;
		process.stdout.write(said.join(''));
		return code;
	}),
);
process.exitCode = [...codes, await heard].every((code) => code === 0) ? 0 : 1;

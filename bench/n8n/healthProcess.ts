// The process behind health.ts.
const url = process.argv[2];

/** Between an answer and the next question, in ms. */
const PAUSE = 10;

let slowest = 0;
/** When the question was asked that waits for its answer; undefined while there is none. */
let asked: number | undefined;

const waited = () => (asked === undefined ? 0 : performance.now() - asked);

async function ask(): Promise<number> {
	asked = performance.now();
	const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
	await response.arrayBuffer();
	const took = waited();
	asked = undefined;
	return took;
}

async function watch(): Promise<void> {
	// The first questions open the connection and compile what takes the answer.
	for (let warmUp = 0; warmUp < 10; warmUp++) await ask();
	process.send!('watching');
	for (;;) {
		slowest = Math.max(slowest, await ask());
		await new Promise((resolve) => setTimeout(resolve, PAUSE));
	}
}

process.on('message', () => process.send!(Math.max(slowest, waited())));
process.on('disconnect', () => process.exit(0));
watch().catch((error: Error) => {
	console.error(error);
	process.exit(1);
});

import fc from 'fast-check';

/**
 * The same cases in every run, so that a failure is the change's and not chance's. For other ones:
 * `FC_SEED=$RANDOM npx jest test/unit`, and `FC_RUNS=20` to try twenty times as many.
 */
const seed = Number(process.env.FC_SEED ?? 1042);
const more = Number(process.env.FC_RUNS ?? 1);

fc.configureGlobal({ seed, numRuns: Math.ceil(100 * more) });

/** How many cases to try where the usual hundred are too few. */
export const runs = (count: number) => ({ numRuns: Math.ceil(count * more) });

export default fc;

// `npm run bench`: how fast, beside what people would use instead. See docs/benchmarks.md.
import { actions } from './actions';
import { recovery } from './recovery';
import { fail, runParts } from './runner';
import { streams } from './streams';

runParts('bench', { actions, streams, recovery }, { peers: true }).catch(fail);

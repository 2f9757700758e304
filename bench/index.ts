// `npm run bench`: how fast, beside what people would use instead. See docs/benchmarks.md.
import { actions } from './actions';
import { burst } from './burst';
import { growth } from './growth';
import { load } from './load';
import { recovery } from './recovery';
import { fail, runParts } from './runner';
import { streams } from './streams';

const parts = { actions, streams, recovery, load, growth, burst };
runParts('bench', parts, { peers: true }).catch(fail);

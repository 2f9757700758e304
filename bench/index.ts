// `npm run bench`: how fast, beside what people would use instead. See docs/benchmarks.md.
import { actions, limits, slowing } from './actions';
import { burst } from './burst';
import { growth } from './growth';
import { lists } from './lists';
import { load } from './load';
import { recovery } from './recovery';
import { fail, runParts } from './runner';
import { streams } from './streams';

const parts = { actions, limits, slowing, lists, streams, recovery, load, growth, burst };
runParts('bench', parts, { peers: true }).catch(fail);

// `npm run bench`: how fast, beside what people would use instead. See docs/benchmarks.md.
import { actions } from './actions';
import { fail, runParts } from './runner';

runParts('bench', { actions }, { peers: true }).catch(fail);

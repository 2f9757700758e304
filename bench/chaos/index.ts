// `npm run chaos`: nothing lost, nothing twice, nothing told, whatever goes wrong. See docs/reliability.md.
import { fail, runParts } from '../runner';
import { creates } from './creates';
import { fuzz } from './fuzz';
import { streams } from './streams';

runParts('chaos', { creates, streams, fuzz }, { peers: false }).catch(fail);

// `npm run chaos`: nothing lost, nothing twice, nothing told, whatever goes wrong. See docs/reliability.md.
import { fail, runParts } from '../runner';
import { fuzz } from './fuzz';

runParts('chaos', { fuzz }, { peers: false }).catch(fail);

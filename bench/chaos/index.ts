// `npm run chaos`: nothing lost, nothing twice, nothing told, whatever goes wrong. See docs/reliability.md.
import { fail, runParts } from '../runner';
import { creates } from './creates';
import { fuzz } from './fuzz';
import { n8n } from './n8n';
import { streams } from './streams';

runParts('chaos', { creates, streams, fuzz, n8n }, { peers: false }).catch(fail);

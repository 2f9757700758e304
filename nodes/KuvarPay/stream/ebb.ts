import pLimit from 'p-limit';
import { pause } from '../api/timers';

const turn = pLimit(1);

/**
 * Ends connections that nobody reads any more, one after the other with a look at the network in
 * between. n8n's HTTP client takes a third of a millisecond for each: five hundred payments that end
 * in the same moment would leave n8n without an answer for anybody.
 */
export function oneByOne(end: () => void): void {
	void turn(async () => {
		end();
		await pause(1);
	});
}

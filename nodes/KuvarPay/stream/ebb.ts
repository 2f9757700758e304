import pLimit from 'p-limit';
import { pause } from '../api/timers';

const oneByOne = pLimit(1);

/**
 * Closes what is not needed any more, one after the other with a look at the network in between.
 * n8n's HTTP client takes a third of a millisecond for each: five hundred payments that end in the
 * same moment would leave n8n without an answer for anybody.
 */
export function closeSoon(unneeded: { close(): void }): void {
	void oneByOne(async () => {
		unneeded.close();
		await pause(1);
	});
}

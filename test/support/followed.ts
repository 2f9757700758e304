import type { RecordedRequest, Simulator } from '../../simulator';

const isStream = ({ path }: RecordedRequest) => path.includes('/sse/');
const idOf = ({ path }: RecordedRequest) => path.split('/').at(-1);

/**
 * Waits until that many streams are open and the state behind each has been read. What changes any
 * sooner may be learned from the read that follows the opening of a stream, and not from the stream.
 */
export async function followed(simulator: Simulator, count: number): Promise<void> {
	await simulator.waitFor(({ streams, requests }) => {
		const isRead = (stream: RecordedRequest, at: number) =>
			!isStream(stream) ||
			stream.status !== 200 ||
			requests
				.slice(at + 1)
				.some((read) => read.status !== 0 && !isStream(read) && idOf(read) === idOf(stream));
		return streams.open === count && requests.every(isRead);
	});
}

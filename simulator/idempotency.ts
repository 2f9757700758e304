import { ApiError } from './answers';
import type { Core } from './core';
import type { StoredAnswer } from './state';

/**
 * Does the work once for each key and endpoint. A repeat gets the first answer, waiting for it if need be; a
 * repeat with another body is refused. What failed is not kept, so a retry does the work.
 */
export async function once(
	core: Core,
	endpoint: string,
	key: string,
	bodyText: string,
	work: () => Promise<StoredAnswer>,
): Promise<StoredAnswer> {
	const { idempotency } = core.state;
	const id = `${endpoint} ${key}`;
	for (;;) {
		const known = idempotency.get(id);
		if (!known) break;
		if (known.bodyText !== bodyText) {
			throw new ApiError(409, 'Idempotency-Key was already used with another body');
		}
		const answer = await known.answer;
		if (answer) return answer;
		// The first one failed: whoever wakes up first tries again, the others wait for that one.
		if (idempotency.get(id) === known) idempotency.delete(id);
	}
	const answer = work();
	const kept = answer.then(
		(stored) => (stored.status < 300 ? stored : undefined),
		() => undefined,
	);
	idempotency.set(id, { bodyText, answer: kept });
	if ((await kept) === undefined) idempotency.delete(id);
	return await answer;
}

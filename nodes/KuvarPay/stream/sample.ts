import type { ITriggerFunctions } from 'n8n-workflow';
import { openClient } from '../api/client';
import { pages } from '../api/pagination';
import { targetAt, type Source } from '../payments/sources';
import { clientUntil, type LastingClient } from './client';
import { Order, rowsOf, type Row } from './look';
import { emissionOf } from './monitor';
import { readState } from './read';
import type { TriggerSettings } from './settings';

/** Pause between two looks for something to show, in ms. */
const AGAIN = 2_000;

/** Most pages that are searched for the newest object. */
const MOST_PAGES = 5;

/**
 * A test in the editor: the current state of the first thing to watch is emitted at once. Where
 * there is nothing yet, the first that turns up is.
 */
export async function testTrigger(
	context: ITriggerFunctions,
	settings: TriggerSettings,
	signal: AbortSignal,
): Promise<void> {
	const client = clientUntil(signal, await openClient(context, 1));
	const { source, ids, shape } = settings;
	let id = ids?.[0];
	while (id === undefined) {
		id = await newestOf(client, source);
		if (id === undefined) await client.clock.pause(AGAIN, signal);
	}
	const update = await readState(client, source, id);
	signal.throwIfAborted();
	context.emit([[{ json: shape(emissionOf(source, id, update, client.clock.now())) }]]);
}

async function newestOf(client: LastingClient, source: Source): Promise<string | undefined> {
	const order = new Order();
	let newest: Row | undefined;
	let count = 0;
	const target = targetAt(source, 'list');
	for await (const objects of pages(client, { target, maxRetries: 1, timeout: 30_000 })) {
		const rows = rowsOf(source, objects, client.clock.now());
		order.note(rows);
		for (const row of rows) if (!newest || (row.created ?? 0) > (newest.created ?? 0)) newest = row;
		if (order.isNewestFirst || ++count >= MOST_PAGES) break;
	}
	return newest?.id;
}

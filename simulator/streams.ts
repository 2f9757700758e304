import type { ServerResponse } from 'node:http';

import type { Timers } from './clock';
import type { Frames } from './dialect/frames';
import type { StreamDialect } from './dialect/types';
import type { Faults, Occasion, Strike } from './faults';
import type { Random } from './random';
import { StreamWriter, type Frame } from './stream-writer';
import type { SimulatorOptions, StreamKind } from './types';

/** One update as it was sent, kept for clients that come back. */
export interface LoggedEvent extends Frame {
	/** Counted from 1, whether or not the dialect tells it as the event's id. */
	number: number;
	isFinal: boolean;
}

/** How to cut streams. */
export interface CutOptions {
	/** Reset the connection (default) or end the response in good order. */
	how?: 'reset' | 'end';
	/** Cut this share of the open streams, 0 to 1, chosen by the seeded chance. Default 1. */
	fraction?: number;
	/** Only the streams of this session or transaction. */
	id?: string;
}

interface OpenStream {
	id: string;
	writer: StreamWriter;
	occasion: Occasion;
}

/** What streams need of the simulator. */
export interface StreamSurroundings {
	readonly options: SimulatorOptions;
	readonly random: Random;
	readonly timers: Timers;
	readonly faults: Faults;
	readonly dialect: { readonly streams: StreamDialect };
	readonly frames: Frames;
	/** To be called after anything that somebody may be waiting for. */
	changed(): void;
}

/** All Server-Sent Events: who listens, what was said, and what is said again to those who come back. */
export class Streams {
	/** Streams opened since the start. */
	opened = 0;
	private readonly listeners = new Map<string, Set<OpenStream>>();
	private readonly all = new Set<OpenStream>();
	private readonly logs = new Map<string, LoggedEvent[]>();
	private heartbeat: NodeJS.Timeout | undefined;

	constructor(private readonly around: StreamSurroundings) {}

	/** Streams open now. */
	get open(): number {
		return this.all.size;
	}

	/** What was sent so far about a session or transaction, oldest first. */
	log(kind: StreamKind, id: string): readonly LoggedEvent[] {
		return this.logs.get(`${kind} ${id}`) ?? [];
	}

	/** Writes an update into the log and sends it to everyone who listens. */
	publish(kind: StreamKind, id: string, resource: object, isFinal: boolean): void {
		const topic = `${kind} ${id}`;
		let log = this.logs.get(topic);
		if (!log) this.logs.set(topic, (log = []));
		const number = log.length + 1;
		const frame = this.around.frames.update(kind, id, resource, number);
		const event: LoggedEvent = { number, ...frame, isFinal };
		log.push(event);
		for (const stream of this.listeners.get(topic) ?? []) this.send(stream, event);
	}

	/** Takes over a response and streams to it until either side ends it. */
	connect(
		kind: StreamKind,
		id: string,
		resource: object,
		response: ServerResponse,
		occasion: Occasion,
		strikes: readonly Strike[],
		lastEventId: string | undefined,
	): void {
		const { options, random, frames, dialect } = this.around;
		const { socket } = response;
		// Who has gone while the request was read is never told to be closed.
		if (!socket || socket.destroyed) return;
		const present = (number: number) => frames.update(kind, id, resource, number);
		const writer = new StreamWriter(
			response,
			strikes,
			random,
			() => present(0),
			() => frames.heartbeat,
		);
		if (!writer.begin()) return;
		const stream: OpenStream = { id, writer, occasion };
		this.register(`${kind} ${id}`, stream);
		const over = () => this.unregister(`${kind} ${id}`, stream);
		response.on('close', over);
		// Of a socket that was reset Node does not always tell the response, and may tell only an error.
		socket.once('close', over).once('error', over);
		if (options.retry !== undefined) writer.write(`retry: ${options.retry}\n\n`);
		writer.write(frames.greeting);
		if (options.replay === false || lastEventId === undefined) {
			if (!options.snapshotOnConnect && !dialect.streams.snapshot) return;
			// Numbered like the last update, so that the client can come back to this point.
			writer.event(present(this.log(kind, id).length));
		} else {
			const since = Number(lastEventId);
			for (const event of this.log(kind, id)) {
				if (event.number > since) this.send(stream, event);
			}
		}
	}

	/** Cuts open streams. */
	cutAll({ how = 'reset', fraction = 1, id }: CutOptions = {}): void {
		for (const stream of [...this.all]) {
			if (id !== undefined && stream.id !== id) continue;
			if (fraction < 1 && this.around.random() >= fraction) continue;
			if (how === 'end') stream.writer.end();
			else stream.writer.cut();
		}
	}

	/** Sends any text to the streams of a session or transaction, as it is. For tests of odd servers. */
	raw(id: string, text: string): void {
		for (const stream of this.all) if (stream.id === id) stream.writer.write(text);
	}

	private send(stream: OpenStream, event: LoggedEvent): void {
		const strikes = this.around.faults.forEvent(stream.occasion);
		const kinds = new Set(strikes.map(({ rule }) => rule.kind));
		const { writer } = stream;
		if (kinds.has('dropEvents')) return;
		if (kinds.has('cutMidEvent')) return writer.cutWithin(event);
		if (kinds.has('malformedEvents')) {
			// Half of the JSON: the frame is sound, its payload is not.
			writer.event({ ...event, data: event.data.slice(0, event.data.length / 2) });
			return;
		}
		writer.event(event);
		if (kinds.has('duplicateEvents')) writer.event(event);
		if (event.isFinal && this.around.options.endOnFinal) writer.end();
	}

	private register(topic: string, stream: OpenStream): void {
		const listeners = this.listeners.get(topic) ?? new Set();
		this.listeners.set(topic, listeners.add(stream));
		this.all.add(stream);
		this.opened += 1;
		const every = this.around.options.heartbeat ?? 15_000;
		// One timer for all streams: thousands of them must not cost thousands of timers.
		if (every > 0 && !this.heartbeat) {
			this.heartbeat = this.around.timers.every(every, () => {
				for (const { writer } of this.all) writer.heartbeat();
			});
		}
		this.around.changed();
	}

	private unregister(topic: string, stream: OpenStream): void {
		const listeners = this.listeners.get(topic);
		listeners?.delete(stream);
		if (listeners?.size === 0) this.listeners.delete(topic);
		this.all.delete(stream);
		stream.writer.stop();
		if (this.all.size === 0) {
			this.around.timers.cancel(this.heartbeat);
			this.heartbeat = undefined;
		}
		this.around.changed();
	}
}

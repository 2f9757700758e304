import type { ApiError } from '../api/errors';
import type { StreamAccess } from '../api/learned';
import type { Source } from '../payments/sources';
import type { LastingClient } from './client';

/** What a stream is opened with. */
export interface Way {
	access: StreamAccess;
	/** In the place of the key. */
	authToken?: string;
}

/** Longest that others wait for the first stream to find out who may open streams, in ms. */
const PATIENCE = 3_000;

/** How long streams that were refused are not tried again, in ms. */
export const REFUSED_FOR = 60 * 60_000;

/**
 * Who may open event streams, which no document settles: the key, the session's own token, or nobody.
 * What was found out holds for the server and the key, for an hour.
 */
export class Access {
	/** Settles when the first stream has found out, or could not. */
	#first?: Promise<void>;
	#wasRefused = false;

	/** @param own the user's token: it wins, and is the only thing that is tried */
	constructor(
		private readonly client: LastingClient,
		private readonly source: Source,
		private readonly own?: string,
	) {
		if (own) client.hide(own);
	}

	/** Undefined as long as nothing is known. */
	get #known(): StreamAccess | undefined {
		return this.client.connection.learned.streams.recall(this.source.resource);
	}

	/** Whether it is known that nobody may, so that all is to be read. */
	get isRefused(): boolean {
		return !this.own && this.#known === 'nobody';
	}

	/** Whether something is read here in the place of its stream. */
	get isReplaced(): boolean {
		return this.isRefused || this.#wasRefused;
	}

	/**
	 * What to open a stream with, the likeliest first.
	 * @param readToken the session's token, where one is told; it is read anew, as it may have run out
	 */
	async *ways(readToken: () => Promise<string | undefined>): AsyncGenerator<Way> {
		if (this.own) return yield { access: 'token', authToken: this.own };
		const known = this.#known;
		if (known === 'nobody') return;
		if (known !== 'token') yield { access: 'key' };
		const authToken = await readToken();
		if (authToken) {
			this.client.hide(authToken);
			yield { access: 'token', authToken };
		}
		if (known === 'token') yield { access: 'key' };
	}

	/**
	 * Resolves when it is this one's turn: as long as nothing is known, the first finds out for all.
	 * @returns to be called when it has found out, or cannot
	 */
	async turn(): Promise<() => void> {
		const { clock, signal } = this.client;
		if (this.own || this.#known !== undefined) return () => undefined;
		if (this.#first) {
			await this.#first;
			return () => undefined;
		}
		let found!: () => void;
		this.#first = new Promise((resolve) => (found = resolve));
		clock.pause(PATIENCE, signal).then(found, found);
		return found;
	}

	opened({ access }: Way): void {
		if (!this.own) this.client.connection.learned.streams.note(this.source.resource, access);
	}

	/** All ways were refused for one object, which is read instead. */
	refused(refusal: ApiError, id: string): void {
		this.#wasRefused = true;
		const { connection, log } = this.client;
		const { noun, resource } = this.source;
		// Where others have opened one, it is this object's own affair.
		const isOwn = this.own !== undefined || this.#known !== undefined;
		log(
			`KuvarPay refuses ${isOwn ? `the stream of ${noun} ${id}, so its state is` : `event streams of ${noun}s, so their state is`} read instead; streams are tried again in an hour. ${refusal.message}`,
		);
		if (isOwn) return;
		connection.learned.streams.note(resource, 'nobody');
		this.#first = undefined;
	}
}

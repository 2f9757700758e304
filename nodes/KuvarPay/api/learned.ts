import { createHash } from 'node:crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { Traffic } from './traffic';

/** How long something learned is relied on, in ms: a server may change its mind. */
const LASTING = 60 * 60_000;

/** Most servers and keys that are remembered; an n8n has a handful. */
const MOST = 1_000;

/** Facts of one kind, by name. Each is forgotten after an hour, or when it turns out to be wrong. */
export class Memory<Fact> {
	readonly #facts = new Map<string, { fact: Fact; at: number }>();

	recall(name: string): Fact | undefined {
		const found = this.#facts.get(name);
		return found && performance.now() - found.at < LASTING ? found.fact : undefined;
	}

	note(name: string, fact: Fact): void {
		this.#facts.set(name, { fact, at: performance.now() });
	}

	forget(name: string): void {
		this.#facts.delete(name);
	}
}

/** How the key is sent: as it is, behind `Bearer`, or in the header `x-api-key`. */
export type KeyForm = 'raw' | 'bearer' | 'legacy';

/** Who may open an event stream: the key, the session's own token, or nobody, so that REST is read. */
export type StreamAccess = 'key' | 'token' | 'nobody';

/** How a server spells what is sent, by the name of the field; a dot nests. */
export interface Spelling {
	/** Its name there. */
	names: Record<string, string>;
	/** Which of the other spellings of its values is meant, counted from 0. */
	values: Record<string, number>;
}

/**
 * What this process has found out of a server that no document tells. It holds for one server and one
 * key, and is shared by all nodes, pickers and the credential.
 */
export class Learned {
	/** By origin. */
	readonly keyForm = new Memory<KeyForm>();
	/** The form in which event streams take the key, which need not be that of all else; by origin. */
	readonly streamKeyForm = new Memory<KeyForm>();
	/** The route that exists, by endpoint: host and path template. */
	readonly route = new Memory<string>();
	/** By endpoint. */
	readonly spelling = new Memory<Spelling>();
	/** How the pages of a list are asked for, by endpoint. */
	readonly paging = new Memory<string>();
	/** By what is watched. */
	readonly streams = new Memory<StreamAccess>();
	/** Whether streams repeat what was missed; by what is watched. */
	readonly repeats = new Memory<true>();
	/** How fast requests may follow; it forgets by itself. */
	readonly traffic = new Traffic();
}

const all = new Map<string, Learned>();

/** What is known of the servers of a credential. */
export function learnedOf(credential: ICredentialDataDecryptedObject): Learned {
	const parts = ['baseUrl', 'businessBaseUrl', 'apiKey', 'businessId', 'authorizationFormat'];
	const name = createHash('sha256')
		.update(JSON.stringify(parts.map((part) => trimmed(credential[part]))))
		.digest('base64');
	const known = all.get(name) ?? new Learned();
	// The latest is last: what was not asked for the longest time goes first.
	all.delete(name);
	all.set(name, known);
	if (all.size > MOST) all.delete(all.keys().next().value!);
	return known;
}

/** What was pasted, without the blanks and line breaks around it. */
export const trimmed = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

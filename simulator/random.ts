import { randomBytes } from 'node:crypto';

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** A repeatable random source (mulberry32): the same seed breaks the same requests every time. */
export function seededRandom(seed: number): Random {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** Random hexadecimal text of the given length. */
export function hex(length: number): string {
	return randomBytes(Math.ceil(length / 2))
		.toString('hex')
		.slice(0, length);
}

/** A new id with the prefix that the real ids of that kind have, for example `cs_` or `trxn_`. */
export function newId(prefix: string, length = 24): string {
	return `${prefix}_${hex(length)}`;
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const UPPER = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

function pick(alphabet: string, length: number): string {
	return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

/** A deposit address that looks right for the network. Nobody owns it. */
export function depositAddress(network: string): string {
	return /^tr(c|on)/i.test(network) ? `T${pick(BASE58, 33)}` : `0x${hex(40)}`;
}

/** A transaction reference, `RS-YYYYMMDD-XXXXXX`. */
export function transactionReference(at: Date): string {
	return `RS-${at.toISOString().slice(0, 10).replaceAll('-', '')}-${pick(UPPER, 6)}`;
}

/** Text shaped like the JSON Web Token that opens one session's stream. It is signed with nothing. */
export function sessionToken(sessionId: string): string {
	const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
	return `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sessionId })}.${randomBytes(32).toString('base64url')}`;
}

import type { Json } from '../state';
import type { AnswerDialect } from './types';

/** What is not KuvarPay's own but the user's, or signed as it is. */
const NOT_OURS = new Set(['metadata', 'eip712', 'message', 'types', 'domain']);
const TIMES = new Set(['createdAt', 'updatedAt', 'created_at', 'updated_at']);
const STATUS = /^(payout)?_?status$/i;
/** The documentation leaves open how these are spelled; the others it shows. */
const EITHER_CASE = new Set([
	'plan',
	'price',
	'subscription',
	'subscriptionCheckout',
	'subscriptionInvoice',
	'subscriptionAuthorization',
]);

/** Writes KuvarPay's objects as one dialect spells them. */
export type WriteObject = (value: unknown, resource: string) => unknown;

/** What writes objects; undefined where nothing has to be changed. */
export function objectWriter(dialect: AnswerDialect): WriteObject | undefined {
	const { id, statuses, times } = dialect;
	const plain = dialect.case === 'published' && id === 'id' && statuses === 'upper' && times;
	if (plain) return undefined;

	const write = (value: unknown, name: string, either: boolean): unknown => {
		if (Array.isArray(value)) return value.map((one) => write(one, singular(name), either));
		if (typeof value !== 'object' || value === null) return value;
		const written: Json = {};
		for (const [key, inner] of Object.entries(value)) {
			if (!times && TIMES.has(key)) continue;
			const shown =
				NOT_OURS.has(key) && typeof inner === 'object' ? inner : write(inner, key, either);
			written[nameOf(key, name, either)] =
				statuses === 'lower' && STATUS.test(key) ? String(shown).toLowerCase() : shown;
		}
		return written;
	};
	const nameOf = (key: string, object: string, either: boolean) => {
		const named = key === 'id' ? idName(object) : key;
		if (!either || dialect.case === 'published' || named === '_id') return named;
		return dialect.case === 'snake' ? snake(named) : camel(named);
	};
	const idName = (object: string) => (id === 'named' ? `${object}Id` : id);
	return (value, resource) => write(value, resource, EITHER_CASE.has(resource));
}

/** `charge_attempts` becomes `chargeAttempt`: what one of them is called. */
function singular(name: string): string {
	return camel(name).replace(/ies$/, 'y').replace(/s$/, '');
}

function camel(name: string): string {
	return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function snake(name: string): string {
	return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

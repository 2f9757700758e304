import type { IDataObject } from 'n8n-workflow';
import type { Refusal } from './refusals';

/**
 * The event's name. KuvarPay's webhook guide puts it into a header, which is not signed; a client also
 * looks for it in the body, under three names. No source says whether it stands there.
 *
 * A name in the body wins, since whoever has a signed body could send it under another header. The two
 * agree when one says no more than the other (`completed`, `CHECKOUT_SESSION_COMPLETED` and
 * `checkout_session.completed`); then it is the one that says more, in the header's spelling if they
 * say the same. When they disagree the delivery is refused.
 * @param header the name in the header
 */
export function eventOf(body: IDataObject, header: string | undefined): string | Refusal {
	const signed = signedName(body);
	if (signed !== undefined && header !== undefined) {
		if (isWithin(signed, header)) return header;
		if (isWithin(header, signed)) return signed;
		return {
			status: 400,
			reason: `The signed body names the event ${quote(signed)} and the header ${quote(header)}`,
			hint: 'Somebody may have sent an old delivery under another name. If it came from KuvarPay, its events are named in a way that this node does not know: report it.',
		};
	}
	const name = signed ?? header ?? named(body.type);
	return (
		name ?? {
			status: 400,
			reason: 'The event has no name',
			hint: 'It stands neither in the header X-KuvarPay-Event nor in the body. Does the header get lost on its way to n8n?',
		}
	);
}

/** A `type` can be the type of anything: it is the event's only if it looks like the known names. */
function signedName({ event, eventType, type }: IDataObject): string | undefined {
	const name = named(type);
	return named(event) ?? named(eventType) ?? (name?.includes('.') ? name : undefined);
}

const named = (value: unknown): string | undefined =>
	typeof value === 'string' && value !== '' ? value : undefined;

/** Whether all words of a name are among the other's. */
function isWithin(name: string, other: string): boolean {
	const others = wordsOf(other);
	return wordsOf(name).every((word) => others.includes(word));
}

const wordsOf = (name: string): string[] =>
	name
		.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u);

const quote = (name: string): string => JSON.stringify(name.slice(0, 60));

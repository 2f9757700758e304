import type { Connection } from './connection';
import type { Method } from './endpoints';
import { ApiError } from './errors';
import { KEY_FORMS } from './keyForms';
import type { KeyForm } from './learned';
import { outcomeOf } from './outcome';
import type { Route, Target } from './routes';

/**
 * What no document settles is found out at first contact (docs/architecture.md). A form is tried only
 * after an answer that proves that nothing was done; what worked is used first from then on; and when
 * nothing works, the failure is that of the first try.
 */

/** In which form a request goes out. */
export interface Form {
	route: Route;
	/** Undefined: as the credential has it. */
	keyForm?: KeyForm;
}

type Attempt<T> = (form: Form) => Promise<T>;

/**
 * Tries the routes of a target, and at each the forms of the key, until the server takes one.
 * @throws ApiError of the first try; its hint tells what else was tried
 */
export async function inAnyForm<T>(
	connection: Connection,
	target: Target,
	attempt: Attempt<T>,
): Promise<T> {
	const { learned } = connection;
	const known = target.id && learned.route.recall(target.id);
	const routes = inOrder(connection, target, known);
	let first: ApiError | undefined;
	/** What an alternative says that is there, and refuses: unless another one takes it. */
	let refused: ApiError | undefined;
	const tried: string[] = [];
	for (const route of routes) {
		const outcome = await outcomeOf(inAnyKeyForm(connection, route, attempt));
		if ('result' in outcome) {
			note(connection, target, route);
			return outcome.result;
		}
		const { error } = outcome;
		if (!(error instanceof ApiError)) throw error;
		if (hasNoRoute(error, target.method)) {
			// A path that worked before is not in doubt because an object is not there.
			if (route.name === known && error.failure.status === 404) throw error;
			if (route.name === known) learned.route.forget(target.id!);
		} else if (!first || !mayBeAnother(error)) throw error;
		// One that reads may have met another operation's path.
		else if (target.method !== 'GET') refused ??= error;
		if (first) tried.push(addressOf(connection, route));
		first ??= error;
	}
	throw refused ?? withHint(first!, tried);
}

/**
 * Whether the refusal may come from another operation that happens to have such a path. Nothing was
 * done then, which a conflict does not prove.
 */
const mayBeAnother = ({ failure: { status } }: ApiError): boolean =>
	status === 200 || status === 400 || status === 422;

/** What was learned comes first, then the host that serves others of its kind. */
function inOrder(connection: Connection, { id, routes }: Target, known?: string): Route[] {
	const { hosts, learned } = connection;
	const host = id && learned.route.recall(`host of ${routes[0].host}`);
	const rank = (route: Route) => (route.name === known ? 0 : route.host === host ? 1 : 2);
	const places = new Set<string>();
	return [...routes]
		.sort((one, other) => rank(one) - rank(other))
		.filter((route) => {
			const place = `${hosts[route.host].href} ${route.path}`;
			return !places.has(place) && places.add(place);
		});
}

function note({ learned }: Connection, { id, routes }: Target, route: Route): void {
	if (!id) return;
	learned.route.note(id, route.name);
	learned.route.note(`host of ${routes[0].host}`, route.host);
}

/**
 * Whether the server has no such route: it says so, it answers with a page or a redirect as a website
 * does, or nobody is there at all.
 */
function hasNoRoute({ failure }: ApiError, method: Method): boolean {
	const { page, status, unsent } = failure;
	return (
		unsent === true ||
		// In answer to a write it proves nothing.
		(page === true && method === 'GET') ||
		status === 404 ||
		status === 405 ||
		(status !== undefined && status >= 300 && status < 400)
	);
}

/** 401 and 403 are answered before anything is done, so another form of the key may be tried. */
async function inAnyKeyForm<T>(
	{ chosenForm, hosts, learned }: Connection,
	route: Route,
	attempt: Attempt<T>,
): Promise<T> {
	const { origin } = hosts[route.host];
	const known = learned.keyForm.recall(origin);
	// Who goes first says which form it has, so that all others can go in the same.
	const isFirst = !chosenForm && learned.traffic.isScouting;
	const form = known ?? (isFirst ? KEY_FORMS[0] : undefined);
	const first = await outcomeOf(attempt({ route, keyForm: form }));
	if ('result' in first) {
		if (form && !known) learned.keyForm.note(origin, form);
		return first.result;
	}
	if (chosenForm || !isKeyRefused(first.error, known)) throw first.error;

	learned.keyForm.forget(origin);
	for (const keyForm of KEY_FORMS.filter((each) => each !== form)) {
		const other = await outcomeOf(attempt({ route, keyForm }));
		if ('error' in other && isKeyRefused(other.error)) continue;
		// Refused for another reason: so the key was taken.
		const isTaken =
			'result' in other || (other.error instanceof ApiError && !other.error.failure.transient);
		if (isTaken) learned.keyForm.note(origin, keyForm);
		if ('result' in other) return other.result;
		throw other.error;
	}
	throw first.error;
}

/** A 403 says so only as long as no form has worked: later it means that this key may not do this. */
const isKeyRefused = (error: unknown, known?: KeyForm): boolean =>
	error instanceof ApiError &&
	(error.failure.status === 401 || (error.failure.status === 403 && known === undefined));

const addressOf = ({ hosts }: Connection, { host, path }: Route): string =>
	`${hosts[host].host}${path}`;

function withHint({ failure }: ApiError, tried: string[]): ApiError {
	if (tried.length === 0) return new ApiError(failure);
	return new ApiError({ ...failure, hint: `${failure.hint} Also tried: ${tried.join(', ')}.` });
}

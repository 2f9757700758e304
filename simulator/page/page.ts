import type { Core } from '../core';

/** A page that a customer has open. */
export interface Page {
	/** For the browser's tab. */
	title: string;
	/** A customer has come. */
	opened?(): void;
	/** HTML of all that can change while the page is open. The same state gives the same text. */
	view(): string;
	/** Does what the customer chose, and gives the path of the page to go on to. Throws ApiError. */
	act(form: URLSearchParams): string;
}

/** Finds the page of one kind by the last part of its address. */
export type FindPage = (core: Core, id: string) => Page | undefined;

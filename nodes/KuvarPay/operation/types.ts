import type { IDataObject, INodeProperties, IParameterBuilderHint } from 'n8n-workflow';
import type { EndpointId } from '../api/endpoints';
import type { Call, Client } from '../api/request';
import type { Spellings } from '../api/spelling';
import type { Convert } from './values';

/** Where a field goes in the request. */
export interface Send {
	/**
	 * Default: the path for IDs, the query for reads, the body for writes. `control` is not sent; the
	 * operation's `execute` reads it.
	 */
	in?: 'body' | 'query' | 'path' | 'control';
	/**
	 * Name in the request when it is not the parameter's; a dot nests: `limits.capAmount`. Empty: the
	 * value is an object, and its properties are sent by their own names.
	 */
	as?: string;
	/** How the user's value becomes the API's; default by the parameter's type, see values.ts. */
	convert?: Convert;
	/** Other names and values for it that were published or are likely. */
	spellings?: Spellings;
}

/** A parameter of the editor, and what it becomes in the request. Without `send` nothing is sent. */
export type Field = INodeProperties & { send?: Send | false };

export interface Operation {
	/** With the resource's value the key of the endpoint: `invoice.create`. */
	value: string;
	name: string;
	/** Sentence case without articles, as the node panel shows it. */
	action: string;
	description: string;
	/** For n8n's AI that builds workflows; n8n before it ignores it. */
	builderHint?: IParameterBuilderHint;
	/** Parameters of their own. */
	fields?: Field[];
	/**
	 * Optional ones, in the collection Additional Fields, Update Fields or Filters. One that is
	 * marked as required may not be left empty once it is added.
	 */
	optional?: Field[];
	/** A list that is read page by page, with Return All and Limit. */
	paged?: boolean;
	/** Offers Simplify; these fields are kept. */
	simplify?: readonly string[];
	/** A list that has no pages. */
	list?: boolean;
	/** The endpoint of one that is not named after its own. */
	asks?: EndpointId;
	/**
	 * Finds a name that an alternative path needs and the operation does not have; asked for only where
	 * the server has none of the other paths.
	 */
	lookUp?: { name: string; find: (client: Client, wish: Wish) => Promise<string | undefined> };
	/** For an operation that is more than one request. */
	execute?: (client: Client, wish: Wish) => Promise<IDataObject[]>;
}

export interface Resource {
	value: string;
	name: string;
	operations: Operation[];
}

/** The table of what the node offers; the ID is that of the endpoint. */
export type FindOperation = (
	resource: string,
	operation: string,
) => { id: EndpointId; operation: Operation } | undefined;

/** What one item asks for: the request, and what is to become of the answer. */
export interface Wish {
	operation: Operation;
	call: Call;
	ids: Record<string, string>;
	/** What the operation's own code reads. */
	controls: Record<string, unknown>;
	/** Most records of a list; Infinity for all. */
	limit: number;
	raw: boolean;
	/** The user's own path for reading a status, beside that of its stream. */
	readPath?: string;
	/** Fields to keep of each object. */
	keep?: readonly string[];
}

/** What no client can find out by itself, and why. These are not counted: the README tells what to set. */
export const IMPOSSIBLE: ReadonlyArray<readonly [what: string, why: string]> = [
	[
		'a required field under another name, and a refusal that names nothing',
		'"Invalid request" does not tell that a name is the trouble; set Body Properties',
	],
	[
		'a field under another name that is ignored in silence',
		'the answer is that of a success, and nothing may be written twice; set Body Properties',
	],
	[
		'GET /api/v1/relay/authorizations/{authId}',
		'the operation knows the subscription, and not the ID of its authorization; set Path Override',
	],
	[
		'pages that are asked for by a name other than page, cursor or offset, without any link',
		'no answer tells the name, and each page is the first one again; set Query Parameters',
	],
	[
		'a cursor in a header, or one that is sent back under another name than cursor',
		'no answer tells the name; set Query Parameters',
	],
	[
		'a business ID that must be sent',
		'nobody but the user knows it: these worlds are given it, and count',
	],
	[
		'a key refused as 200 with success: false',
		'it would be a success to every HTTP client; refusals of operations as 200 do count',
	],
];

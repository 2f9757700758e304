import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { ApiError } from '../answers';
import type { Core } from '../core';
import { approval } from './approval';
import { checkout } from './checkout';
import { invoice } from './invoice';
import { layout, problem, type Look } from './layout';
import type { FindPage, Page } from './page';
import { paymentLink } from './paymentLink';

/** The pages by the first part of their addresses, which are those of the real ones. */
const PAGES: Readonly<Record<string, FindPage>> = {
	checkout,
	invoice,
	pay: paymentLink,
	approve: approval,
};

const ASSETS: Readonly<Record<string, { file: string; type: string }>> = {
	'/kuvarpay-sdk.js': { file: join(__dirname, 'assets/sdk.js'), type: 'text/javascript' },
	'/page/page.js': { file: join(__dirname, 'assets/page.js'), type: 'text/javascript' },
	'/page/page.css': { file: join(__dirname, 'assets/page.css'), type: 'text/css' },
	'/page/parts.css': { file: join(__dirname, 'assets/parts.css'), type: 'text/css' },
	'/page/pico.css': {
		file: require.resolve('@picocss/pico/css/pico.indigo.min.css'),
		type: 'text/css',
	},
};

/** Only what this server sends: neither scripts nor styles that stand in the page itself. */
const POLICY =
	"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; " +
	"base-uri 'none'; form-action 'self'";

type PageRequest = FastifyRequest<{
	Params: { id: string };
	Querystring: Look & { token?: string };
}>;

/** What a customer sees: the pages behind the addresses that the API gives out, without a key. */
export function addPages(app: FastifyInstance, core: Core): void {
	app.register(async (scope) => {
		scope.setErrorHandler((error: Error, request, reply) => {
			const status = error instanceof ApiError ? error.status : 500;
			const back = request.method === 'POST' ? request.url : undefined;
			send(reply.code(status), problem(error.message, back));
		});
		for (const [path, { file, type }] of Object.entries(ASSETS)) {
			scope.get(path, (_request, reply) => {
				reply.type(`${type}; charset=utf-8`).header('cache-control', 'no-cache');
				return reply.send(readFileSync(file));
			});
		}
		for (const [kind, find] of Object.entries(PAGES)) addPage(scope, core, kind, find);
	});
}

function addPage(app: FastifyInstance, core: Core, kind: string, find: FindPage): void {
	const pageOf = ({ params: { id }, query: { token } }: PageRequest): Page => {
		const page = find(core, id);
		if (!page) throw new ApiError(404, 'There is nothing to pay at this address.');
		// The SDK is also called without a token; a wrong one is never right.
		if (token !== undefined && token !== core.state.authTokens.get(id)) {
			throw new ApiError(403, 'The authToken is not the one of this session.');
		}
		return page;
	};
	app.get(`/${kind}/:id`, (request: PageRequest, reply) => {
		const page = pageOf(request);
		page.opened?.();
		const view = page.view();
		return send(reply, layout(page.title, view, versionOf(view), request.query));
	});
	app.post(`/${kind}/:id`, (request: PageRequest, reply) => {
		const path = pageOf(request).act(new URLSearchParams(String(request.body ?? '')));
		const [, query] = request.url.split('?');
		return reply.redirect(query === undefined ? path : `${path}?${query}`, 303);
	});
	app.get(`/${kind}/:id/live`, (request: PageRequest, reply) => {
		const page = pageOf(request);
		reply.hijack();
		stream(core, page, reply);
	});
}

/** Sends the page's inside whenever it is another one, until the browser leaves. */
function stream(core: Core, page: Page, { raw }: FastifyReply): void {
	raw.writeHead(200, {
		'content-type': 'text/event-stream; charset=utf-8',
		'cache-control': 'no-cache, no-transform',
		// A page within a frame of n8n's has no origin of its own.
		'access-control-allow-origin': '*',
	});
	let sent = '';
	const look = () => {
		const view = page.view();
		if (view === sent) return;
		sent = view;
		raw.write(`data: ${JSON.stringify({ version: versionOf(view), view })}\n\n`);
	};
	core.watchers.add(look);
	raw.on('close', () => core.watchers.delete(look));
	look();
}

/** The same for the same text: so a browser that comes back knows whether it shows the present state. */
const versionOf = (view: string) => createHash('sha256').update(view).digest('hex').slice(0, 16);

function send(reply: FastifyReply, text: string): FastifyReply {
	reply.headers({ 'content-security-policy': POLICY, 'cache-control': 'no-store' });
	return reply.type('text/html; charset=utf-8').send(text);
}

import { html } from 'ghtml';

import { headline, order, sheet } from './parts';

/** How a page is to look, as its address says. */
export interface Look {
	/** `light` or `dark`; else as the customer's system has it. */
	theme?: string;
	/** Set when the page stands in the frame of the browser SDK. */
	embedded?: string;
}

/** The whole document. */
export function layout(title: string, view: string, version: string, look: Look): string {
	const theme = /^(light|dark)$/.exec(look.theme ?? '')?.[0];
	return html`<!doctype html>
		<html lang="en" !${theme ? `data-theme="${theme}"` : ''}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="${theme ?? 'light dark'}" />
				<title>${title}</title>
				<link rel="icon" href="data:," />
				<link rel="stylesheet" href="/page/pico.css" />
				<link rel="stylesheet" href="/page/page.css" />
				<link rel="stylesheet" href="/page/parts.css" />
				<script src="/page/page.js" defer></script>
			</head>
			<body class="${look.embedded === undefined ? '' : 'embedded'}">
				<header>
					<b>KuvarPay simulator</b>
					<span class="badge">No real money</span>
				</header>
				<main data-version="${version}">!${view}</main>
				<p class="aside" role="status"></p>
			</body>
		</html>`;
}

/** The page that says what went wrong, and leads back if there is a page to go back to. */
export function problem(message: string, back?: string): string {
	const again = back === undefined ? '' : html`<a role="button" class="go" href="${back}">Back</a>`;
	const step = headline('bad', 'Sorry', message) + again;
	const view = sheet(back === undefined ? 'REFUSED' : '', order('This did not work', ''), step);
	return layout('This did not work', view, '', {});
}

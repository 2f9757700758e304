import { html } from 'ghtml';
import { generate } from 'lean-qr';
import { toSvgSource } from 'lean-qr/extras/svg';

import { quote } from '../money';
import type { Token } from '../tokens';

/** How a step ends, or where it stands: gives the sign its colour. */
export type Mood = 'wait' | 'good' | 'warn' | 'bad';

const SIGNS: Readonly<Record<Mood, string>> = {
	wait: '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
	good: '<path d="m6.5 12.5 3.7 3.7 7.3-8"/>',
	warn: '<path d="M12 6v7.5M12 17.5v.2"/>',
	bad: '<path d="m7.5 7.5 9 9m0-9-9 9"/>',
};

const FORMAT = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 8 });

/** An amount as people read it, for example `25,000 NGN`. */
export function money(amount: unknown, currency: unknown): string {
	return `${FORMAT.format(Number(amount))} ${String(currency)}`;
}

/** A sign, a headline and what it means. Headlines are read aloud when a step takes over. */
export function headline(mood: Mood, title: string, meaning: string): string {
	return html`<div class="headline ${mood}">
		<svg viewBox="0 0 24 24" aria-hidden="true">!${SIGNS[mood]}</svg>
		<div>
			<h2 tabindex="-1">${title}</h2>
			<p>${meaning}</p>
		</div>
	</div>`;
}

/** What is bought: title, amount, and lines of small print. Empty lines are left out. */
export function order(title: string, amount: string, lines: unknown[] = [], more = ''): string {
	const shown = lines.filter((line) => line !== null && line !== undefined && line !== '');
	return html`<section class="order" aria-label="Your order">
		<h1>${title}</h1>
		<p class="amount">${amount}</p>
		!${more} !${shown.map((line) => html`<p class="line">${line}</p>`)}
	</section>`;
}

/** The two halves of every page: what is bought, and what can be done. */
export function sheet(status: string, left: string, right: string): string {
	return html`<div class="sheet" data-status="${status}">
		!${left}
		<section class="step" aria-label="Payment">!${right}</section>
	</div>`;
}

/** A value to copy, with its button. */
export function copyable(label: string, value: string, id: string): string {
	return html`<label for="${id}">${label}</label>
		<div class="copy" role="group">
			<textarea id="${id}" rows="${value.length > 20 ? 2 : 1}" readonly>${value}</textarea>
			<button type="button" class="secondary outline" data-copy="${id}">Copy</button>
		</div>`;
}

/** A square to be scanned. It stays black on white in the dark: many cameras want it so. */
export function qrCode(text: string): string {
	const svg = toSvgSource(generate(text), { padX: 2, padY: 2 });
	return html`<div class="qr" role="img" aria-label="QR code of the deposit address">!${svg}</div>`;
}

/** The tokens to choose from, each with what the amount comes to in it; the first one is chosen. */
export function tokenChoice(tokens: readonly Token[], amount: number, currency: string): string {
	return html`<fieldset class="tokens">
		<legend>Pay with</legend>
		!${tokens.map(
			({ id, ticker, network, name }, index) =>
				html`<label>
					<input type="radio" name="token" value="${id}" ${index === 0 ? 'checked' : ''} />
					<span><b>${ticker}</b> <small>on ${network}</small></span>
					<small title="${name}"
						>${money(quote(ticker, currency, amount).fromAmount, ticker)}</small
					>
				</label>`,
		)}
	</fieldset>`;
}

/** A link to another site, but never one that runs a script. */
export function linkTo(address: unknown, text: string): string {
	if (typeof address !== 'string' || !/^(https?:\/\/|\/(?!\/))/i.test(address)) return '';
	return html`<a class="go" role="button" target="_top" href="${address}">${text}</a>`;
}

/** Time left until a moment, counted down by the browser; without scripts, the moment itself. */
export function countdown(until: unknown): string {
	const moment = new Date(String(until));
	if (Number.isNaN(moment.getTime())) return '';
	const at = moment.toISOString();
	return html`<p class="countdown">
		Time left
		<time role="timer" datetime="${at}" data-until="${at}">until ${at.slice(11, 16)} UTC</time>
	</p>`;
}

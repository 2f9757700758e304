// Nasty inputs by a seed: the same seed makes the same inputs.
import { seededRandom } from '../../simulator/random';

/** Texts that break things: controls, quotes, markup, paths, prototypes, long runs, odd numbers. */
const NASTY = [
	'',
	' ',
	'\0',
	'\r\n',
	'\u2028',
	'\ud800',
	'\ufeff',
	'"',
	'\\',
	'{{ $json.x }}',
	'={{ 1 }}',
	'../../etc/passwd',
	'..',
	'%2e%2e',
	'a/b?c#d',
	'//evil.example',
	'https://evil.example/',
	'@evil.example',
	'__proto__',
	'constructor',
	'prototype',
	'toString',
	'hasOwnProperty',
	'NaN',
	'-0',
	'1e400',
	'1e-400',
	'0x10',
	'9'.repeat(400),
	'0.1',
	'1,000.50',
	'2026-02-30',
	'2026-13-45T99:99:99Z',
	'true',
	'null',
	'[object Object]',
	'a'.repeat(5_000),
	'a!'.repeat(2_000),
	'💸'.repeat(50),
	'-'.repeat(3_000),
	'<html>',
	'Authorization: x',
	'X\r\nInjected: 1',
];

export class Chance {
	readonly next: () => number;

	constructor(seed: number) {
		this.next = seededRandom(seed);
	}

	below(limit: number): number {
		return Math.floor(this.next() * limit);
	}

	one<T>(choices: readonly T[]): T {
		return choices[this.below(choices.length)];
	}

	odds(share: number): boolean {
		return this.next() < share;
	}

	/** A short text, a nasty one, or several of both. */
	text(): string {
		if (this.odds(0.3)) return this.one(NASTY);
		if (this.odds(0.1)) return this.one(NASTY) + this.text();
		let text = '';
		for (let left = this.below(24); left > 0; left--)
			text += this.odds(0.8)
				? String.fromCharCode(32 + this.below(95))
				: String.fromCharCode(this.below(0xffff));
		return text;
	}

	/** Anything that JSON can hold, and a little of what it cannot. */
	value(depth = 3): unknown {
		switch (this.below(depth > 0 ? 10 : 8)) {
			case 0:
				return null;
			case 1:
				return this.odds(0.5);
			case 2:
				return this.below(1e6) - 5e5;
			case 3:
				return this.next() * 10 ** this.below(40);
			case 4:
				return this.one([NaN, Infinity, -0, Number.MAX_SAFE_INTEGER + 2, undefined]);
			case 8:
				return Array.from({ length: this.below(4) }, () => this.value(depth - 1));
			case 9:
				return this.object(depth - 1);
			default:
				return this.text();
		}
	}

	/** An object whose names may be those that pollute prototypes. */
	object(depth = 2, names: readonly string[] = []): Record<string, unknown> {
		const object: Record<string, unknown> = {};
		for (let left = this.below(5); left > 0; left--) {
			const name = names.length > 0 && this.odds(0.6) ? this.one(names) : this.text();
			Object.defineProperty(object, name, {
				value: this.value(depth),
				enumerable: true,
				configurable: true,
				writable: true,
			});
		}
		return object;
	}

	/** A text with some of its characters changed, cut out or doubled. */
	mangle(text: string): string {
		let mangled = text;
		for (let left = this.below(4); left > 0; left--) {
			const at = this.below(mangled.length + 1);
			const end = at + this.below(6);
			mangled =
				mangled.slice(0, at) +
				this.one(['', this.text(), mangled.slice(at, end)]) +
				mangled.slice(end);
		}
		return mangled;
	}
}

import fc, { runs } from '../support/fc';
import { InputError } from '../../nodes/KuvarPay/api/errors';
import { isoDate, unixSeconds } from '../../nodes/KuvarPay/operation/values';

const ZONES = [
	'UTC',
	'Africa/Lagos',
	'Asia/Kathmandu',
	'America/New_York',
	'Pacific/Kiritimati',
	'Pacific/Pago_Pago',
];
const zone = fc.constantFrom(...ZONES);
const moment = fc.date({
	min: new Date('1990-01-01T00:00:00Z'),
	max: new Date('2090-01-01T00:00:00Z'),
	noInvalidDate: true,
});

/** The clock of a zone, as the editor's calendar writes it. */
function wallClock(date: Date, timeZone: string): string {
	const parts = new Intl.DateTimeFormat('en-CA', {
		timeZone,
		hourCycle: 'h23',
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
	}).formatToParts(date);
	const of = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
	return `${of.year}-${of.month}-${of.day}T${of.hour}:${of.minute}:${of.second}`;
}

const convert = (value: unknown, timezone: string) =>
	String(isoDate(value, 'Due Date', { timezone }));

it('means a date without a zone in the time zone of the workflow', () => {
	fc.assert(
		fc.property(moment, zone, (date, timezone) => {
			const clock = wallClock(date, timezone);
			// Where clocks go back an hour comes twice: the text is what has to be the same.
			expect(wallClock(new Date(convert(clock, timezone)), timezone)).toBe(clock);
			expect(convert(clock.replace('T', ' '), timezone)).toBe(convert(clock, timezone));
		}),
	);
});

it('keeps the moment of a date with a zone, and of a date of an expression', () => {
	fc.assert(
		fc.property(moment, zone, fc.integer({ min: -720, max: 840 }), (date, timezone, offset) => {
			const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
			const two = (n: number) => String(Math.trunc(Math.abs(n))).padStart(2, '0');
			const sign = offset < 0 ? '-' : '+';
			const written = `${local}${sign}${two(offset / 60)}:${two(offset % 60)}`;
			for (const value of [date, date.toISOString(), written])
				expect(convert(value, timezone)).toBe(date.toISOString());
		}),
	);
});

it('sends Unix seconds of the same moment', () => {
	fc.assert(
		fc.property(moment, zone, (date, timezone) => {
			const seconds = Math.floor(date.getTime() / 1000);
			expect(unixSeconds(date.toISOString(), 'Expiry', { timezone })).toBe(seconds);
			if (seconds < 1e8) return;
			expect(unixSeconds(seconds, 'Expiry', { timezone })).toBe(seconds);
			expect(unixSeconds(String(seconds), 'Expiry', { timezone })).toBe(seconds);
		}),
	);
});

const written = fc.oneof(
	fc.anything(),
	fc.string(),
	// Nearly a date.
	moment.chain((date) =>
		fc
			.tuple(fc.constant(date.toISOString().slice(0, 10)), fc.string())
			.map(([day, rest]) => day + rest),
	),
	fc
		.tuple(fc.integer({ min: 0, max: 14 }), fc.integer({ min: 0, max: 32 }))
		.map(
			([month, day]) => `2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
		),
);

it.each([isoDate, unixSeconds])('takes nothing else for a date: %p', (converter) => {
	fc.assert(
		fc.property(written, (value) => {
			try {
				const out = converter(value, 'Due Date', { timezone: 'UTC' });
				const read = typeof out === 'number' ? out * 1000 : Date.parse(String(out));
				if (typeof value === 'string' && /^\s*\d{4}-/.test(value)) {
					const day = value.trim().slice(0, 10);
					expect(Math.abs(read - Date.parse(day))).toBeLessThan(48 * 3_600_000);
				}
			} catch (error) {
				expect(error).toBeInstanceOf(InputError);
				expect((error as Error).message).toContain('Due Date');
			}
		}),
		runs(1000),
	);
});

it.each([
	'2026-02-30',
	'2026-12-31 5:00 PM',
	'2026-12-31T25:00:00',
	'2026-12-31T24:00:00',
	'2026-12-31T10',
	'31.12.2026',
	'12/31/2026',
	'tomorrow',
	'5',
	1767225600000,
	true,
	[],
	{},
	new Date(NaN),
])('refuses %p', (value) => {
	expect(() => convert(value, 'Asia/Kathmandu')).toThrow('Due Date must be a date');
	expect(() => unixSeconds(value, 'Expiry', { timezone: 'UTC' })).toThrow('Expiry must be a date');
});

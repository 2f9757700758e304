import { packed } from '../support/packages';
import { alone, random } from './combine';
import { tour } from './tour';
import type { Visit } from './visit';

it('are at least 150, and no two have the same name', () => {
	const worlds = [...alone(), ...random(50, 1)];
	expect(worlds.length).toBeGreaterThanOrEqual(150);
	expect(new Set(worlds.map(({ name }) => name)).size).toBe(worlds.length);
});

it('are drawn the same way for the same seed', () => {
	expect(random(5, 7)).toEqual(random(5, 7));
	expect(random(5, 7)).not.toEqual(random(5, 8));
});

describe('each form of each question alone', () => {
	let visits: Visit[];
	beforeAll(async () => {
		visits = await tour(alone(), { packageDir: packed('newest').packageDir });
	}, 300_000);

	it.each(alone().map(({ name }, index) => [name, index] as const))('%s', (_name, index) => {
		expect(visits[index].failures).toEqual([]);
	});
});

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { NodeHelpers } from 'n8n-workflow';
import type {
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';
import { KuvarPay } from '../../nodes/KuvarPay/KuvarPay.node';
import { KuvarPayTrigger } from '../../nodes/KuvarPay/KuvarPayTrigger.node';
import { KuvarPayWebhookTrigger } from '../../nodes/KuvarPay/KuvarPayWebhookTrigger.node';
import { resources } from '../../nodes/KuvarPay/resources';
import type { Field } from '../../nodes/KuvarPay/operation/types';
import { contextOf } from '../support/context';

const { description } = new KuvarPay();
const NODE = { id: '1', name: 'KuvarPay', type: 'kuvarPay', position: [0, 0] as [number, number] };

interface Placed {
	place: string;
	field: INodeProperties;
	inOptions: boolean;
}

const isField = (option: object): option is INodeProperties => 'type' in option;
const isGroup = (option: object): option is INodePropertyCollection => 'values' in option;

/** Every parameter, those inside of collections and rows too. */
function* fieldsOf(properties: INodeProperties[], path = '', inOptions = false): Generator<Placed> {
	for (const field of properties) {
		const { show } = field.displayOptions ?? {};
		const operation = show?.operation ? `${show.resource}.${show.operation}.` : '';
		const place = `${path}${operation}${field.name}`;
		const deeper = inOptions || field.name === 'options';
		yield { place, field, inOptions: deeper };
		for (const option of field.options ?? []) {
			if (isField(option)) yield* fieldsOf([option], `${place}.`, deeper);
			else if (isGroup(option)) yield* fieldsOf(option.values, `${place}.`, deeper);
		}
	}
}

/** Notices are sentences, and have their own tests below. */
const all = [...fieldsOf(description.properties)].filter(({ field }) => field.type !== 'notice');
const choicesOf = ({ options = [] }: INodeProperties) =>
	options.filter((option): option is INodePropertyOptions => 'value' in option);
const places = (wrong: Placed[]) => wrong.map(({ place }) => place);

/** Every text that a user reads, with its place. */
const texts = [
	...all.flatMap(({ place, field, inOptions }) => [
		{ place, inOptions, text: field.description ?? '' },
		...choicesOf(field).map((choice) => ({
			place: `${place}=${choice.value}`,
			inOptions,
			text: choice.description ?? '',
		})),
	]),
].filter(({ text }) => text !== '');

it('has some hundred parameters to look at', () => {
	expect(all.length).toBeGreaterThan(250);
	expect(texts.length).toBeGreaterThan(250);
});

it('says of every field what it is', () => {
	const selfEvident = ['resource', 'operation', 'options'];
	const containers = ['additionalFields', 'filters', 'updateFields'];
	const wrong = all.filter(
		({ field }) =>
			!field.description &&
			![...selfEvident, ...containers].includes(field.name) &&
			!inMetadata(field),
	);
	expect(places(wrong)).toEqual([]);
});

/** Rows of metadata: Key and Value need no more words. */
const inMetadata = ({ name }: INodeProperties) => ['key', 'value'].includes(name);

it('shows with every text field what one writes there', () => {
	const wrong = all.filter(
		({ field }) =>
			field.type === 'string' && !/^(e\.g\. .+|name@email\.com)$/.test(field.placeholder ?? ''),
	);
	expect(places(wrong)).toEqual([]);
});

it('offers something with every list', () => {
	const wrong = all.filter(
		({ field }) =>
			['options', 'multiOptions'].includes(field.type) &&
			choicesOf(field).length === 0 &&
			!field.typeOptions?.loadOptionsMethod,
	);
	expect(places(wrong)).toEqual([]);
});

it('names a method that exists for every list that is loaded', () => {
	const { methods } = new KuvarPay();
	for (const { field } of all) {
		const { loadOptionsMethod } = field.typeOptions ?? {};
		if (loadOptionsMethod) expect(methods.loadOptions).toHaveProperty(loadOptionsMethod as string);
		for (const { typeOptions } of field.modes ?? [])
			if (typeOptions?.searchListMethod)
				expect(methods.listSearch).toHaveProperty(typeOptions.searchListMethod);
	}
});

it('lets every ID be picked from a list or be typed', () => {
	const locators = all.filter(({ field }) => field.type === 'resourceLocator');
	expect(locators.length).toBeGreaterThan(25);
	for (const { field } of locators)
		expect(
			field.modes?.map(({ name, placeholder = '' }) => [name, placeholder.slice(0, 5)]),
		).toEqual([
			['list', ''],
			['id', 'e.g. '],
		]);
});

it('warns in the first word of what cannot be taken back', () => {
	const operations = resources.flatMap(({ value, operations: own }) =>
		own.map((operation) => ({ id: `${value}.${operation.value}`, text: operation.description })),
	);
	const destructive = operations.filter(({ text }) => text.startsWith('Destructive: '));
	expect(destructive.map(({ id }) => id).sort()).toEqual([
		...['subscription.cancel', 'subscription.confirmCancellation', 'subscription.downgrade'],
		'subscriptionAuthorization.revoke',
	]);
});

it('uses words that a shop owner knows', () => {
	const jargon =
		/\b(idempoten\w*|payload|endpoint|boolean|string|array|param(eter)?s?|null|enum)\b/i;
	const wrong = texts.filter(({ text, inOptions }) => !inOptions && jargon.test(text));
	expect(wrong).toEqual([]);
	const sentences = texts.filter(
		({ text }) => !/^[A-Z"$]/.test(text) || /\s\s|\.\.|\bTODO\b/.test(text),
	);
	expect(sentences).toEqual([]);
});

it('ends a description of one sentence without a point, and of more with one', () => {
	const wrong = texts.filter(({ text }) => {
		const plain = text.replace(/<[^>]+>/g, '').replace(/\be\.g\./g, '');
		return /[.!?] [A-Z0-9]/.test(plain) !== plain.endsWith('.');
	});
	expect(wrong).toEqual([]);
});

const SMALL = ['a', 'an', 'and', 'at', 'by', 'for', 'in', 'of', 'on', 'or', 'per', 'the', 'to'];

it('writes names in title case', () => {
	const names = [
		...all.map(({ place, field }) => ({ place, name: field.displayName })),
		...all.flatMap(({ place, field }) =>
			choicesOf(field).map(({ name }) => ({ place, name: String(name) })),
		),
	];
	const wrong = names.filter(({ name }) =>
		name
			.split(/[ ()]+/)
			.filter(Boolean)
			.some((word, index, words) =>
				// The first and the last word are capitalized whatever they are.
				SMALL.includes(word.toLowerCase()) && index > 0 && index < words.length - 1
					? word !== word.toLowerCase()
					: !/^[A-Z0-9]/.test(word),
			),
	);
	expect(wrong).toEqual([]);
	// n8n wants "ID" and "URL" so.
	expect(names.filter(({ name }) => /\b(Id|Url|Json|Api)\b/.test(name))).toEqual([]);
});

it('sorts what is in collections, resources and operations by name', () => {
	const lists = [
		...all
			.filter(({ field }) => field.type === 'collection')
			.map(({ field }) =>
				(field.options ?? []).map((option) => (option as INodeProperties).displayName),
			),
		...all
			.filter(({ field }) => ['resource', 'operation'].includes(field.name))
			.map(({ field }) => choicesOf(field).map(({ name }) => name)),
	];
	expect(lists.length).toBeGreaterThanOrEqual(40);
	for (const list of lists) expect(list).toEqual([...list].sort());
});

it('can be used by an AI agent as a tool', () => {
	expect(description.usableAsTool).toBe(true);
	for (const { field } of all.filter(({ field: { name } }) => name === 'operation'))
		for (const { name, action, description: text } of choicesOf(field)) {
			expect([name, (text ?? '').length > 10]).toEqual([name, true]);
			expect(action).toMatch(/^[A-Z][a-z]+( [a-z][a-z-]*)*$/);
		}
});

describe('as a tool of an AI agent', () => {
	/** Names of what the editor shows for an operation, options included. */
	const shown = (resource: string, operation: string, name: string) => {
		const values = { resource, operation, options: {} };
		const node = { ...NODE, typeVersion: 1, parameters: values };
		const tool = { ...description, name };
		const visible = (field: INodeProperties, inner: INodeParameters) =>
			NodeHelpers.displayParameter(inner, field, node, tool, values);
		const options = description.properties.find((field) => field.name === 'options')!;
		return [
			...description.properties.filter((field) => visible(field, values)),
			...(options.options as INodeProperties[]).filter((field) => visible(field, {})),
		].map((field) => field.name);
	};
	const hidden = ['concurrency', 'maxRetries', 'pathOverride', 'rawResponse', 'timeout'];

	it('hides what is not for a model, and what a person needs stays', () => {
		const step = shown('invoice', 'create', 'kuvarPay');
		const tool = shown('invoice', 'create', 'kuvarPayTool');
		expect(step.filter((name) => !tool.includes(name))).toEqual(hidden);
		expect(tool).toEqual(expect.arrayContaining(['customerEmail', 'idempotencyKey']));
	});

	it('has a notice on what cannot be taken back and on what takes long, and nowhere else', () => {
		const noticed = resources.flatMap(({ value: resource, operations }) =>
			operations
				.filter(({ value }) => shown(resource, value, 'kuvarPayTool').includes('toolNotice'))
				.map(({ value, description: text }) => [`${resource}.${value}`, text]),
		);
		expect(noticed).toHaveLength(6);
		for (const [id, text] of noticed)
			expect([id, /^Destructive: /.test(text) || id.endsWith('.waitForUpdate')]).toEqual([
				id,
				true,
			]);
		expect(shown('subscription', 'cancel', 'kuvarPay')).not.toContain('toolNotice');
	});
});

it("guides n8n's AI that builds workflows, in words it may show", () => {
	const nodes = [new KuvarPay(), new KuvarPayTrigger(), new KuvarPayWebhookTrigger()];
	const types = nodes.map((node) => `n8n-nodes-kuvarpay.${node.description.name}`);
	for (const { description: node } of nodes) {
		expect(node.builderHint?.searchHint?.length).toBeGreaterThan(100);
		const related = node.builderHint?.relatedNodes?.map(({ nodeType }) => nodeType).sort();
		expect(related).toEqual(types.filter((type) => !type.endsWith(`.${node.name}`)).sort());
	}
	const hinted = all.filter(({ field }) => field.builderHint).map(({ field }) => field.name);
	expect(hinted).toEqual(
		expect.arrayContaining(['amount', 'unitPrice', 'toAmount', 'idempotencyKey', 'capAmount']),
	);
});

describe('hints', () => {
	/** The words of those that are shown; conditions are expressions of n8n. */
	const hintsFor = (parameter: object, items = 1) =>
		description
			.hints!.filter(({ displayCondition }) => {
				const code = displayCondition!.replace(/^=\{\{|\}\}$/g, '');
				const judge = new Function('$parameter', '$rawParameter', '$input', `return ${code}`);
				return judge(parameter, parameter, { all: () => Array(items).fill({}) }) as boolean;
			})
			.map(({ message }) => message);

	it('tell what a wait is good for, and that nothing is paid yet', () => {
		const [wait] = hintsFor({ resource: 'transaction', operation: 'waitForUpdate' });
		expect(wait).toContain('start a workflow with the KuvarPay Trigger');
		const [create] = hintsFor({ resource: 'checkoutSession', operation: 'create' });
		expect(create).toContain('Nothing has been paid yet');
		expect(hintsFor({ resource: 'plan', operation: 'create' })).toEqual([]);
	});

	it('warn of one key for many items', () => {
		const withKey = (idempotencyKey: string) => ({ resource: 'plan', options: { idempotencyKey } });
		expect(hintsFor(withKey('order-1'), 2)).toEqual([expect.stringContaining('one and the same')]);
		expect(hintsFor(withKey('order-1'), 1)).toEqual([]);
		expect(hintsFor(withKey('=order-{{ $json.id }}'), 2)).toEqual([]);
		expect(hintsFor(withKey(''), 2)).toEqual([]);
	});
});

it('has every name once for each operation', () => {
	const seen = new Set<string>();
	for (const field of description.properties) {
		const { resource = [''], operation = [''] } = field.displayOptions?.show ?? {};
		const key = `${resource}.${operation}.${field.name}`;
		expect([key, seen.has(key)]).toEqual([key, false]);
		seen.add(key);
	}
});

describe('to add a field', () => {
	const folder = join(__dirname, '../../nodes/KuvarPay');

	it('takes one entry in its resource: it is shown and sent', async () => {
		await jest.isolateModulesAsync(async () => {
			const { findOperation } = await import('../../nodes/KuvarPay/resources');
			const { plan } = await import('../../nodes/KuvarPay/resources/plan');
			const field: Field = {
				displayName: 'Colour',
				name: 'colour',
				type: 'string',
				default: '',
				send: { as: 'look.colour' },
			};
			plan.operations.find(({ value }) => value === 'create')!.optional!.push(field);

			const { propertiesOf } = await import('../../nodes/KuvarPay/operation/properties');
			expect([...fieldsOf(propertiesOf([plan]))].map(({ place }) => place)).toContain(
				'plan.create.additionalFields.colour',
			);
			const { readWish } = await import('../../nodes/KuvarPay/operation/call');
			const parameters = { name: 'Pro', additionalFields: { colour: 'blue' } };
			const context = contextOf({ resource: 'plan', operation: 'create', ...parameters });
			expect(readWish(context, 0, findOperation).call.body).toEqual({
				name: 'Pro',
				look: { colour: 'blue' },
			});
		});
	});

	it('touches no other file: no resource is over 300 lines, and none is listed twice', () => {
		const files = readdirSync(join(folder, 'resources')).map((file) => ({
			file,
			text: readFileSync(join(folder, 'resources', file), 'utf8'),
		}));
		expect(files.filter(({ text }) => text.split('\n').length > 300)).toEqual([]);
		// Fields of one operation only: their names stand in one file, and nowhere else in the node.
		for (const name of ['bankCode', 'trialPeriodDays', 'walletAddress', 'usageDescription', 'slug'])
			expect(
				files.filter(({ text }) => text.includes(`'${name}'`)).map(({ file }) => [name, file]),
			).toHaveLength(1);
	});
});

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { scripts } from '../../package.json';
import { operations } from '../../scripts/contract';
import { operationsTable } from '../../scripts/operations-table';
import { packed } from '../support/engine';

const root = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('the README', () => {
	it('lists the operations as the built node has them', () => {
		const file = join(packed('newest').packageDir, 'dist/nodes/KuvarPay/KuvarPay.node.js');
		// eslint-disable-next-line @typescript-eslint/no-require-imports
		const { KuvarPay } = require(file) as { KuvarPay: new () => INodeType };
		const table = operationsTable(new KuvarPay().description);
		expect(read('README.md')).toContain(`<!-- operations -->\n\n${table}\n\n<!-- /operations -->`);
		expect(table.match(/`(GET|POST|PATCH|DELETE) /g)).toHaveLength(operations().length);
	});
});

describe.each(['README.md', 'CONTRIBUTING.md', 'docs/architecture.md'])('%s', (file) => {
	const text = read(file);

	it('has no link that leads nowhere', () => {
		const targets = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target);
		const dead = targets.filter((target) => {
			const [path, anchor] = target.split('#');
			const linked = path === '' ? file : join(dirname(file), path);
			return (
				!existsSync(join(root, linked)) || (anchor && !anchorsOf(read(linked)).includes(anchor))
			);
		});
		expect(dead).toEqual([]);
	});

	it('names no command that does not exist', () => {
		const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name);
		expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
	});
});

/** The anchors that GitHub makes of headings. */
function anchorsOf(markdown: string): string[] {
	return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s-]/gu, '')
			.trim()
			.replace(/\s/g, '-'),
	);
}
